/** JSON and times as Go programs write them, for output that is compared byte for byte with Docker's (semantics 6). */

/** Characters that Go's encoder always escapes and JSON.stringify does not. */
const LINE_SEPARATORS = /[\u2028\u2029]/g;
/** JSON.stringify's short forms that Go writes by number. A backslash that is itself escaped does not count. */
const SHORT_ESCAPES = /\\(?:\\|b|f)/g;
const INDENT = '    ';
/** JavaScript puts such keys first in any object, whatever order they were set in. */
const NUMBER_KEY = /^(?:0|[1-9]\d*)$/;

/**
 * Indented by four blanks, as `docker inspect` prints. Keys stay in the order they have; `<`, `>` and `&` stay as they
 * are, as Docker's API leaves them.
 */
export function goJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return scalar(value);
  const inner = indent + INDENT;
  const items = Array.isArray(value)
    ? value.map((item: unknown) => goJson(item, inner))
    : entriesOf(value).map(([key, item]) => `${scalar(key)}: ${goJson(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (items.length === 0) return `${open ?? ''}${close ?? ''}`;
  return `${open ?? ''}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close ?? ''}`;
}

/** Only maps have keys like numbers, never Go's structs; and maps are written in the order of their keys. */
function entriesOf(object: object): [string, unknown][] {
  const entries = Object.entries(object).filter(([, item]) => item !== undefined);
  return entries.some(([key]) => NUMBER_KEY.test(key)) ? entries.sort(([a], [b]) => compareBytes(a, b)) : entries;
}

function scalar(value: unknown): string {
  return JSON.stringify(value)
    .replace(SHORT_ESCAPES, (escape) => (escape === '\\b' ? '\\u0008' : escape === '\\f' ? '\\u000c' : escape))
    .replace(LINE_SEPARATORS, unicodeEscape);
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The time as Go's RFC3339Nano prints it: no zeros at the end of the fraction, `Z` for an offset of nothing. */
export function goTime(time: string): string {
  const [, seconds = time, fraction = '', zone = ''] = /^([^.,Z+]+?)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  const digits = fraction.slice(0, 9).replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}${/^[+-]00:00$/.test(zone) ? 'Z' : zone}`;
}

/** A copy with the keys in Go's order for maps: by their bytes. `goJson` sees to keys that look like numbers. */
export function sortedMap<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  const sorted = Object.create(null) as Record<string, T>;
  for (const [key, value] of Object.entries(map).sort(([a], [b]) => compareBytes(a, b))) sorted[key] = value;
  return sorted;
}

function compareBytes(a: string, b: string): number {
  return Buffer.from(a).compare(Buffer.from(b));
}

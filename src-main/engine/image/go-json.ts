/** JSON and times as Go programs write them, for output that is compared byte for byte with Docker's (semantics 6). */

/** Characters that Go's encoder always escapes and JSON.stringify does not. */
const LINE_SEPARATORS = /[\u2028\u2029]/g;
const HTML = /[<>&]/g;
/** JSON.stringify's short forms that Go writes by number. A backslash that is itself escaped does not count. */
const SHORT_ESCAPES = /\\(?:\\|b|f)/g;

export interface GoJsonOptions {
  /** Also escape `<`, `>` and `&`, as Go does unless told otherwise. */
  readonly escapeHtml?: boolean | undefined;
}

/** Indented by four blanks, as `docker inspect` prints; keys stay in the order they have. */
export function goJson(value: unknown, options: GoJsonOptions = {}): string {
  const text = JSON.stringify(value, undefined, 4)
    .replace(SHORT_ESCAPES, (escape) => (escape === '\\b' ? '\\u0008' : escape === '\\f' ? '\\u000c' : escape))
    .replace(LINE_SEPARATORS, unicodeEscape);
  return options.escapeHtml === true ? text.replace(HTML, unicodeEscape) : text;
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

/** A copy with the keys in Go's order for maps: by their bytes. */
export function sortedMap<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  const sorted = Object.create(null) as Record<string, T>;
  const entries = Object.entries(map).map(([key, value]) => ({ key, bytes: Buffer.from(key), value }));
  entries.sort((a, b) => a.bytes.compare(b.bytes));
  // Keys that look like numbers come first in any object of JavaScript; there is no other way to keep it plain data.
  for (const { key, value } of entries) sorted[key] = value;
  return sorted;
}

/**
 * The filter language of the file tree. Terms are separated by spaces and all must hold; quotes keep a space in a term.
 *
 * - `text`: the name contains it, in any case. With a `/`: the whole path from `/` on does.
 * - a pattern with `*` or `?`: the whole name matches it. With a `/`: the whole path from the root on does, where `**` is
 *   any number of directories (`lib/**` is all of lib).
 * - `layer:3`, `layer:>=3`: number of the layer that wrote what is shown, counted from 1.
 * - `size:>10M`, `size:<=4k`, `size:0`: bytes; k, M, G, T are powers of 1000, Ki, Mi, Gi, Ti of 1024. Directories are
 *   only compared when a `type:` term asks for types.
 * - `type:dir`: file, dir, symlink, char, block, fifo, or the beginning of one of these.
 * - `changed:`: what has a mark; `changed:A`, `changed:M`, `changed:D`: what has this one.
 *
 * A term that is not finished (`size:>`) holds for everything, so that the tree does not empty while one is typed;
 * anything else with a colon is text.
 */
import type { ChangeMark } from './types';
import { nameMatcher, pathMatcher, type PathTest } from './wildcard';

interface NumberTest {
  (value: number): boolean;
}

export interface Filter {
  /** On the name in lower case. */
  readonly names: readonly ((name: string) => boolean)[];
  /** On the path in lower case: a slash before each name. */
  readonly paths: readonly ((path: string) => boolean)[];
  /** On the names of a path in lower case, the root's child first. */
  readonly patterns: readonly PathTest[];
  /** On the layer's number, from 1. */
  readonly layers: readonly NumberTest[];
  readonly sizes: readonly NumberTest[];
  /** Beginnings of types. */
  readonly types: readonly string[];
  readonly changes: readonly (ChangeMark | 'any')[];
}

type Building = { readonly [K in keyof Filter]: Filter[K][number][] };

/** @returns undefined when the text asks for nothing */
export function parseFilter(text: string): Filter | undefined {
  const filter: Building = { names: [], paths: [], patterns: [], layers: [], sizes: [], types: [], changes: [] };
  for (const term of termsOf(text)) addTerm(filter, term.toLowerCase());
  return Object.values(filter).some((terms: readonly unknown[]) => terms.length > 0) ? filter : undefined;
}

function termsOf(text: string): string[] {
  const terms = text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return terms.map((term) => term.replaceAll('"', '')).filter((term) => term !== '');
}

function addTerm(filter: Building, term: string): void {
  const [, key = '', value = ''] = /^([a-z]+):(.*)$/s.exec(term) ?? [];
  switch (key) {
    case 'layer':
      addNumber(filter.layers, filter, term, value);
      return;
    case 'size':
      addNumber(filter.sizes, filter, term, value);
      return;
    case 'type':
      if (value !== '') filter.types.push(value);
      return;
    case 'changed':
      filter.changes.push(changeOf(value));
      return;
    default:
      addText(filter, term);
  }
}

const CHANGES: ReadonlyMap<string, ChangeMark> = new Map([
  ['a', 'A'],
  ['m', 'M'],
  ['d', 'D'],
]);

function changeOf(value: string): ChangeMark | 'any' {
  return CHANGES.get(value.slice(0, 1)) ?? 'any';
}

function addText(filter: Building, term: string): void {
  const isPattern = /[*?]/.test(term);
  if (!term.includes('/')) {
    filter.names.push(isPattern ? nameMatcher(term) : (name) => name.includes(term));
  } else if (isPattern) {
    filter.patterns.push(pathMatcher(term));
  } else filter.paths.push((path) => path.includes(term));
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ...['k', 'm', 'g', 't'].flatMap((unit, i): [string, number][] => [
    [unit, 1000 ** (i + 1)],
    [`${unit}i`, 1024 ** (i + 1)],
  ]),
]);

function addNumber(tests: NumberTest[], filter: Building, term: string, value: string): void {
  if (/^[<>]?=?$/.test(value)) return;
  const [, operator = '', digits = '', unit = ''] = /^([<>]?=?)(\d+(?:\.\d*)?)([kmgt]?i?)b?$/.exec(value) ?? [];
  const factor = UNITS.get(unit);
  if (digits === '' || factor === undefined) addText(filter, term);
  else tests.push(numberTest(operator, Number(digits) * factor));
}

function numberTest(operator: string, bound: number): NumberTest {
  switch (operator) {
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    default:
      return (value) => value === bound;
  }
}

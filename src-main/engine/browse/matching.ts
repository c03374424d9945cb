/** Finds what a filter matches in a projection, and the parents that lead there. */
import type { Filter } from './filter';
import type { Projection } from './projection';
import { Role } from './role';
import type { ChangeMark } from './types';

export interface Matches {
  /** 1 for what has a row: matches and their parents, or everything listed without a filter. */
  readonly kept: Uint8Array;
  /** 1 for what has a row below it. */
  readonly parents: Uint8Array;
  /** Undefined without a filter. */
  readonly count: number | undefined;
}

export function matchesOf(
  projection: Projection,
  filter: Filter | undefined,
  markAt: (position: number) => ChangeMark | undefined,
): Matches {
  const { layout, listed } = projection;
  const kept = new Uint8Array(listed.length);
  const parents = new Uint8Array(listed.length);
  const matches = filter === undefined ? undefined : filterTest(projection, filter, markAt);
  let count = 0;
  for (let i = 1; i < listed.length; i++) {
    if (listed[i] === 0 || matches?.(i) === false) continue;
    kept[i] = 1;
    count++;
  }
  for (let i = listed.length - 1; i > 0; i--) {
    if (kept[i] === 0) continue;
    const above = layout.parent[i] ?? 0;
    kept[above] = 1;
    parents[above] = 1;
  }
  return { kept, parents, count: filter === undefined ? undefined : count };
}

type Test = (position: number) => boolean;

/** Cheap terms first: a mark needs states, which are read from the layers. */
function filterTest(projection: Projection, filter: Filter, markAt: (i: number) => ChangeMark | undefined): Test {
  const { layout, versions, totals, options } = projection;
  const names = layout.foldedNames;
  const tests: Test[] = [];
  for (const matches of filter.names) tests.push((i) => matches(names[i] ?? ''));
  for (const matches of filter.layers) tests.push((i) => matches((versions[i]?.layer ?? options.layer) + 1));
  for (const prefix of filter.types) tests.push((i) => typeAt(projection, i).startsWith(prefix));
  for (const matches of filter.sizes) {
    tests.push((i) => {
      if (typeAt(projection, i) !== 'dir') return matches(versions[i]?.size ?? 0);
      return filter.types.length > 0 && matches(totals.bytes[i] ?? 0);
    });
  }
  const namesAt = pathReader(projection);
  for (const matches of filter.patterns) tests.push((i) => matches(namesAt(i)));
  for (const matches of filter.paths) tests.push((i) => matches(`/${namesAt(i).join('/')}`));
  for (const change of filter.changes) {
    tests.push((i) => {
      const mark = markAt(i);
      return mark !== undefined && (change === 'any' || change === mark);
    });
  }
  return (i) => tests.every((test) => test(i));
}

/** Of what has no version: a directory if it leads to something, otherwise a whiteout, which is a file. */
export function typeAt({ versions, roles }: Projection, position: number): NonNullable<(typeof versions)[0]>['type'] {
  return versions[position]?.type ?? (roles[position] === Role.CONTEXT ? 'dir' : 'file');
}

/**
 * The names that lead to a position, in lower case. Asked for in the order of positions, it only replaces what differs
 * from the path before; the array is the same each time.
 */
function pathReader({ layout }: Projection): (position: number) => readonly string[] {
  const { foldedNames, depth, parent } = layout;
  const names: string[] = [];
  const known: number[] = [];
  return (position) => {
    for (let at = position; at > 0; at = parent[at] ?? 0) {
      const level = depth[at] ?? 0;
      if (known[level] === at) break;
      known[level] = at;
      names[level] = foldedNames[at] ?? '';
    }
    names.length = known.length = (depth[position] ?? 0) + 1;
    return names;
  };
}

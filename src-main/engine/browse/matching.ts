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
  if (filter.paths.length > 0) {
    const pathAt = pathReader(projection);
    for (const matches of filter.paths) tests.push((i) => matches(pathAt(i)));
  }
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

/** Paths in lower case, asked for in order of positions: the parents of the last path are kept, and no more. */
function pathReader({ layout: { foldedNames, depth, parent } }: Projection): (position: number) => string {
  const prefixes: string[] = [''];
  const known: number[] = [0];
  const prefixOf = (position: number): string => {
    const level = (depth[position] ?? 0) + 1;
    if (known[level] !== position) {
      prefixes[level] = `${prefixes[level - 1] ?? ''}/${foldedNames[position] ?? ''}`;
      known[level] = position;
    }
    return prefixes[level] ?? '';
  };
  return (position) => {
    const missing: number[] = [];
    for (let above = position; known[(depth[above] ?? 0) + 1] !== above; above = parent[above] ?? 0)
      missing.push(above);
    for (let next = missing.pop(); next !== undefined; next = missing.pop()) prefixOf(next);
    return prefixOf(position);
  };
}

/** The order of siblings. */
import type { Projection } from './projection';
import { typeAt } from './matching';
import type { SortKey, TreeOptions } from './types';

export type Comparator = (a: number, b: number) => number;

/** @returns undefined for the order that positions have anyway: names, byte for byte, ascending */
export function comparatorOf(projection: Projection, { by, descending }: TreeOptions['sort']): Comparator | undefined {
  const direction = descending ? -1 : 1;
  if (by === 'name') return descending ? (a, b) => b - a : undefined;
  const key = keyReader(projection, by);
  return (a, b) => direction * (key(a) - key(b)) || a - b;
}

/** Keys are read when a directory is opened and kept: some stand in the layers' indexes only. */
function keyReader(projection: Projection, by: Exclude<SortKey, 'name'>): (position: number) => number {
  const known = new Float64Array(projection.roles.length).fill(Number.NaN);
  return (position) => {
    const key = known[position] ?? Number.NaN;
    if (!Number.isNaN(key)) return key;
    return (known[position] = keyOf(projection, by, position));
  };
}

function keyOf(projection: Projection, by: Exclude<SortKey, 'name'>, position: number): number {
  const version = projection.versions[position];
  switch (by) {
    case 'size':
      return sizeAt(projection, position);
    case 'layer':
      return version?.layer ?? projection.options.layer;
    case 'mode':
      return version?.state.mode ?? 0;
    case 'owner':
      return (version?.state.uid ?? 0) * 2 ** 32 + (version?.state.gid ?? 0);
    case 'mtime':
      return version === undefined ? 0 : version.state.mtime.sec + version.state.mtime.nsec / 1e9;
  }
}

/** The size that a row shows. */
export function sizeAt(projection: Projection, position: number): number {
  const { totals, versions } = projection;
  return typeAt(projection, position) === 'dir' ? (totals.bytes[position] ?? 0) : (versions[position]?.size ?? 0);
}

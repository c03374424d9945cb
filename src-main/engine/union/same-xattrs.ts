import type { Xattrs } from '../layer/entry';

/** The same names with the same bytes. */
export function sameXattrs(a: Xattrs, b: Xattrs): boolean {
  if (a.size !== b.size) return false;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other?.length !== value.length || !value.every((byte, i) => byte === other[i])) return false;
  }
  return true;
}

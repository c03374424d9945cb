/** How many bytes and files lie below each position of a projection. */
import type { Version } from '../union/types';
import type { TreeLayout } from './layout';
import { Role } from './role';

export interface Totals {
  /** Bytes at and below each position; each hard-linked object counts once wherever it is counted. */
  readonly bytes: Float64Array;
  /** Live paths in the whole projection that are no directories. */
  readonly files: number;
}

type Versions = readonly (Version | undefined)[];

/** Live content adds up in live directories, ghosts in ghosts: what is gone never makes a directory look larger. */
export function addUp(layout: TreeLayout, roles: Uint8Array, versions: Versions): Totals {
  const { parent } = layout;
  const bytes = new Float64Array(roles.length);
  let files = 0;
  takeBackRepeats(layout, roles, versions, bytes);
  for (let i = roles.length - 1; i > 0; i--) {
    const role = roles[i];
    const version = versions[i];
    if (role === Role.LIVE && version !== undefined && version.type !== 'dir') files++;
    if (version !== undefined && role !== Role.CONTEXT) bytes[i] = (bytes[i] ?? 0) + version.size;
    const above = parent[i] ?? 0;
    if ((role === Role.GHOST) === (roles[above] === Role.GHOST)) bytes[above] = (bytes[above] ?? 0) + (bytes[i] ?? 0);
  }
  return { bytes, files };
}

/**
 * An object of n names is added n times below their common parents. Taking it back once where the paths of each two
 * neighbouring names meet leaves one time everywhere.
 */
function takeBackRepeats(layout: TreeLayout, roles: Uint8Array, versions: Versions, bytes: Float64Array): void {
  const lastName = new Map<string, number>();
  versions.forEach((version, i) => {
    const role = roles[i];
    if (version?.hardlinked !== true || version.size === 0 || (role !== Role.LIVE && role !== Role.GHOST)) return;
    const object = `${role} ${version.inode}`;
    const before = lastName.get(object);
    lastName.set(object, i);
    if (before === undefined) return;
    const meeting = commonParent(layout, before, i);
    if ((role === Role.GHOST) === (roles[meeting] === Role.GHOST)) {
      bytes[meeting] = (bytes[meeting] ?? 0) - version.size;
    }
  });
}

function commonParent({ parent, end }: TreeLayout, a: number, b: number): number {
  let above = parent[a] ?? 0;
  while (above > 0 && b >= (end[above] ?? 0)) above = parent[above] ?? 0;
  return above;
}

/**
 * What `docker diff` prints for the container (semantics 2.4): the two trees compared, not the container layer listed.
 * Docker's rules decide what counts as changed (moby go-archive changes.go `addChanges`, `statDifferent`), so a
 * directory that only has a new time is not in here although a commit writes it.
 */
import { componentsOf, parentOf, ROOT, type LayerPath } from '../path/layer-path';
import type { Timestamp } from '../layer/entry';
import type { FileState } from '../union/types';
import type { MergedView } from './merged-view';
import type { Change, ChangeKind } from './types';
import { WHITEOUT, type UpperObject } from './upper';

const CAPABILITY = 'security.capability';

/** All changes; a directory comes before what is in it, siblings in byte order. */
export function changesOf(view: MergedView): Change[] {
  const kinds = new Map<LayerPath, ChangeKind>();
  for (const { path, node } of view.upper.walk()) {
    const state = view.lowerState(path);
    if (node === WHITEOUT) {
      if (state !== undefined) kinds.set(path, 'D');
    } else if (state === undefined) kinds.set(path, 'A');
    else if (differs(state, node)) kinds.set(path, 'C');
  }
  for (const path of [...kinds.keys()]) {
    for (let above = parentOf(path); above !== ROOT && !kinds.has(above); above = parentOf(above))
      kinds.set(above, 'C');
  }
  return [...kinds]
    .map(([path, kind]) => ({ kind, path, components: componentsOf(path) }))
    .sort((a, b) => compareComponents(a.components, b.components))
    .map(({ kind, path }) => ({ kind, path }));
}

function differs(before: FileState, after: UpperObject): boolean {
  if (before.type !== after.type || before.mode !== after.mode) return true;
  if (before.uid !== after.uid || before.gid !== after.gid) return true;
  if (before.devMajor !== after.devMajor || before.devMinor !== after.devMinor) return true;
  if (!sameBytes(before.xattrs.get(CAPABILITY), after.xattrs.get(CAPABILITY))) return true;
  if (before.type === 'dir') return false;
  return sizeOf(before) !== sizeOfObject(after) || !sameTime(before.mtime, after.mtime);
}

function sizeOf(state: FileState): number {
  return state.type === 'symlink' ? state.linkname.length : state.size;
}

function sizeOfObject(object: UpperObject): number {
  return object.type === 'symlink' ? object.linkname.length : (object.content?.size ?? 0);
}

/** Times that went through a tar have no nanoseconds: either side without them is compared by the second. */
function sameTime(a: Timestamp, b: Timestamp): boolean {
  return a.sec === b.sec && (a.nsec === b.nsec || a.nsec === 0 || b.nsec === 0);
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

function compareComponents(a: readonly string[], b: readonly string[]): number {
  for (const [position, name] of a.entries()) {
    const other = b[position];
    if (other === undefined) return 1;
    if (name !== other) return name < other ? -1 : 1;
  }
  return a.length - b.length;
}

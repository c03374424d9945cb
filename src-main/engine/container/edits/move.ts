import { LaminaError } from '../../errors';
import { isWithin, pathToText, ROOT, type LayerPath } from '../../path/layer-path';
import type { Draft } from '../draft';
import { notDirectoryError, type Placed, type Seen } from '../merged-view';
import { existsError, isDirectoryError, resolveNew, rootError } from './new-object';

/**
 * Like rename(2), to exactly `to`: a non-directory replaces a non-directory, a directory replaces an empty one. A
 * directory of the image moves as the copy that `mv` makes on an overlay (semantics 2.1 rule 6), without reading it.
 * @throws LaminaError PATH_NOT_FOUND, PATH_NOT_DIRECTORY, PATH_IS_DIRECTORY, PATH_EXISTS for a directory that is not
 * empty, PATH_RESERVED, INVALID_ARGUMENT for the root and for a directory into itself
 */
export function movePath(draft: Draft, from: LayerPath, to: LayerPath): void {
  if (from === ROOT) throw rootError('be moved');
  const source = draft.view.require(from);
  const target = resolveNew(draft.view, to);
  if (source.path === target.path) return;
  if (isWithin(target.path, source.path)) {
    throw new LaminaError('INVALID_ARGUMENT', `${pathToText(from)} cannot be moved into itself.`, {
      subject: pathToText(to),
    });
  }
  if (target.seen !== undefined) {
    // Two names of one object: rename(2) does nothing.
    const { linkGroup } = source.seen.object;
    if (linkGroup !== 0 && linkGroup === target.seen.object.linkGroup) return;
    checkReplaces(draft, source.seen, { path: target.path, seen: target.seen });
  }
  const subtree: Placed[] = [source, ...(isDirectory(source.seen) ? draft.view.walk(source.path) : [])];
  const moved = keepLinks(draft, subtree);
  draft.erase(source.path);
  if (target.seen !== undefined) draft.erase(target.path);
  for (const { path, seen } of moved) draft.place(within(target.path, source.path, path), seen.object);
  // Placing children touched the directories; a move leaves their times alone.
  for (const { path, seen } of moved)
    if (isDirectory(seen)) draft.update(within(target.path, source.path, path), seen.object);
}

function isDirectory(seen: Seen): boolean {
  return seen.object.type === 'dir';
}

function within(target: LayerPath, source: LayerPath, path: LayerPath): LayerPath {
  return `${target}${path.slice(source.length)}` as LayerPath;
}

function checkReplaces(draft: Draft, source: Seen, target: Placed): void {
  if (isDirectory(source)) {
    if (!isDirectory(target.seen)) throw notDirectoryError(target.path);
    if (draft.view.namesIn(target.path).length > 0) throw existsError(target.path);
  } else if (isDirectory(target.seen)) throw isDirectoryError(target.path);
}

/** Names that are hard links of each other in the image stay so when they move together, as under `mv`. */
function keepLinks(draft: Draft, subtree: readonly Placed[]): Placed[] {
  const namesOf = new Map<number, number>();
  for (const { seen } of subtree)
    if (isLinkable(seen)) namesOf.set(seen.lowerInode, (namesOf.get(seen.lowerInode) ?? 0) + 1);
  const groups = new Map<number, number>();
  return subtree.map((placed) => {
    const { path, seen } = placed;
    if (!isLinkable(seen) || namesOf.get(seen.lowerInode) === 1) return placed;
    const linkGroup = groups.get(seen.lowerInode) ?? draft.view.upper.newGroup();
    groups.set(seen.lowerInode, linkGroup);
    return { path, seen: { ...seen, object: { ...seen.object, linkGroup } } };
  });
}

function isLinkable(seen: Seen): seen is Seen & { readonly lowerInode: number } {
  return seen.lowerInode !== undefined && !isDirectory(seen);
}

import { ROOT, type LayerPath } from '../../path/layer-path';
import type { Draft } from '../draft';
import type { StagedItem } from '../host-tree';
import { notDirectoryError } from '../merged-view';
import type { UpperObject } from '../upper';
import { checkNewName, checkTarget, isDirectoryError, newObject, resolveNew } from './new-object';

/**
 * Puts a tree of the host at exactly `path`. A directory that is there already keeps its attributes and gets the new
 * children; a non-directory is replaced, a symlink itself too.
 * @throws LaminaError PATH_NOT_FOUND, PATH_NOT_DIRECTORY, PATH_IS_DIRECTORY, PATH_RESERVED, INVALID_ARGUMENT
 */
export function addTree(draft: Draft, items: readonly StagedItem[], path: LayerPath): void {
  const top = path === ROOT ? ROOT : resolveNew(draft.view, path).path;
  const groups = new Map<string, number>();
  const madeDirectories = new Map<LayerPath, UpperObject>();
  for (const item of items) {
    const place = placeOf(top, item);
    if (place !== ROOT) checkNewName(place);
    const there = draft.view.at(place)?.object;
    if (item.type === 'dir' && there?.type === 'dir') continue;
    if (there?.type === 'dir') throw isDirectoryError(place);
    if (item.type === 'dir' && there !== undefined) throw notDirectoryError(place);
    const object = objectOf(draft, item, { place, groups });
    draft.place(place, object);
    if (object.type === 'dir') madeDirectories.set(place, object);
  }
  // Their children touched them; the host's times are the ones to keep.
  for (const [place, object] of madeDirectories) draft.update(place, object);
}

function placeOf(top: LayerPath, { name }: StagedItem): LayerPath {
  if (name === '') return top;
  return (top === ROOT ? name : `${top}/${name}`) as LayerPath;
}

function objectOf(
  draft: Draft,
  item: StagedItem,
  { place, groups }: { readonly place: LayerPath; readonly groups: Map<string, number> },
): UpperObject {
  const { type, mode, mtime, target, content, linkKey } = item;
  if (type === 'symlink') checkTarget(target, place);
  const object = newObject(draft, place, {
    ...{ type, mode, linkname: target },
    ...(content === undefined
      ? {}
      : { content: { from: 'container', sha256: content.sha256, size: content.size } as const }),
  });
  let linkGroup = linkKey === undefined ? 0 : groups.get(linkKey);
  if (linkKey !== undefined && linkGroup === undefined) groups.set(linkKey, (linkGroup = draft.view.upper.newGroup()));
  return { ...object, mode, uid: 0, gid: 0, mtime, linkGroup: linkGroup ?? 0 };
}

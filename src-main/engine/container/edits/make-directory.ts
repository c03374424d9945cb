import { componentsOf, joinPath, ROOT, type LayerPath } from '../../path/layer-path';
import type { Draft } from '../draft';
import { notDirectoryError } from '../merged-view';
import { checkNewName, existsError, newObject, resolveNew } from './new-object';

const MODE = 0o755;

/**
 * Like mkdir(2), or with `parents` like `mkdir -p`: existing directories, and symlinks to them, are fine then.
 * @throws LaminaError PATH_NOT_FOUND, PATH_NOT_DIRECTORY, PATH_EXISTS, PATH_RESERVED, INVALID_ARGUMENT
 */
export function makeDirectory(draft: Draft, path: LayerPath, options: { readonly parents?: boolean } = {}): void {
  if (options.parents === true) {
    makeWithParents(draft, path);
    return;
  }
  if (path === ROOT) throw existsError(path);
  const { path: place, seen } = resolveNew(draft.view, path);
  if (seen !== undefined) throw existsError(path);
  draft.place(place, newObject(draft, place, { type: 'dir', mode: MODE }));
}

function makeWithParents(draft: Draft, path: LayerPath): void {
  let made = ROOT;
  for (const name of componentsOf(path)) {
    made = joinPath(made, name);
    const { path: place, seen } = draft.view.resolve(made, { followLast: true });
    if (seen?.object.type === 'dir') continue;
    if (seen !== undefined) throw made === path ? existsError(path) : notDirectoryError(made);
    // A symlink that leads nowhere is in the way: mkdir(2) does not follow it.
    if (draft.view.resolve(made).seen !== undefined) throw existsError(made);
    checkNewName(place);
    draft.place(place, newObject(draft, place, { type: 'dir', mode: MODE }));
  }
}

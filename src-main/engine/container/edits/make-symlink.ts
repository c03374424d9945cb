import type { ByteString } from '../../path/byte-string';
import type { LayerPath } from '../../path/layer-path';
import type { Draft } from '../draft';
import { checkTarget, existsError, newObject, resolveNew } from './new-object';

/**
 * Makes a symbolic link; the target is kept byte for byte and need not exist.
 * @throws LaminaError PATH_EXISTS, PATH_NOT_FOUND, PATH_NOT_DIRECTORY, PATH_RESERVED, INVALID_ARGUMENT
 */
export function makeSymlink(draft: Draft, target: ByteString, path: LayerPath): void {
  checkTarget(target, path);
  const { path: place, seen } = resolveNew(draft.view, path);
  if (seen !== undefined) throw existsError(path);
  draft.place(place, newObject(draft, place, { type: 'symlink', mode: 0o777, linkname: target }));
}

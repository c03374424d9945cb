import { ROOT, type LayerPath } from '../../path/layer-path';
import type { Draft } from '../draft';
import { rootError } from './new-object';

/**
 * Removes a file, or a directory with everything in it; a symlink itself, not what it points at.
 * @throws LaminaError PATH_NOT_FOUND, PATH_NOT_DIRECTORY, INVALID_ARGUMENT for the root
 */
export function removePath(draft: Draft, path: LayerPath): void {
  if (path === ROOT) throw rootError('be removed');
  draft.erase(draft.view.require(path).path);
}

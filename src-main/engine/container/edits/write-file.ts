import { LaminaError } from '../../errors';
import { pathToText, type LayerPath } from '../../path/layer-path';
import type { Draft } from '../draft';
import type { UpperContent } from '../upper';
import { checkNewName, isDirectoryError, newObject, rootError, withoutCapability } from './new-object';

/**
 * Gives a file its content, like open(2) with O_CREAT and O_TRUNC: a symlink in the last component is followed inside
 * the root; an existing file keeps its attributes, all but its capabilities; a new one is 0644.
 * @throws LaminaError PATH_NOT_FOUND, PATH_NOT_DIRECTORY, PATH_IS_DIRECTORY, PATH_RESERVED, INVALID_ARGUMENT
 */
export function writeFile(draft: Draft, path: LayerPath, content: UpperContent): void {
  if (path === '') throw rootError('be written to');
  const { path: place, seen } = draft.view.resolve(path, { followLast: true });
  if (seen === undefined) {
    checkNewName(place);
    draft.place(place, newObject(draft, place, { type: 'file', mode: 0o644, content }));
    return;
  }
  if (seen.object.type === 'dir') throw isDirectoryError(place);
  if (seen.object.type !== 'file') {
    throw new LaminaError('INVALID_ARGUMENT', `${pathToText(place)} is a device or a pipe and holds no content.`, {
      subject: pathToText(place),
      hint: 'Remove it first to put a regular file in its place.',
    });
  }
  draft.update(place, withoutCapability({ ...seen.object, content, mtime: draft.time }));
}

import { LaminaError } from '../../errors';
import { pathToText, ROOT, type LayerPath } from '../../path/layer-path';
import type { Draft } from '../draft';
import type { Placed } from '../merged-view';
import type { AttributeChange } from '../types';
import type { UpperObject } from '../upper';
import { rootError, withoutCapability } from './new-object';

/** 2^32−1 means “no change” to chown(2) (semantics rule 60). */
const MAX_ID = 0xffff_fffe;
const SET_USER_ID = 0o4000;
const SET_GROUP_ID = 0o2000;
const GROUP_EXECUTE = 0o010;

/**
 * chown(2), then chmod(2), of a path itself (symlinks are not followed) or, with `recursive`, of everything below it
 * as well. Symlinks have an owner and no mode. Times stay.
 * @throws LaminaError PATH_NOT_FOUND, PATH_NOT_DIRECTORY, INVALID_ARGUMENT for values that do not exist, for the root
 * (its attributes are in no layer; with `recursive` what is below it changes) and for the mode of a symlink
 */
export function setAttributes(
  draft: Draft,
  path: LayerPath,
  change: AttributeChange & { readonly recursive?: boolean | undefined },
): void {
  checkChange(change);
  const top = draft.view.require(path);
  const recursive = change.recursive === true && top.seen.object.type === 'dir';
  if (top.path === ROOT && !recursive) throw rootError('change its attributes: no layer carries them');
  if (top.seen.object.type === 'symlink' && change.mode !== undefined) {
    throw new LaminaError('INVALID_ARGUMENT', `${pathToText(path)} is a symbolic link and has no mode of its own.`, {
      subject: pathToText(path),
      hint: 'Change the mode of the file that it points at.',
    });
  }
  const places: Placed[] = top.path === ROOT ? [] : [top];
  if (recursive) for (const placed of draft.view.walk(top.path)) places.push(placed);
  for (const { path: place } of places) {
    // Looked at again: an earlier step may have changed it under another of its names.
    const object = draft.view.at(place)?.object;
    if (object === undefined) continue;
    const changed = changedObject(object, change);
    if (changed !== object) draft.update(place, changed);
  }
}

function checkChange({ mode, uid, gid }: AttributeChange): void {
  const fits = (value: number | undefined, limit: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= 0 && value <= limit);
  if (fits(mode, 0o7777) && fits(uid, MAX_ID) && fits(gid, MAX_ID)) return;
  throw new LaminaError('INVALID_ARGUMENT', 'A mode is 0 to 7777 (octal), a user or group id 0 to 4294967294.');
}

function changedObject(object: UpperObject, { mode, uid, gid }: AttributeChange): UpperObject {
  let changed = object;
  if (uid !== undefined || gid !== undefined) {
    changed = withoutCapability({ ...changed, uid: uid ?? changed.uid, gid: gid ?? changed.gid });
    changed = { ...changed, mode: modeAfterChown(changed) };
  }
  if (mode !== undefined && object.type !== 'symlink') changed = { ...changed, mode };
  const same = changed.mode === object.mode && changed.uid === object.uid && changed.gid === object.gid;
  return same && changed.xattrs.size === object.xattrs.size ? object : changed;
}

/** Linux clears set-user-ID, and set-group-ID of an executable, on every chown of a non-directory, for root as well. */
function modeAfterChown({ type, mode }: UpperObject): number {
  if (type === 'dir' || type === 'symlink') return mode;
  const cleared = mode & ~SET_USER_ID;
  return (mode & GROUP_EXECUTE) === 0 ? cleared : cleared & ~SET_GROUP_ID;
}

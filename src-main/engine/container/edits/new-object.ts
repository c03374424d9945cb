/** Objects that an edit creates, and what their names may be. */
import { LaminaError } from '../../errors';
import { fromText, type ByteString } from '../../path/byte-string';
import { baseNameOf, parentOf, pathToText, ROOT, WHITEOUT_PREFIX, type LayerPath } from '../../path/layer-path';
import type { Draft } from '../draft';
import { notDirectoryError, type MergedView, type Resolved } from '../merged-view';
import type { UpperContent, UpperObject } from '../upper';

/** NAME_MAX of Linux (semantics rule 56). */
const MAX_NAME_BYTES = 255;
/** PATH_MAX without its NUL: the longest target that Linux accepts (rule 43). */
const MAX_TARGET_BYTES = 4_095;
const SET_GROUP_ID = 0o2000;
/** Linux drops it when content or owner changes, for root as well. */
const CAPABILITY = 'security.capability';

/**
 * @throws LaminaError PATH_RESERVED for a name that layers use for whiteouts, INVALID_ARGUMENT for one that no Linux
 * filesystem can hold
 */
export function checkNewName(path: LayerPath): void {
  const name = baseNameOf(path);
  const subject = pathToText(path);
  if (name.startsWith(WHITEOUT_PREFIX)) {
    throw new LaminaError('PATH_RESERVED', `A name cannot start with “.wh.”, as that of ${subject} does.`, {
      subject,
      hint: 'Layers mark deleted files with such names (image-spec layer.md, “Whiteouts”). Choose another name.',
    });
  }
  if (name === '' || name === '.' || name === '..' || name.includes('\0') || name.length > MAX_NAME_BYTES) {
    throw new LaminaError('INVALID_ARGUMENT', `${subject} cannot be the name of a file.`, {
      subject,
      hint: `A name has 1 to ${MAX_NAME_BYTES} bytes, no NUL character, and is neither “.” nor “..”.`,
    });
  }
}

/** @throws LaminaError INVALID_ARGUMENT for a target that symlink(2) refuses */
export function checkTarget(target: ByteString, path: LayerPath): void {
  if (target !== '' && !target.includes('\0') && target.length <= MAX_TARGET_BYTES) return;
  throw new LaminaError('INVALID_ARGUMENT', `The target of the symbolic link ${pathToText(path)} cannot be used.`, {
    subject: pathToText(path),
    hint: `A target has 1 to ${MAX_TARGET_BYTES} bytes and no NUL character.`,
  });
}

/**
 * The place for a new object: symlinks on the way are followed, its directory exists.
 * @throws LaminaError of `resolve` and of `checkNewName`; INVALID_ARGUMENT for the root
 */
export function resolveNew(view: MergedView, path: LayerPath): Resolved {
  if (path === ROOT) throw rootError('be replaced');
  checkNewName(path);
  const parent = view.require(parentOf(path), { followLast: true });
  if (parent.seen.object.type !== 'dir') throw notDirectoryError(parentOf(path));
  return view.resolve(path);
}

export function rootError(deed: string): LaminaError {
  return new LaminaError('INVALID_ARGUMENT', `The root directory of a container cannot ${deed}.`, { subject: '/' });
}

export function existsError(path: LayerPath): LaminaError {
  const subject = pathToText(path);
  return new LaminaError('PATH_EXISTS', `${subject} exists already.`, {
    subject,
    hint: 'Choose another name, or remove or rename what is there.',
  });
}

export function isDirectoryError(path: LayerPath): LaminaError {
  const subject = pathToText(path);
  return new LaminaError('PATH_IS_DIRECTORY', `${subject} is a directory.`, { subject });
}

export type NewObject = Pick<UpperObject, 'type' | 'mode'> & {
  readonly linkname?: ByteString;
  readonly content?: UpperContent;
};

/** An object as a process of root makes it: in a directory with the set-group-ID bit it gets that directory's group. */
export function newObject({ view, time }: Draft, path: LayerPath, what: NewObject): UpperObject {
  const parent = view.at(parentOf(path))?.object;
  const inherits = parent !== undefined && (parent.mode & SET_GROUP_ID) !== 0;
  return {
    type: what.type,
    mode: inherits && what.type === 'dir' ? what.mode | SET_GROUP_ID : what.mode,
    uid: 0,
    gid: inherits ? parent.gid : 0,
    mtime: time,
    linkname: what.linkname ?? fromText(''),
    xattrs: new Map(),
    devMajor: 0,
    devMinor: 0,
    content: what.content,
    linkGroup: 0,
  };
}

export function withoutCapability(object: UpperObject): UpperObject {
  if (!object.xattrs.has(CAPABILITY)) return object;
  return { ...object, xattrs: new Map([...object.xattrs].filter(([name]) => name !== CAPABILITY)) };
}

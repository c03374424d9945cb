/** Reads the state of an object from the layer indexes: plain data, made anew for whoever asks. */
import type { Timestamp, Xattrs } from '../layer/entry';
import type { ByteString } from '../path/byte-string';
import type { FileObject } from './node';
import type { ContentLocation, FileState } from './types';

/** Position of an object that no entry describes: a directory implied by what is below it. */
export const IMPLIED = -1;
/** What engines give such a directory (rule 34). */
export const IMPLIED_MODE = 0o755;

const EPOCH: Timestamp = { sec: 0, nsec: 0 };
const NO_XATTRS: Xattrs = new Map();
const NO_TARGET = '' as ByteString;
/** Permission bits mean nothing on a symlink; every system shows them all set (rule 62). */
const SYMLINK_MODE = 0o777;

export function stateOf(object: FileObject): FileState {
  const { source } = object;
  if (source.lastObject === object && source.lastState !== undefined) return source.lastState;
  const state = object.position === IMPLIED ? impliedState(object) : entryState(object);
  source.lastObject = object;
  source.lastState = state;
  return state;
}

function entryState(object: FileObject): FileState {
  const { source, position, type, size, linkHeader } = object;
  const entry = source.list.entry(position);
  const attributes = linkHeader === undefined ? entry : linkHeader.source.list.entry(linkHeader.position);
  const isDevice = type === 'char' || type === 'block';
  return {
    type,
    mode: type === 'symlink' ? SYMLINK_MODE : attributes.mode,
    uid: attributes.uid,
    gid: attributes.gid,
    size,
    mtime: attributes.mtime,
    linkname: type === 'symlink' ? entry.linkname : NO_TARGET,
    xattrs: withoutOverlay(linkHeader?.xattrs ?? entry.xattrs),
    devMajor: isDevice ? entry.devMajor : 0,
    devMinor: isDevice ? entry.devMinor : 0,
    content: type === 'file' ? contentOf(object, entry.sha256) : undefined,
    implied: false,
    inode: object.inode,
  };
}

function contentOf({ source, position, size }: FileObject, sha256: string): ContentLocation {
  return { layer: source.layer, position, size, sha256 };
}

function impliedState(object: FileObject): FileState {
  return {
    type: object.type,
    mode: IMPLIED_MODE,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: EPOCH,
    linkname: NO_TARGET,
    xattrs: NO_XATTRS,
    devMajor: 0,
    devMinor: 0,
    content: undefined,
    implied: true,
    inode: object.inode,
  };
}

/** Private notes of overlay drivers are no part of the filesystem (rule 25). */
export function isOverlayXattr(name: string): boolean {
  return name.startsWith('trusted.overlay.') || name.startsWith('user.overlay.');
}

function withoutOverlay(xattrs: Xattrs): Xattrs {
  if (xattrs.size === 0) return xattrs;
  for (const name of xattrs.keys()) {
    if (isOverlayXattr(name)) return new Map([...xattrs].filter(([key]) => !isOverlayXattr(key)));
  }
  return xattrs;
}

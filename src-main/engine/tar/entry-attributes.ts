/** Owner, times, link targets and extended attributes of an entry, from its header and its PAX records. */
import { toText, type ByteString } from '../path/byte-string';
import { normaliseName, ROOT, type LayerPath } from '../path/layer-path';
import type { HeaderFields } from './header';
import { numberRecord, timeRecord, XATTR_PREFIX, type PaxRecords } from './pax';
import { tarInvalid } from './tar-error';
import type { EntryType, TarDiagnostic, TarHeader, Xattrs } from './types';

export interface Source {
  readonly fields: HeaderFields;
  readonly pax: PaxRecords;
  readonly path: LayerPath;
  /** Offset of the header, for messages. */
  readonly at: number;
}

type Attributes = Pick<TarHeader, 'mode' | 'uid' | 'gid' | 'mtime' | 'devMajor' | 'devMinor'>;

const PERMISSIONS = 0o7777;
const MAX_U32 = 2 ** 32 - 1;
/** Docker shows the epoch for times outside of 0…this (rule 61). */
const MAX_SHOWN_SECONDS = 2 ** 33;

export function attributesOf(source: Source, diagnostic: (diagnostic: TarDiagnostic) => void): Attributes {
  const { fields, pax, path, at } = source;
  const mtime = timeRecord(pax, 'mtime', at) ?? { sec: fields.mtime, nsec: 0 };
  if (mtime.sec < 0 || mtime.sec > MAX_SHOWN_SECONDS) {
    const message = 'The modification time is out of range; Docker shows 1970-01-01 instead.';
    diagnostic({ code: 'MTIME_OUT_OF_RANGE', path, message });
  }
  return {
    mode: modulo(fields.mode, 2 ** 32) & PERMISSIONS,
    uid: ownerOf(source, 'uid', diagnostic),
    gid: ownerOf(source, 'gid', diagnostic),
    mtime,
    devMajor: deviceNumber(fields.devMajor, at),
    devMinor: deviceNumber(fields.devMinor, at),
  };
}

/** Some writers put file type bits or sign bits into the mode; only the low bits count (rule 62). */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** A user or group id; 2^32-1 means “leave it” to chown(2) and so becomes 0 everywhere (rule 60). */
function ownerOf(
  { fields, pax, path, at }: Source,
  key: 'uid' | 'gid',
  diagnostic: (diagnostic: TarDiagnostic) => void,
): number {
  const value = numberRecord(pax, key, at) ?? fields[key];
  if (value === MAX_U32) {
    const message = `The ${key} is 4294967295, which no file can have; every engine shows 0.`;
    diagnostic({ code: 'UID_OUT_OF_RANGE', path, message });
    return 0;
  }
  if (value < 0 || value > MAX_U32) throw tarInvalid(`“${toText(path)}” has the impossible ${key} ${value}`, at);
  return value;
}

function deviceNumber(value: number, at: number): number {
  if (value < 0 || value > MAX_U32) throw tarInvalid(`A device has the impossible number ${value}`, at);
  return value;
}

/** Longest target that symlink(2) takes. */
const MAX_TARGET_BYTES = 4095;

/** The target as an entry keeps it; writers leave stale ones on other types, which are dropped (rules 17, 43, 44). */
export function linkOf(
  type: EntryType,
  target: ByteString,
  { path, at }: { readonly path: LayerPath; readonly at: number },
): ByteString {
  if (type !== 'symlink' && type !== 'hardlink') return '' as ByteString;
  const name = toText(path);
  if (target === '') throw tarInvalid(`The link “${name}” has no target`, at);
  if (type === 'symlink') {
    if (target.length > MAX_TARGET_BYTES) {
      throw tarInvalid(`The target of the symlink “${name}” is ${target.length} bytes long; 4095 are possible`, at);
    }
    return target;
  }
  const normal = normaliseName(target);
  if (normal.clamped) throw tarInvalid(`The hard link “${name}” points out of the image: “${toText(target)}”`, at);
  if (normal.path === ROOT) throw tarInvalid(`The hard link “${name}” points to the root directory`, at);
  return normal.path;
}

const NO_XATTRS: Xattrs = new Map();

/** Only `SCHILY.xattr.` counts (rule 64); an empty value is an attribute that was unset. */
export function xattrsOf(pax: PaxRecords): Xattrs {
  let xattrs: Map<string, Uint8Array> | undefined;
  for (const [key, value] of pax) {
    if (!key.startsWith(XATTR_PREFIX) || value.length === 0) continue;
    xattrs ??= new Map();
    xattrs.set(key.slice(XATTR_PREFIX.length), value);
  }
  return xattrs ?? NO_XATTRS;
}

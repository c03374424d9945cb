/**
 * A small language for layers in code. It knows nothing of `src-main/engine/tar`: what it writes is a second opinion
 * for the reader there, and it can write what no honest writer would.
 *
 *     tar([dir('etc', { mode: 0o755 }), file('etc/passwd', 'root'), symlink('s', 'etc'), whiteout('old'), opaque('etc')])
 */
import { createHash } from 'node:crypto';
import type { EntryType, LayerEntry, Timestamp } from '../../src-main/engine/layer/entry';
import { fromBytes } from '../../src-main/engine/path/byte-string';
import { normaliseName } from '../../src-main/engine/path/layer-path';

/** Text is written as UTF-8; bytes as they are. */
export type Bytes = string | Uint8Array;

export interface EntryOptions {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds, or seconds and nanoseconds (then a PAX record is written). */
  readonly mtime?: number | Timestamp;
  /** Written as PAX `SCHILY.xattr.` records. */
  readonly xattrs?: Readonly<Record<string, Bytes>>;
  /** Further PAX records, written as given. */
  readonly pax?: readonly (readonly [key: string, value: Bytes])[];
}

export interface EntryPart extends EntryOptions {
  readonly kind: 'entry';
  readonly type: EntryType;
  readonly name: Bytes;
  readonly content: Uint8Array;
  readonly link: Bytes;
  readonly devMajor: number;
  readonly devMinor: number;
}

export interface RawPart {
  readonly kind: 'raw';
  readonly bytes: Buffer;
}

export type Part = EntryPart | RawPart;

function bytesOf(value: Bytes): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
}

function entry(type: EntryType, name: Bytes, rest: Partial<Omit<EntryPart, 'kind' | 'type' | 'name'>>): EntryPart {
  return { kind: 'entry', type, name, content: Buffer.alloc(0), link: '', devMajor: 0, devMinor: 0, ...rest };
}

export function file(name: Bytes, content: Bytes = '', options: EntryOptions = {}): EntryPart {
  return entry('file', name, { ...options, content: bytesOf(content) });
}

/** The `/` at the end is added when it is missing. */
export function dir(name: Bytes, options: EntryOptions = {}): EntryPart {
  const bytes = bytesOf(name);
  return entry('dir', bytes.at(-1) === 0x2f ? bytes : Buffer.concat([bytes, Buffer.from('/')]), options);
}

export function symlink(name: Bytes, target: Bytes, options: EntryOptions = {}): EntryPart {
  return entry('symlink', name, { mode: 0o777, ...options, link: target });
}

export function hardlink(name: Bytes, target: Bytes, options: EntryOptions = {}): EntryPart {
  return entry('hardlink', name, { ...options, link: target });
}

export function char(name: Bytes, devMajor: number, devMinor: number, options: EntryOptions = {}): EntryPart {
  return entry('char', name, { ...options, devMajor, devMinor });
}

export function block(name: Bytes, devMajor: number, devMinor: number, options: EntryOptions = {}): EntryPart {
  return entry('block', name, { ...options, devMajor, devMinor });
}

export function fifo(name: Bytes, options: EntryOptions = {}): EntryPart {
  return entry('fifo', name, options);
}

/** `whiteout('d/a')` is the empty file `d/.wh.a`. */
export function whiteout(path: string, options: EntryOptions = {}): EntryPart {
  const slash = path.lastIndexOf('/') + 1;
  return file(`${path.slice(0, slash)}.wh.${path.slice(slash)}`, '', { mode: 0, ...options });
}

/** `opaque('d')` is the empty file `d/.wh..wh..opq`; `opaque('')` the one of the root. */
export function opaque(directory: string, options: EntryOptions = {}): EntryPart {
  return file(`${directory === '' ? '' : `${directory}/`}.wh..wh..opq`, '', { mode: 0, ...options });
}

/** Any bytes between two entries. */
export function raw(bytes: Bytes): RawPart {
  return { kind: 'raw', bytes: bytesOf(bytes) };
}

export interface HeaderFields {
  readonly name?: Bytes;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly mtime?: number;
  readonly typeflag?: string;
  readonly linkname?: Bytes;
  /** Eight bytes of magic and version; the default is POSIX. */
  readonly magic?: string;
  readonly devMajor?: number;
  readonly devMinor?: number;
  readonly prefix?: Bytes;
  /** Last word: changes any byte before the checksum is computed. */
  readonly patch?: (block: Buffer) => void;
  /** A wrong one, or one computed in another way. */
  readonly checksum?: number;
}

const POSIX_MAGIC = 'ustar\x0000';
export const GNU_MAGIC = 'ustar  \0';
export const V7_MAGIC = '\0\0\0\0\0\0\0\0';

const HEADER_DEFAULTS = {
  name: '',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
  typeflag: '0',
  linkname: '',
  magic: POSIX_MAGIC,
  devMajor: 0,
  devMinor: 0,
  prefix: '',
};

/** One header block, with every field in the caller's hands. */
export function headerBlock(options: HeaderFields): Buffer {
  const fields = { ...HEADER_DEFAULTS, ...options };
  const header = Buffer.alloc(512);
  const text = (value: Bytes, at: number, length: number): void => {
    bytesOf(value).copy(header, at, 0, length);
  };
  const number = (value: number, at: number, length: number): void => {
    if (value < 0 || value >= 8 ** (length - 1)) throw new RangeError(`${value} does not fit; use a PAX record`);
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  };
  text(fields.name, 0, 100);
  number(fields.mode, 100, 8);
  number(fields.uid, 108, 8);
  number(fields.gid, 116, 8);
  number(fields.size, 124, 12);
  number(fields.mtime, 136, 12);
  text(fields.typeflag, 156, 1);
  text(fields.linkname, 157, 100);
  header.write(fields.magic, 257, 'latin1');
  if (fields.magic === POSIX_MAGIC) {
    number(fields.devMajor, 329, 8);
    number(fields.devMinor, 337, 8);
  }
  text(fields.prefix, 345, 155);
  fields.patch?.(header);
  header.fill(' ', 148, 156);
  const sum = fields.checksum ?? header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** A header block and what follows it, padded: a hostile entry, or the record before one. */
export function header(fields: HeaderFields, body: Bytes = ''): RawPart {
  const bytes = bytesOf(body);
  return raw(Buffer.concat([headerBlock({ size: bytes.length, ...fields }), padded(bytes)]));
}

/** A PAX extended header (`x`, or `g` for a global one). */
export function pax(records: readonly (readonly [key: string, value: Bytes])[], typeflag: 'x' | 'g' = 'x'): RawPart {
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  return header({ name: 'PaxHeaders.0/x', typeflag }, body);
}

/** A GNU long name (`L`) or long link (`K`) record. */
export function gnuLong(typeflag: 'L' | 'K', value: Bytes): RawPart {
  return header(
    { name: '././@LongLink', typeflag, magic: GNU_MAGIC },
    Buffer.concat([bytesOf(value), Buffer.alloc(1)]),
  );
}

function paxRecord(key: string, value: Bytes): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), bytesOf(value), Buffer.from('\n')]);
  let length = rest.length + 1;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

const TYPEFLAGS: Readonly<Record<EntryType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  dir: '5',
  fifo: '6',
};

function timeOf(part: EntryPart): Timestamp {
  return typeof part.mtime === 'object' ? part.mtime : { sec: part.mtime ?? 0, nsec: 0 };
}

function modeOf(part: EntryPart): number {
  return part.mode ?? (part.type === 'dir' ? 0o755 : 0o644);
}

function recordsOf(part: EntryPart): (readonly [string, Bytes])[] {
  const records: (readonly [string, Bytes])[] = [];
  const time = timeOf(part);
  const number = (key: string, value: number, limit: number): void => {
    if (value >= limit) records.push([key, String(value)]);
  };
  if (bytesOf(part.name).length > 100) records.push(['path', part.name]);
  if (bytesOf(part.link).length > 100) records.push(['linkpath', part.link]);
  number('uid', part.uid ?? 0, 8 ** 7);
  number('gid', part.gid ?? 0, 8 ** 7);
  if (time.nsec > 0 || time.sec < 0 || time.sec >= 8 ** 11) records.push(['mtime', decimalTime(time)]);
  for (const [name, value] of Object.entries(part.xattrs ?? {})) records.push([`SCHILY.xattr.${name}`, value]);
  return [...records, ...(part.pax ?? [])];
}

function decimalTime({ sec, nsec }: Timestamp): string {
  if (nsec === 0) return String(sec);
  const fraction = (value: number): string => String(value).padStart(9, '0');
  return sec < 0 ? `-${-sec - 1}.${fraction(1e9 - nsec)}` : `${sec}.${fraction(nsec)}`;
}

function bytesOfEntry(part: EntryPart): Buffer {
  const records = recordsOf(part);
  const fits = (value: number, digits: number): number => (value >= 0 && value < 8 ** digits ? value : 0);
  const block = headerBlock({
    name: part.name,
    mode: modeOf(part),
    uid: fits(part.uid ?? 0, 7),
    gid: fits(part.gid ?? 0, 7),
    size: part.content.length,
    mtime: fits(timeOf(part).sec, 11),
    typeflag: TYPEFLAGS[part.type],
    linkname: part.link,
    devMajor: part.devMajor,
    devMinor: part.devMinor,
  });
  return Buffer.concat([...(records.length > 0 ? [pax(records).bytes] : []), block, padded(Buffer.from(part.content))]);
}

export interface TarOptions {
  /** How many zero blocks end the tar; two by default. */
  readonly endBlocks?: number;
}

export function tar(parts: readonly Part[], options: TarOptions = {}): Buffer {
  const bodies = parts.map((part) => (part.kind === 'raw' ? part.bytes : bytesOfEntry(part)));
  return Buffer.concat([...bodies, Buffer.alloc(512 * (options.endBlocks ?? 2))]);
}

/** The same parts as the records a layer scan would give, for tests that need no tar. Raw parts are not understood. */
export function tarEntries(parts: readonly Part[]): LayerEntry[] {
  let position = 0;
  return parts.map((part) => {
    if (part.kind === 'raw') throw new TypeError('raw parts have no entry');
    const bytes = bytesOfEntry(part);
    const size = part.content.length;
    const offset = position + bytes.length - padded(Buffer.from(part.content)).length;
    position += bytes.length;
    const link = fromBytes(bytesOf(part.link));
    return {
      path: normaliseName(fromBytes(bytesOf(part.name))).path,
      type: part.type,
      mode: modeOf(part) & 0o7777,
      uid: part.uid ?? 0,
      gid: part.gid ?? 0,
      size,
      mtime: timeOf(part),
      linkname: part.type === 'hardlink' ? normaliseName(link).path : link,
      xattrs: new Map(Object.entries(part.xattrs ?? {}).map(([name, value]) => [name, bytesOf(value)])),
      devMajor: part.devMajor,
      devMinor: part.devMinor,
      offset: size === 0 ? 0 : offset,
      sha256: part.type === 'file' ? createHash('sha256').update(part.content).digest('hex') : '',
    };
  });
}

/**
 * One 512-byte header block, in and out: POSIX ustar, old GNU and V7. Names stay bytes. What the fields mean together
 * with PAX and GNU records is decided in entry-assembler.ts.
 */
import { fromBytes, toBytes, type ByteString } from '../path/byte-string';
import { fitsOctal, parseNumber, writeOctal, type Field } from './numbers';
import { tarInvalid } from './tar-error';

export const BLOCK_BYTES = 512;

export const FIELDS = {
  name: { name: 'name', start: 0, length: 100 },
  mode: { name: 'mode', start: 100, length: 8 },
  uid: { name: 'owner', start: 108, length: 8 },
  gid: { name: 'group', start: 116, length: 8 },
  size: { name: 'size', start: 124, length: 12 },
  mtime: { name: 'modification time', start: 136, length: 12 },
  checksum: { name: 'checksum', start: 148, length: 8 },
  typeflag: { name: 'type', start: 156, length: 1 },
  linkname: { name: 'link target', start: 157, length: 100 },
  magic: { name: 'magic', start: 257, length: 8 },
  devMajor: { name: 'major device number', start: 329, length: 8 },
  devMinor: { name: 'minor device number', start: 337, length: 8 },
  prefix: { name: 'prefix', start: 345, length: 155 },
} as const satisfies Record<string, Field>;

/** Old GNU puts its access and change times where ustar has the prefix. */
const GNU_TIMES: readonly Field[] = [
  { name: 'access time', start: 345, length: 12 },
  { name: 'change time', start: 357, length: 12 },
];

const POSIX_MAGIC = 'ustar\0';
const GNU_MAGIC = 'ustar  \0';
/** Schily's star: a shorter prefix, then two times, and this at the very end. */
const STAR_TRAILER = 'tar\0';
const STAR_PREFIX_BYTES = 131;

/** What a header block says by itself. */
export interface HeaderFields {
  readonly name: ByteString;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Whole seconds. */
  readonly mtime: number;
  /** One character; NUL for V7 files. */
  readonly typeflag: string;
  readonly linkname: ByteString;
  readonly devMajor: number;
  readonly devMinor: number;
}

const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);

export function isZeroBlock(block: Buffer): boolean {
  return block[0] === 0 && block.equals(ZERO_BLOCK);
}

/** Whether a file that begins with these bytes is a tar: a header with a right checksum, or an empty tar. */
export function isTar(first512: Uint8Array): boolean {
  if (first512.length < BLOCK_BYTES) return false;
  const block = Buffer.from(first512.buffer, first512.byteOffset, BLOCK_BYTES);
  return isZeroBlock(block) || hasValidChecksum(block, 0);
}

/** The sum of all bytes, the checksum itself counted as spaces; some old writers summed signed bytes (rule 69). */
function hasValidChecksum(block: Buffer, at: number): boolean {
  let stored: number;
  try {
    stored = parseNumber(block, FIELDS.checksum, at);
  } catch {
    return false;
  }
  const { start, length } = FIELDS.checksum;
  const sum = sumOf(block, 0, BLOCK_BYTES) - sumOf(block, start, start + length) + length * 0x20;
  if (stored === sum) return true;
  const isNegative = (byte: number, index: number): boolean => byte > 127 && (index < start || index >= start + length);
  return stored === sum - 256 * block.filter(isNegative).length;
}

function sumOf(block: Buffer, start: number, end: number): number {
  let sum = 0;
  for (let index = start; index < end; index++) sum += block[index] ?? 0;
  return sum;
}

/** Bytes of a text field up to its first NUL. */
function parseText(block: Buffer, field: Field): ByteString {
  const end = field.start + field.length;
  const nul = block.indexOf(0, field.start);
  return fromBytes(block.subarray(field.start, nul < 0 || nul > end ? end : nul));
}

/**
 * @param block 512 bytes, not all zero
 * @param at offset of the block in the tar, for messages
 * @throws LaminaError TAR_INVALID
 */
export function parseHeader(block: Buffer, at: number): HeaderFields {
  if (!hasValidChecksum(block, at)) {
    throw tarInvalid('A header is expected and what is there is not one (its checksum is wrong)', at);
  }
  const typeflag = String.fromCharCode(block[FIELDS.typeflag.start] ?? 0);
  // Writers leave anything in the device numbers of entries that are no devices.
  const isDevice = typeflag === '3' || typeflag === '4';
  return {
    name: nameOf(block),
    mode: parseNumber(block, FIELDS.mode, at),
    uid: parseNumber(block, FIELDS.uid, at),
    gid: parseNumber(block, FIELDS.gid, at),
    size: parseNumber(block, FIELDS.size, at),
    mtime: parseNumber(block, FIELDS.mtime, at),
    typeflag,
    linkname: parseText(block, FIELDS.linkname),
    devMajor: isDevice ? parseNumber(block, FIELDS.devMajor, at) : 0,
    devMinor: isDevice ? parseNumber(block, FIELDS.devMinor, at) : 0,
  };
}

function nameOf(block: Buffer): ByteString {
  const name = parseText(block, FIELDS.name);
  const prefix = prefixOf(block);
  return prefix === '' ? name : (`${prefix}/${name}` as ByteString);
}

function prefixOf(block: Buffer): ByteString {
  const none = '' as ByteString;
  const { start } = FIELDS.magic;
  if (block.toString('latin1', start, start + POSIX_MAGIC.length) === POSIX_MAGIC) {
    const isStar = block.toString('latin1', BLOCK_BYTES - STAR_TRAILER.length) === STAR_TRAILER;
    return parseText(block, isStar ? { ...FIELDS.prefix, length: STAR_PREFIX_BYTES } : FIELDS.prefix);
  }
  // Go before 1.8 (and so Docker of that time) wrote a prefix under GNU's magic; no times can be read there then.
  const isGnu = block.toString('latin1', start, start + GNU_MAGIC.length) === GNU_MAGIC;
  if (isGnu && block[FIELDS.prefix.start] !== 0 && !hasGnuTimes(block)) return parseText(block, FIELDS.prefix);
  return none;
}

function hasGnuTimes(block: Buffer): boolean {
  try {
    for (const field of GNU_TIMES) if (block[field.start] !== 0) parseNumber(block, field, 0);
    return true;
  } catch {
    return false;
  }
}

/** Prefix and name of a path that ustar can hold, or undefined when it needs a PAX record. */
export function splitName(path: ByteString): { readonly prefix: string; readonly name: string } | undefined {
  if (path.length <= FIELDS.name.length) return { prefix: '', name: path };
  // The name must not be empty: the slash at the end of a directory is not a place to split.
  const slash = path.indexOf('/', path.length - FIELDS.name.length - 1);
  if (slash <= 0 || slash > FIELDS.prefix.length || slash === path.length - 1) return undefined;
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** Whether the number can be written into the field of a ustar header. */
export function fits(field: 'uid' | 'gid' | 'size' | 'mtime' | 'devMajor' | 'devMinor', value: number): boolean {
  return fitsOctal(FIELDS[field], value);
}

/**
 * A POSIX ustar block. Everything must fit; the name is split here.
 * @throws RangeError when something does not fit: the caller must have written a PAX record and put a stand-in here
 */
export function encodeHeader(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const split = splitName(fields.name);
  if (split === undefined || fields.linkname.length > FIELDS.linkname.length) {
    throw new RangeError('a name does not fit a ustar header');
  }
  block.write(split.name, FIELDS.name.start, 'latin1');
  block.write(split.prefix, FIELDS.prefix.start, 'latin1');
  toBytes(fields.linkname).copy(block, FIELDS.linkname.start);
  writeOctal(block, FIELDS.mode, fields.mode);
  writeOctal(block, FIELDS.uid, fields.uid);
  writeOctal(block, FIELDS.gid, fields.gid);
  writeOctal(block, FIELDS.size, fields.size);
  writeOctal(block, FIELDS.mtime, fields.mtime);
  block.write(fields.typeflag, FIELDS.typeflag.start, 'latin1');
  block.write(`${POSIX_MAGIC}00`, FIELDS.magic.start, 'latin1');
  writeOctal(block, FIELDS.devMajor, fields.devMajor);
  writeOctal(block, FIELDS.devMinor, fields.devMinor);
  block.fill(' ', FIELDS.checksum.start, FIELDS.checksum.start + FIELDS.checksum.length);
  const sum = sumOf(block, 0, BLOCK_BYTES);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, FIELDS.checksum.start, 'latin1');
  return block;
}

/** Zero bytes that follow `size` bytes of content. */
export function paddingAfter(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

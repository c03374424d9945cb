/**
 * The layer index on disk, little-endian. A header of fixed size, then blocks, then sections:
 *
 *     header    magic, version, record width, count, DiffID, checksum, table of sections
 *     block     strings, then the up to 4096 records of fixed width that point to them
 *     …
 *     sections  kind 1: offsets of each block's records; kind 2: diagnostics as JSON
 *
 * Strings stand next to their records so that a scan writes the file in one go and holds one block in memory, whatever
 * the layer's size. A reader takes the sections it knows and ignores others: restart points for random access into a
 * compressed layer will be a section of their own. The checksum (SHA-256 of everything after the header, then of the
 * header with zeros in the checksum's place) tells a damaged index, which is then made again from the blob.
 */
import type { ByteString } from '../path/byte-string';
import type { LayerPath } from '../path/layer-path';
import type { EntryType, LayerEntry, Xattrs } from './entry';

export const MAGIC = Buffer.from('LAMINDEX');
export const VERSION = 1;
export const HEADER_BYTES = 256;
export const RECORD_BYTES = 104;
export const RECORDS_PER_BLOCK = 4096;
/** One read must be able to take the file, and offsets are 32 bits wide. */
export const MAX_INDEX_BYTES = 2 ** 31 - 1;

/** Offsets in the header. */
export const AT = { version: 8, recordBytes: 12, count: 16, diffId: 24, checksum: 56, sections: 96 } as const;
export const CHECKSUM_BYTES = 32;
export const SECTION_BYTES = 24;
export const MAX_SECTIONS = Math.floor((HEADER_BYTES - AT.sections) / SECTION_BYTES);

/** 0 ends the table. */
export const SECTION = { end: 0, blocks: 1, diagnostics: 2 } as const;

const TYPES: readonly EntryType[] = ['file', 'dir', 'symlink', 'hardlink', 'char', 'block', 'fifo'];

/** Takes the parts of an entry that have no fixed size. */
export interface Heap {
  /** Appends one byte for each character and says where in the file they will stand. */
  appendText(text: ByteString): number;
  appendBytes(bytes: Buffer): number;
}

/** Writes the entry as the record at `at` of `block`. */
export function encodeRecord(block: Buffer, at: number, entry: LayerEntry, heap: Heap): void {
  encodeText(block, at, entry.path, heap);
  encodeText(block, at + 8, entry.linkname, heap);
  const xattrs = entry.xattrs.size === 0 ? NO_BYTES : encodeXattrs(entry.xattrs);
  block.writeUInt32LE(xattrs.length === 0 ? 0 : heap.appendBytes(xattrs), at + 16);
  block.writeUInt32LE(xattrs.length, at + 20);
  block.writeUInt16LE(entry.mode, at + 24);
  block.writeUInt16LE(TYPES.indexOf(entry.type), at + 26);
  block.writeUInt32LE(entry.uid, at + 28);
  block.writeUInt32LE(entry.gid, at + 32);
  block.writeUInt32LE(entry.mtime.nsec, at + 36);
  block.writeDoubleLE(entry.mtime.sec, at + 40);
  block.writeDoubleLE(entry.size, at + 48);
  block.writeDoubleLE(entry.offset, at + 56);
  block.writeUInt32LE(entry.devMajor, at + 64);
  block.writeUInt32LE(entry.devMinor, at + 68);
  if (entry.sha256 === '') block.fill(0, at + 72, at + RECORD_BYTES);
  else block.write(entry.sha256, at + 72, 32, 'hex');
}

const NO_BYTES = Buffer.alloc(0);

function encodeText(block: Buffer, at: number, text: ByteString, heap: Heap): void {
  block.writeUInt32LE(text === '' ? 0 : heap.appendText(text), at);
  block.writeUInt32LE(text.length, at + 4);
}

/** @throws RangeError when the record or what it points to lies outside of the file */
export function decodeRecord(file: Buffer, at: number): LayerEntry {
  const type = TYPES[file.readUInt16LE(at + 26)];
  if (type === undefined) throw new RangeError('unknown entry type in a layer index');
  return {
    path: decodePath(file, at),
    type,
    mode: file.readUInt16LE(at + 24),
    uid: file.readUInt32LE(at + 28),
    gid: file.readUInt32LE(at + 32),
    size: file.readDoubleLE(at + 48),
    mtime: { sec: file.readDoubleLE(at + 40), nsec: file.readUInt32LE(at + 36) },
    linkname: textAt(file, at + 8),
    xattrs: decodeXattrs(bytesAt(file, at + 16)),
    devMajor: file.readUInt32LE(at + 64),
    devMinor: file.readUInt32LE(at + 68),
    offset: file.readDoubleLE(at + 56),
    sha256: type === 'file' ? file.toString('hex', at + 72, at + RECORD_BYTES) : '',
  };
}

export function decodePath(file: Buffer, at: number): LayerPath {
  return textAt(file, at) as LayerPath;
}

function textAt(file: Buffer, at: number): ByteString {
  const start = file.readUInt32LE(at);
  return file.toString('latin1', start, start + file.readUInt32LE(at + 4)) as ByteString;
}

function bytesAt(file: Buffer, at: number): Buffer {
  const start = file.readUInt32LE(at);
  return file.subarray(start, start + file.readUInt32LE(at + 4));
}

const NO_XATTRS: Xattrs = new Map();

function encodeXattrs(xattrs: Xattrs): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of xattrs) {
    const nameBytes = Buffer.from(name);
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32LE(nameBytes.length, 0);
    lengths.writeUInt32LE(value.length, 4);
    parts.push(lengths, nameBytes, Buffer.from(value));
  }
  return Buffer.concat(parts);
}

function decodeXattrs(bytes: Buffer): Xattrs {
  if (bytes.length === 0) return NO_XATTRS;
  const xattrs = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const name = at + 8;
    const value = name + bytes.readUInt32LE(at);
    const end = value + bytes.readUInt32LE(at + 4);
    xattrs.set(bytes.toString('utf8', name, value), bytes.subarray(value, end));
    at = end;
  }
  return xattrs;
}

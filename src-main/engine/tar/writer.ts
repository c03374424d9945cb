/**
 * Writes a tar whose bytes depend on its entries alone (semantics 2.2, rule 15): ustar, a PAX header only where ustar
 * cannot hold something, no user or group names, no access or change times, two zero blocks at the end. Names go out as
 * the bytes they are. Times are written as given, to the nanosecond: whoever wants whole seconds cuts them before.
 */
import { LaminaError } from '../errors';
import { toText, type ByteString } from '../path/byte-string';
import { baseNameOf, ROOT, type LayerPath } from '../path/layer-path';
import { BLOCK_BYTES, encodeHeader, FIELDS, fits, paddingAfter, splitName, type HeaderFields } from './header';
import { encodePaxRecord, formatTime, XATTR_PREFIX } from './pax';
import type { EntryType, TarHeader } from './types';

export interface TarWriter {
  /**
   * Writes one entry. `content` must give exactly `header.size` bytes for a file and is not looked at otherwise.
   * @throws LaminaError INTERNAL when it does not, INVALID_ARGUMENT for what no tar can hold
   */
  add(header: TarHeader, content?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  /** Writes the end; nothing may follow. */
  end(): Promise<void>;
}

/** @param sink gets every piece in order; the next piece waits for its promise */
export function createTarWriter(sink: (chunk: Uint8Array) => Promise<void> | void): TarWriter {
  return {
    async add(header, content = []) {
      await sink(encodeEntryHeader(header));
      if (header.type !== 'file') return;
      let written = 0;
      for await (const chunk of content) {
        written += chunk.length;
        if (written > header.size) throw sizeMismatch(header);
        if (chunk.length > 0) await sink(chunk);
      }
      if (written !== header.size) throw sizeMismatch(header);
      if (paddingAfter(written) > 0) await sink(Buffer.alloc(paddingAfter(written)));
    },
    async end() {
      await sink(Buffer.alloc(2 * BLOCK_BYTES));
    },
  };
}

function sizeMismatch({ path, size }: TarHeader): LaminaError {
  const message = `The content of “${toText(path)}” does not have the ${size} bytes that were announced.`;
  return new LaminaError('INTERNAL', message);
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

/** The header block of an entry, with its PAX header before it where one is needed. */
function encodeEntryHeader(header: TarHeader): Buffer {
  const records: Buffer[] = [];
  const name = nameInTar(header);
  const size = header.type === 'file' ? header.size : 0;
  const isDevice = header.type === 'char' || header.type === 'block';
  const hasLink = header.type === 'symlink' || header.type === 'hardlink';
  const linkname = hasLink ? header.linkname : ('' as ByteString);
  /** Writes a record when the field cannot hold the value, and gives what stands in the field then. */
  const number = (key: 'uid' | 'gid' | 'size', value: number): number => {
    if (fits(key, value)) return value;
    records.push(encodePaxRecord(key, String(value) as ByteString));
    return 0;
  };
  const block: HeaderFields = {
    name: splitName(name) === undefined ? standIn('path', name, records) : name,
    linkname: linkname.length > FIELDS.linkname.length ? standIn('linkpath', linkname, records) : linkname,
    mode: header.mode & 0o7777,
    uid: number('uid', header.uid),
    gid: number('gid', header.gid),
    size: number('size', size),
    mtime: secondsOf(header, records),
    typeflag: TYPEFLAGS[header.type],
    devMajor: isDevice ? deviceNumber(header, 'devMajor') : 0,
    devMinor: isDevice ? deviceNumber(header, 'devMinor') : 0,
  };
  records.push(...xattrRecords(header));
  const own = encodeHeader(block);
  return records.length === 0 ? own : Buffer.concat([paxHeader(header.path, records), own]);
}

/** Directories end with `/`; the root is `./`. */
function nameInTar({ path, type }: TarHeader): ByteString {
  if (path === ROOT) return './' as ByteString;
  return (type === 'dir' ? `${path}/` : path) as ByteString;
}

/** Writes the record and gives the first bytes of the value, for readers that know no PAX. */
function standIn(key: 'path' | 'linkpath', value: ByteString, records: Buffer[]): ByteString {
  records.push(encodePaxRecord(key, value));
  return value.slice(0, FIELDS.name.length) as ByteString;
}

function secondsOf({ mtime }: TarHeader, records: Buffer[]): number {
  if (mtime.nsec === 0 && fits('mtime', mtime.sec)) return mtime.sec;
  records.push(encodePaxRecord('mtime', formatTime(mtime)));
  return fits('mtime', mtime.sec) ? mtime.sec : 0;
}

function deviceNumber(header: TarHeader, field: 'devMajor' | 'devMinor'): number {
  if (fits(field, header[field])) return header[field];
  const message = `The device number ${header[field]} of “${toText(header.path)}” does not fit into a tar.`;
  throw new LaminaError('INVALID_ARGUMENT', message);
}

/** In byte order of their names; PAX cannot say an empty value (rule 64). */
function xattrRecords({ xattrs }: TarHeader): Buffer[] {
  return [...xattrs]
    .filter(([, value]) => value.length > 0)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, value]) => encodePaxRecord(`${XATTR_PREFIX}${name}`, value));
}

function paxHeader(path: LayerPath, records: readonly Buffer[]): Buffer {
  const body = Buffer.concat(records);
  const block = encodeHeader({
    name: `PaxHeaders.0/${baseNameOf(path)}`.slice(0, FIELDS.name.length) as ByteString,
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: body.length,
    mtime: 0,
    typeflag: 'x',
    linkname: '' as ByteString,
    devMajor: 0,
    devMinor: 0,
  });
  return Buffer.concat([block, body, Buffer.alloc(paddingAfter(body.length))]);
}

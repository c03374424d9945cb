/** What one entry of a tar is, as plain data. Shared by the reader, the writer and everything above them. */
import type { ByteString } from '../path/byte-string';
import type { LayerPath } from '../path/layer-path';

export type EntryType = 'file' | 'dir' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';

/** Seconds since the epoch, negative before it, and nanoseconds 0–999,999,999 after that second. */
export interface Timestamp {
  readonly sec: number;
  readonly nsec: number;
}

/** Extended attributes as PAX `SCHILY.xattr.` gives them: names as text, values as bytes (rule 64). */
export type Xattrs = ReadonlyMap<string, Uint8Array>;

/** The attributes that an entry has in the tar; enough to write it again. */
export interface TarHeader {
  readonly path: LayerPath;
  readonly type: EntryType;
  /** Permission bits with setuid, setgid and sticky: `mode & 0o7777` (rule 62). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for everything but regular files. */
  readonly size: number;
  readonly mtime: Timestamp;
  /** Target of a symlink, verbatim; target of a hard link, normalised as a path; otherwise empty. */
  readonly linkname: ByteString;
  readonly xattrs: Xattrs;
  readonly devMajor: number;
  readonly devMinor: number;
}

/** An entry as the reader found it. */
export interface TarEntry extends TarHeader {
  /** The name as it stands in the tar, before normalisation. */
  readonly rawName: ByteString;
  /** Offset of the content in the tar; of the next header when there is no content. */
  readonly offset: number;
}

/** An oddity that the reader accepted (semantics, list of diagnostics). */
export interface TarDiagnostic {
  readonly code: string;
  readonly path: LayerPath;
  /** One English sentence: the consequence. */
  readonly message: string;
}

/** One entry of a layer, as the tar says it, in tar order. Shared by the scanner, the index, the union and the writer. */
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

export interface LayerEntry {
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
  /** Offset of the content in the uncompressed tar; 0 when `size` is 0. */
  readonly offset: number;
  /** Hex SHA-256 of the content of a regular file; empty for everything else. */
  readonly sha256: string;
}

/** What the scanner noticed and the union or the user should know (semantics, list of diagnostics). */
export interface Diagnostic {
  readonly code: string;
  /** 0-based layer, filled in by whoever knows the stack. */
  readonly layer?: number | undefined;
  readonly path: LayerPath;
  /** One English sentence: the consequence. */
  readonly message: string;
}

/** All entries of one layer in tar order, with duplicates and whiteouts, as read. */
export interface EntryList {
  readonly count: number;
  entry(position: number): LayerEntry;
}

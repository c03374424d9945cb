/** One entry of a layer, as the tar says it, in tar order. Shared by the scanner, the index, the union and the writer. */
import type { LayerPath } from '../path/layer-path';
import type { TarHeader } from '../tar/types';

export type { EntryType, Timestamp, Xattrs } from '../tar/types';

export interface LayerEntry extends TarHeader {
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
  /** The path of an entry alone, where that is cheaper than the whole entry. */
  path?(position: number): LayerPath;
}

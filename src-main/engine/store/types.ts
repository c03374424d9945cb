/**
 * The store: an OCI image layout on disk (image-spec image-layout.md), beside it a folder `lamina/` with what can be
 * rebuilt (`index/`), what is the user's (`containers/`), what is in flight (`tmp/`), the lock and a version file.
 */
import type { Digest } from '../digest/digest';

/** OCI content descriptor (descriptor.md); unknown fields are kept. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly platform?: Platform | undefined;
  readonly [other: string]: unknown;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** One root of the store: a tagged or untagged entry of index.json. */
export interface RootEntry {
  /** Full reference, `docker.io/library/alpine:3.11`, or undefined for an untagged image. */
  readonly reference: string | undefined;
  readonly descriptor: Descriptor;
}

export interface BlobInfo {
  readonly digest: Digest;
  readonly size: number;
}

/** A blob that is complete in the transaction's folder and not yet visible in the store. */
export interface StagedBlob extends BlobInfo {
  readonly file: string;
}

/**
 * Everything an import or a commit wants to add. Nothing is visible to readers before `commit`; `rollback` (and a
 * crash) leaves the store as it was. Commit moves blobs first and changes the references last, by one atomic replace.
 */
export interface StoreTransaction {
  /** A folder in the store's own filesystem for files in flight; gone after commit or rollback. */
  readonly folder: string;
  /** Stages bytes. Idempotent: staging a blob that the store has is a no-op. */
  putBytes(bytes: Uint8Array): Promise<BlobInfo>;
  /** Takes over a finished file of `folder` whose digest and size the caller has computed while writing it. */
  adopt(staged: StagedBlob): Promise<BlobInfo>;
  /** Takes over a finished layer index for `diffId`. */
  adoptIndex(diffId: Digest, file: string): Promise<void>;
  /** Whether the blob is in the store or staged here. */
  has(digest: Digest): Promise<boolean>;
  /** Path to read the blob from, staged or stored, or undefined. */
  fileOf(digest: Digest): Promise<string | undefined>;
  /** Path of the layer index, staged or stored, or undefined. */
  indexFileOf(diffId: Digest): Promise<string | undefined>;
  /**
   * Makes it all visible: takes the writer's lock, checks that every blob in `needs` is there (else STORE_CHANGED),
   * renames blobs and indexes into place with fsync, then rewrites index.json once with `change` applied.
   */
  commit(change: (roots: readonly RootEntry[]) => readonly RootEntry[], needs?: readonly Digest[]): Promise<void>;
  rollback(): Promise<void>;
}

export interface StoreUsage {
  readonly blobs: number;
  readonly bytes: number;
  /** Bytes that would be stored twice or more if images did not share blobs. */
  readonly sharedBytes: number;
}

export interface CollectResult {
  readonly removed: readonly BlobInfo[];
  readonly freedBytes: number;
}

export interface FsckProblem {
  readonly kind:
    | 'blob-damaged'
    | 'blob-missing'
    | 'index-damaged'
    | 'stray-file'
    | 'leftover'
    | 'layout-invalid'
    | 'container-damaged';
  readonly subject: string;
  readonly message: string;
  readonly hint: string;
  readonly repaired: boolean;
}

export interface FsckReport {
  readonly checkedBlobs: number;
  readonly checkedBytes: number;
  readonly problems: readonly FsckProblem[];
}

/** The low-level store. Reads never wait for the lock. */
export interface BlobStore {
  readonly dir: string;
  roots(): Promise<RootEntry[]>;
  has(digest: Digest): Promise<boolean>;
  /** Host path of a blob: the only place that knows it. */
  blobFile(digest: Digest): string;
  indexFile(diffId: Digest): string;
  containersDir(): string;
  /** Whole small blob (manifest, config), digest and size verified. @throws BLOB_MISSING, BLOB_DAMAGED, LIMIT_EXCEEDED */
  readBytes(digest: Digest, limitBytes: number): Promise<Buffer>;
  sizeOf(digest: Digest): Promise<number | undefined>;
  begin(): Promise<StoreTransaction>;
  /** Changes references alone, under the lock, by one atomic replace. */
  updateRoots(change: (roots: readonly RootEntry[]) => readonly RootEntry[]): Promise<void>;
  /** Runs `work` as the only writer. @throws STORE_LOCKED naming the holder after `timeoutMs`. */
  withLock<T>(purpose: string, work: () => Promise<T>): Promise<T>;
}

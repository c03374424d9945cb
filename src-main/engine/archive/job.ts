/** What every reader of a format gets and gives: the same shape for each. */
import type { Digest } from '../digest/digest';
import type { ImportedImage, ImportOptions } from './types';
import type { LayerPool } from '../layer/pool';
import type { BlobStore, Descriptor, StoreTransaction } from '../store/types';
import type { OpenedArchive } from './detect';
import type { LayerIntake } from './intake';

export interface ArchiveContext {
  readonly store: BlobStore;
  readonly pool: LayerPool;
}

/** One import under way. */
export interface ImportJob {
  readonly context: ArchiveContext;
  readonly transaction: StoreTransaction;
  readonly archive: OpenedArchive;
  readonly intake: LayerIntake;
  readonly options: ImportOptions;
}

/** A name that an image brought, or that was made up for it from the name of the file. */
export interface GivenName {
  /** Full reference. */
  readonly reference: string;
  /** Made up: it must not take the tag away from another image. */
  readonly derived: boolean;
}

/** An image whose blobs are staged; it becomes visible when the job commits. */
export interface ReadImage {
  /** What index.json will point to: the manifest, or the index it is in. */
  readonly root: Descriptor;
  /** Digest of the manifest. */
  readonly key: Digest;
  /** ImageID: digest of the config. */
  readonly id: Digest;
  readonly names: readonly GivenName[];
  readonly format: ImportedImage['format'];
  /** Blobs the image cannot do without. */
  readonly needs: readonly Digest[];
}

/** The engine as its users see it: the CLI and the window call nothing else. Implemented by `openLamina`. */
import type { Readable } from 'node:stream';
import type { ExportOptions, ImportedImage, ImportOptions } from './archive/types';
import type { AddResult, AttributeChange, Change, CommitRequest, CommitResult, ContainerInfo } from './container/types';
import type { Digest } from './digest/digest';
import type { HistoryRow, Image, ImageSummary } from './image/types';
import type { WorkOptions } from './options';
import type { LayerPath } from './path/layer-path';
import type { CollectResult, FsckReport, StoreUsage } from './store/types';
import type { FileState, UnionTree } from './union/types';

export type { ExportFormat, ExportOptions, ImportedImage, ImportOptions } from './archive/types';

export interface LaminaOptions {
  /** Bundle that layer scans run in, one worker thread each; without it they run in this thread. */
  readonly workerFile?: string | undefined;
  /** Worker threads at most; the number of cores, at most 4, by default. */
  readonly workers?: number | undefined;
}

/** What can be browsed: an image, or a container (whose container layer is the topmost layer of the tree). */
export type BrowseTarget =
  { readonly kind: 'image'; readonly ref: string } | { readonly kind: 'container'; readonly name: string };

/** An opened tree with what is needed to read its files. */
export interface Browse {
  readonly tree: UnionTree;
  readonly image: Image;
  /** Present for a container; its layer is `tree.layerCount - 1`. */
  readonly container: ContainerInfo | undefined;
  /**
   * Streams the content of a version of a file and verifies its SHA-256 at the end.
   * @throws (as stream error) BLOB_DAMAGED, BLOB_MISSING
   */
  open(
    state: FileState,
    options?: { readonly start?: number; readonly end?: number; readonly signal?: AbortSignal },
  ): Promise<Readable>;
  /** First `limitBytes` bytes. */
  read(state: FileState, limitBytes: number): Promise<Buffer>;
}

export interface Lamina {
  readonly dir: string;
  readonly images: {
    list(): Promise<ImageSummary[]>;
    /** By reference, `name@digest`, digest, or unambiguous hex prefix of ImageID or manifest digest. */
    get(ref: string): Promise<Image>;
    import(file: string, options?: ImportOptions): Promise<ImportedImage[]>;
    export(refs: readonly string[], options: ExportOptions): Promise<{ readonly file: string; readonly bytes: number }>;
    /** Makes a sample image (`textbook` or `story`, see ui.md) and tags it. */
    sample(which: 'textbook' | 'story', reference?: string): Promise<ImportedImage>;
    tag(ref: string, reference: string): Promise<void>;
    /** Removes one reference; the last one of an image removes the image. A digest or id removes all of its references. @throws IMAGE_IN_USE */
    remove(ref: string): Promise<{ readonly untagged: readonly string[]; readonly deleted: Digest | undefined }>;
    /** One element of `docker image inspect`, fields in Docker's order. */
    inspect(ref: string, format?: 'docker-20.10' | 'docker-25'): Promise<Record<string, unknown>>;
    history(ref: string): Promise<HistoryRow[]>;
  };
  readonly containers: {
    list(): Promise<ContainerInfo[]>;
    get(name: string): Promise<ContainerInfo>;
    create(ref: string, name?: string): Promise<ContainerInfo>;
    rename(name: string, newName: string): Promise<ContainerInfo>;
    remove(name: string): Promise<void>;
    changes(name: string): Promise<Change[]>;
    /**
     * Writes a whole file; a new one gets mode 0644, 0:0 (in a set-group-ID directory that one's group, as Linux does); an
     * existing one keeps its attributes.
     */
    writeFile(name: string, path: LayerPath, content: Uint8Array | Readable): Promise<ContainerInfo>;
    /** Copies a host file or folder to exactly `path`; host symlinks are kept as symlinks. */
    addFromHost(name: string, hostPath: string, path: LayerPath, options?: WorkOptions): Promise<AddResult>;
    makeDirectory(name: string, path: LayerPath, options?: { readonly parents?: boolean }): Promise<ContainerInfo>;
    removePath(name: string, path: LayerPath): Promise<ContainerInfo>;
    move(name: string, from: LayerPath, to: LayerPath): Promise<ContainerInfo>;
    setAttributes(
      name: string,
      path: LayerPath,
      change: AttributeChange,
      options?: { readonly recursive?: boolean },
    ): Promise<ContainerInfo>;
    symlink(name: string, target: string, path: LayerPath): Promise<ContainerInfo>;
    commit(name: string, request: CommitRequest, options?: WorkOptions): Promise<CommitResult>;
  };
  browse(target: BrowseTarget): Promise<Browse>;
  usage(): Promise<StoreUsage>;
  collect(): Promise<CollectResult>;
  fsck(options?: WorkOptions & { readonly repair?: boolean }): Promise<FsckReport>;
  close(): Promise<void>;
}

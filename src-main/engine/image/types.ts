/** Image objects as plain data: what manifests and configs say (image-spec config.md, manifest.md) and what Lamina derives. */
import type { Digest } from '../digest/digest';
import type { Descriptor, Platform } from '../store/types';

export interface HistoryEntry {
  readonly created?: string | undefined;
  readonly created_by?: string | undefined;
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
  readonly empty_layer?: boolean | undefined;
}

/** The `config` object of an image config, OCI and Docker fields; unknown fields are kept. */
export interface RunConfig {
  readonly User?: string | undefined;
  readonly ExposedPorts?: Readonly<Record<string, object>> | null | undefined;
  readonly Env?: readonly string[] | null | undefined;
  readonly Entrypoint?: readonly string[] | null | undefined;
  readonly Cmd?: readonly string[] | null | undefined;
  readonly Volumes?: Readonly<Record<string, object>> | null | undefined;
  readonly WorkingDir?: string | undefined;
  readonly Labels?: Readonly<Record<string, string>> | null | undefined;
  readonly StopSignal?: string | undefined;
  readonly OnBuild?: readonly string[] | null | undefined;
  readonly Healthcheck?: unknown;
  readonly Shell?: readonly string[] | null | undefined;
  readonly [other: string]: unknown;
}

export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string | undefined;
  readonly created?: string | undefined;
  readonly author?: string | undefined;
  readonly config?: RunConfig | null | undefined;
  /** What classic builders record of the container that made the last layer. */
  readonly container_config?: RunConfig | null | undefined;
  readonly rootfs: { readonly type: string; readonly diff_ids: readonly Digest[] };
  readonly history?: readonly HistoryEntry[] | undefined;
  readonly [other: string]: unknown;
}

export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType?: string | undefined;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** One layer in its place in the stack. */
export interface LayerInfo {
  /** 0-based position, lowest first. */
  readonly position: number;
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly chainId: Digest;
  readonly mediaType: string;
  /** Bytes as stored. */
  readonly blobSize: number;
  /** The history entry paired with it (rule 81), if any. */
  readonly history: HistoryEntry | undefined;
}

/** One image (one platform): its documents and its layers, lowest first. */
export interface Image {
  /** Digest of the manifest: Lamina's key for the image. */
  readonly key: Digest;
  /** What index.json points to: the manifest itself or the index it was chosen from. */
  readonly root: Descriptor;
  /** ImageID: digest of the config as stored. */
  readonly id: Digest;
  /** Full references that point here, sorted. */
  readonly references: readonly string[];
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  readonly platform: Platform;
  readonly layers: readonly LayerInfo[];
}

/** A row of `lamina images`. */
export interface ImageSummary {
  readonly key: Digest;
  readonly id: Digest;
  /** Short (familiar) references, sorted; empty for an untagged image. */
  readonly references: readonly string[];
  readonly platform: Platform;
  /** ISO 8601 or undefined when unknown. */
  readonly created: string | undefined;
  readonly layers: number;
  /** Bytes of all blobs as stored: manifest, config, layers (each blob once). */
  readonly size: number;
  /** Of these, bytes no other image refers to. */
  readonly uniqueSize: number;
}

/** One line of history, oldest first; `layer` is its 0-based layer or undefined for an empty one. */
export interface HistoryRow extends HistoryEntry {
  readonly layer: number | undefined;
  /** Content bytes the layer adds, by Docker's rule for Size (semantics 6). 0 for empty layers. */
  readonly size: number;
}

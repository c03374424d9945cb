/** A container in Lamina: an image and one writable layer on top. Nothing runs. */
import type { Digest } from '../digest/digest';
import type { LayerPath } from '../path/layer-path';

export interface ContainerInfo {
  /** 32 hex digits. */
  readonly id: string;
  readonly name: string;
  /** Key (manifest digest) of the image below. */
  readonly imageKey: Digest;
  /** Reference the container was made from, for people. */
  readonly imageReference: string;
  readonly created: string;
  /** Operations done since the layer was empty; changes with every edit. */
  readonly revision: number;
  /** Paths that the container layer holds (directories on the way to a change too), and bytes of content in it. */
  readonly changes: number;
  readonly bytes: number;
}

/** What `addFromHost` answers. */
export interface AddResult extends ContainerInfo {
  /** Host paths that were left out because no layer can hold them: sockets and devices. */
  readonly skipped: readonly string[];
}

export type ChangeKind = 'A' | 'C' | 'D';

/** A line of `docker diff` (semantics 2.4). */
export interface Change {
  readonly kind: ChangeKind;
  readonly path: LayerPath;
}

export interface CommitRequest {
  /** Reference of the new image; untagged without. */
  readonly reference?: string | undefined;
  readonly message?: string | undefined;
  readonly author?: string | undefined;
  /** `--change` instructions, one Dockerfile line each (semantics 2.3, rule 21). */
  readonly changes?: readonly string[] | undefined;
  /** Time written into the image; now, or SOURCE_DATE_EPOCH, by default. */
  readonly created?: Date | undefined;
}

export interface CommitResult {
  readonly key: Digest;
  readonly id: Digest;
  readonly reference: string | undefined;
  /** DiffID of the new layer; undefined when nothing had changed and only a history entry was added. */
  readonly diffId: Digest | undefined;
  readonly layerSize: number;
}

/** New attributes of a path; what is left out stays. */
export interface AttributeChange {
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

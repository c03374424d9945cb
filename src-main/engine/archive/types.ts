/** What import and export take and give. */
import type { Digest } from '../digest/digest';
import type { WorkOptions } from '../options';

export type ExportFormat = 'docker-archive' | 'oci-archive' | 'oci' | 'rootfs';

export interface ImportOptions extends WorkOptions {
  /** Reference for an input that brings none (a rootfs tar), or instead of the one it brings when it holds one image. */
  readonly name?: string | undefined;
}

export interface ImportedImage {
  readonly key: Digest;
  readonly id: Digest;
  /** Full references, sorted. */
  readonly references: readonly string[];
  /** Absolute path of what was imported; `sample:NAME` for a sample. */
  readonly source: string;
  readonly format: 'docker-archive' | 'oci-archive' | 'oci' | 'rootfs';
}

export interface ExportOptions extends WorkOptions {
  /** File to write (a folder for `oci`); written beside it first and renamed when whole. */
  readonly file: string;
  readonly format: ExportFormat;
}

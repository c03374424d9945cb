/**
 * Walks what a root of an image layout refers to: nested indexes (rule 88), images of every platform, attestations.
 * Documents are verified and staged on the way; what is found of layers is returned, to be taken in all together.
 */
import type { Digest } from '../../digest/digest';
import { LaminaError } from '../../errors';
import { parseImageConfig } from '../../image/config';
import { chooseManifest, kindOfDocument, parseIndex, parseManifest, type ImageIndex } from '../../image/manifest';
import {
  isConfigType,
  isEncryptedLayer,
  isForeignLayer,
  isIndexType,
  isLayerType,
  isManifestType,
} from '../../image/media-types';
import type { Manifest } from '../../image/types';
import { CONFIG_LIMIT, MANIFEST_LIMIT } from '../../store/json';
import type { Descriptor, Platform } from '../../store/types';
import type { LayerRequest } from '../intake';
import type { ArchiveBlobs } from './blobs';

const MAX_DEPTH = 4;
const MAX_DOCUMENTS = 10_000;

/** An image that can be had whole. */
export interface PlannedImage {
  /** Its manifest, with the platform that the config says. */
  readonly descriptor: Descriptor;
  readonly id: Digest;
  readonly platform: Platform;
  readonly layers: readonly LayerRequest[];
}

/** Images under one root, in document order. */
export class RootPlan {
  readonly images: PlannedImage[] = [];
  /** The first thing that an image lacks, when an index leaves out some of its images. */
  private firstMissing: LaminaError | undefined;
  private readonly seen = new Set<Digest>();
  private readonly indexes = new Map<Digest, ImageIndex>();

  readonly root: Descriptor;
  private readonly blobs: ArchiveBlobs;

  private constructor(blobs: ArchiveBlobs, root: Descriptor) {
    this.blobs = blobs;
    this.root = root;
  }

  /**
   * @throws ARCHIVE_INCOMPLETE when no image under the root is whole, although there are some; also for a root manifest
   * that lacks a layer. A root without any image (an artifact) gives a plan without images.
   */
  static async of(blobs: ArchiveBlobs, root: Descriptor): Promise<RootPlan> {
    const plan = new RootPlan(blobs, root);
    await plan.visit(root, 0);
    if (plan.images.length === 0 && plan.firstMissing !== undefined) throw plan.firstMissing;
    return plan;
  }

  private async visit(descriptor: Descriptor, depth: number): Promise<void> {
    if (this.seen.has(descriptor.digest)) return;
    this.seen.add(descriptor.digest);
    if (depth > MAX_DEPTH || this.seen.size > MAX_DOCUMENTS) throw this.tooDeep(depth);
    const bytes = await this.documentOf(descriptor);
    if (bytes === undefined) return;
    const subject = `${descriptor.digest} in ${this.blobs.file}`;
    const kind = kindOfDocument(bytes, subject);
    this.refuseOtherKind(descriptor, kind);
    if (kind === 'index') {
      const index = parseIndex(bytes, subject);
      this.indexes.set(descriptor.digest, index);
      for (const child of index.manifests) await this.visit(child, depth + 1);
    } else if (kind === 'manifest') await this.visitManifest(descriptor, parseManifest(bytes, subject));
  }

  /** The image people mean by the root (rule 88), if the archive has it whole. */
  chosen(): PlannedImage | undefined {
    let descriptor: Descriptor | undefined = this.root;
    for (let depth = 0; descriptor !== undefined && depth <= MAX_DEPTH; depth += 1) {
      const index = this.indexes.get(descriptor.digest);
      if (index === undefined) break;
      descriptor = chooseManifest(index);
    }
    return this.images.find((image) => image.descriptor.digest === descriptor?.digest);
  }

  /** A descriptor and its document must agree on what the document is (rule 86). */
  private refuseOtherKind({ digest, mediaType }: Descriptor, kind: ReturnType<typeof kindOfDocument>): void {
    const fits = kind === 'index' ? isIndexType(mediaType) : kind === 'manifest' ? isManifestType(mediaType) : false;
    if (fits) return;
    throw new LaminaError(
      'ARCHIVE_INVALID',
      `${digest} in ${this.blobs.file} is not what its media type “${mediaType}” says.`,
      {
        subject: this.blobs.file,
        hint: 'The archive was made wrongly or to do harm. Export the image again from where it came from.',
      },
    );
  }

  /** An index may name images that the archive leaves out (image-layout.md: blobs may be missing). */
  private async documentOf(descriptor: Descriptor): Promise<Buffer | undefined> {
    if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType)) {
      await this.blobs.keep(descriptor);
      return undefined;
    }
    const bytes = await this.blobs.document(descriptor, MANIFEST_LIMIT);
    if (bytes === undefined) this.firstMissing ??= this.blobs.missing(descriptor, 'manifest');
    return bytes;
  }

  private async visitManifest(descriptor: Descriptor, manifest: Manifest): Promise<void> {
    this.refuseEncrypted(manifest);
    const isImage =
      isConfigType(manifest.config.mediaType) && manifest.layers.every(({ mediaType }) => isLayerType(mediaType));
    if (!isImage) {
      await this.keepArtifact(manifest);
      return;
    }
    const configBytes = await this.blobs.document(manifest.config, CONFIG_LIMIT);
    if (configBytes === undefined) {
      this.firstMissing ??= this.blobs.missing(manifest.config, 'config');
      return;
    }
    const subject = `The config ${manifest.config.digest} in ${this.blobs.file}`;
    const config = parseImageConfig(configBytes, subject);
    const { diff_ids: diffIds } = config.rootfs;
    if (diffIds.length !== manifest.layers.length) throw this.wrongCount(descriptor, manifest, diffIds.length);
    const platform = { os: config.os, architecture: config.architecture, variant: config.variant };
    if (!(await this.hasLayers(manifest))) return;
    const layers = manifest.layers.map((layer, index) => this.request(layer, index, { manifest, diffIds, platform }));
    this.images.push({
      descriptor: { ...descriptor, platform: descriptor.platform ?? platform },
      id: manifest.config.digest,
      platform,
      layers,
    });
  }

  private async keepArtifact(manifest: Manifest): Promise<void> {
    for (const blob of [manifest.config, ...manifest.layers]) await this.blobs.keep(blob);
  }

  private async hasLayers(manifest: Manifest): Promise<boolean> {
    for (const layer of manifest.layers) {
      if (await this.blobs.isThere(layer)) continue;
      this.firstMissing ??= this.blobs.missing(
        layer,
        isForeignLayer(layer.mediaType) ? 'foreign layer (archives leave these out)' : 'layer',
      );
      return false;
    }
    return true;
  }

  private request(
    layer: Descriptor,
    index: number,
    of: { readonly manifest: Manifest; readonly diffIds: readonly Digest[]; readonly platform: Platform },
  ): LayerRequest {
    const { os, architecture } = of.platform;
    const label = `layer ${index + 1} of ${of.manifest.layers.length} of ${os}/${architecture}`;
    return {
      region: this.blobs.regionOf(layer),
      digest: layer.digest,
      diffId: of.diffIds[index],
      label,
      name: layer.digest,
      file: this.blobs.file,
    };
  }

  private refuseEncrypted(manifest: Manifest): void {
    const layer = manifest.layers.find(({ mediaType }) => isEncryptedLayer(mediaType));
    if (layer === undefined) return;
    throw new LaminaError('UNSUPPORTED_MEDIA_TYPE', `The layer ${layer.digest} in ${this.blobs.file} is encrypted.`, {
      subject: this.blobs.file,
      hint: 'Decrypt the image first, for example: skopeo copy --decryption-key KEY oci-archive:FILE oci-archive:decrypted.tar',
    });
  }

  private wrongCount(descriptor: Descriptor, manifest: Manifest, diffIds: number): LaminaError {
    return new LaminaError(
      'IMAGE_INVALID',
      `The manifest ${descriptor.digest} in ${this.blobs.file} has ${manifest.layers.length} layers, but its config has ${diffIds} DiffIDs.`,
      { subject: this.blobs.file, hint: 'The image was made wrongly and no engine runs it. Export it again.' },
    );
  }

  private tooDeep(depth: number): LaminaError {
    const what =
      depth > MAX_DEPTH ? `nests indexes deeper than ${MAX_DEPTH}` : `refers to more than ${MAX_DOCUMENTS} documents`;
    return new LaminaError('LIMIT_EXCEEDED', `${this.blobs.file} ${what}.`, {
      subject: this.blobs.file,
      hint: 'No real image does this: the archive is damaged or made to do harm.',
    });
  }
}

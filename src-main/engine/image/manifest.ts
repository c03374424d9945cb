/** Manifests and indexes (image-spec manifest.md, image-index.md): reading, choosing a platform, writing. */
import { LaminaError } from '../errors';
import { parseDescriptor } from '../store/descriptor';
import { isObject, MANIFEST_LIMIT, parseJsonObject, type JsonObject } from '../store/json';
import type { Descriptor } from '../store/types';
import { isIndexType, isManifestType, OCI_MANIFEST } from './media-types';
import type { Manifest } from './types';

export interface ImageIndex {
  readonly mediaType?: string | undefined;
  readonly manifests: readonly Descriptor[];
}

/** More entries than any published image has platforms and attestations (semantics S11). */
const MAX_DESCRIPTORS = 10_000;

/** @throws LaminaError IMAGE_INVALID, LIMIT_EXCEEDED */
export function parseManifest(bytes: Uint8Array, subject: string): Manifest {
  const document = parseDocument(bytes, subject);
  refuseConfusion(document, subject);
  const mediaType = optionalMediaType(document, isManifestType, subject);
  const layers = listOf(document, 'layers', subject);
  return {
    schemaVersion: 2,
    mediaType,
    config: parseDescriptor(document['config'], 'config', subject),
    layers: layers.map((layer, i) => parseDescriptor(layer, `layers[${i}]`, subject)),
    annotations: annotationsOf(document),
  };
}

/** @throws LaminaError IMAGE_INVALID, LIMIT_EXCEEDED */
export function parseIndex(bytes: Uint8Array, subject: string): ImageIndex {
  const document = parseDocument(bytes, subject);
  refuseConfusion(document, subject);
  const mediaType = optionalMediaType(document, isIndexType, subject);
  const manifests = listOf(document, 'manifests', subject);
  return { mediaType, manifests: manifests.map((entry, i) => parseDescriptor(entry, `manifests[${i}]`, subject)) };
}

/**
 * What the document is by its content: descriptors of some writers have no or a wrong media type.
 * @throws LaminaError IMAGE_INVALID for one that could be taken for both (rule 86)
 */
export function kindOfDocument(bytes: Uint8Array, subject: string): 'index' | 'manifest' | 'other' {
  const document = parseDocument(bytes, subject);
  refuseConfusion(document, subject);
  if (document['manifests'] !== undefined) return 'index';
  return document['layers'] !== undefined && document['config'] !== undefined ? 'manifest' : 'other';
}

/**
 * The image of an index that people mean (rule 88): this machine's architecture on Linux, otherwise the first real
 * platform. Attestations are never chosen. Undefined when the index has no image at all.
 */
export function chooseManifest(index: ImageIndex, architecture = hostArchitecture()): Descriptor | undefined {
  const real = index.manifests.filter((entry) => !isAttestation(entry));
  const fits = real.filter((entry) => entry.platform?.os === 'linux' && entry.platform.architecture === architecture);
  return fits[0] ?? real[0];
}

/** Whether the entry is a signed or unsigned claim about another entry and not an image. */
function isAttestation(entry: Descriptor): boolean {
  const { os, architecture } = entry.platform ?? {};
  if (os === 'unknown' && architecture === 'unknown') return true;
  if (entry['artifactType'] === 'application/vnd.docker.attestation.manifest.v1+json') return true;
  return entry.annotations?.['vnd.docker.reference.type'] === 'attestation-manifest';
}

/** Bytes of an OCI manifest; the same parts give the same bytes. */
export function buildManifest(parts: { readonly config: Descriptor; readonly layers: readonly Descriptor[] }): Buffer {
  return Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: parts.config, layers: parts.layers }),
  );
}

/** Go's name of this machine's processor. */
export function hostArchitecture(): string {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
  return names[process.arch] ?? process.arch;
}

function parseDocument(bytes: Uint8Array, subject: string): JsonObject {
  return parseJsonObject(bytes, { subject, limitBytes: MANIFEST_LIMIT });
}

/** CVE-2021-41190: a document that one program reads as an index and another as a manifest (rule 86). */
function refuseConfusion(document: JsonObject, subject: string): void {
  const asIndex = document['manifests'] !== undefined;
  const asManifest = document['layers'] !== undefined || document['config'] !== undefined;
  if ((asIndex && asManifest) || document['fsLayers'] !== undefined) {
    throw new LaminaError(
      'IMAGE_INVALID',
      document['fsLayers'] === undefined
        ? `${subject} has both “manifests” and “layers” or “config”, so that programs disagree on what it is.`
        : `${subject} is a manifest of the withdrawn schema 1.`,
      { subject, hint: 'Make or fetch the image again with a current program.' },
    );
  }
}

function optionalMediaType(
  document: JsonObject,
  fits: (mediaType: string) => boolean,
  subject: string,
): string | undefined {
  const mediaType = document['mediaType'];
  if (mediaType === undefined || mediaType === '') return undefined;
  if (typeof mediaType === 'string' && fits(mediaType)) return mediaType;
  const shown = JSON.stringify(mediaType).slice(0, 200);
  throw new LaminaError('IMAGE_INVALID', `${subject} has the media type ${shown}, which does not fit.`, {
    subject,
    hint: 'The image has to be made again or fetched again.',
  });
}

function listOf(document: JsonObject, field: string, subject: string): readonly unknown[] {
  const value = document[field] ?? [];
  if (!Array.isArray(value)) {
    throw new LaminaError('IMAGE_INVALID', `“${field}” of ${subject} is not a list.`, { subject });
  }
  if (value.length > MAX_DESCRIPTORS) {
    throw new LaminaError('LIMIT_EXCEEDED', `“${field}” of ${subject} has ${value.length} entries.`, {
      subject,
      hint: `At most ${MAX_DESCRIPTORS} are read; no real image has more.`,
    });
  }
  return value as readonly unknown[];
}

function annotationsOf(document: JsonObject): Readonly<Record<string, string>> | undefined {
  const annotations = document['annotations'];
  if (!isObject(annotations)) return undefined;
  const map = Object.create(null) as Record<string, string>;
  for (const [key, text] of Object.entries(annotations)) if (typeof text === 'string') map[key] = text;
  return map;
}

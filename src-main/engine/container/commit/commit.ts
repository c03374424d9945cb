/** Makes an image of a container: one more layer, a config, a manifest, and a reference that moves there. */
import path from 'node:path';
import type { Digest } from '../../digest/digest';
import { LaminaError, toLaminaError } from '../../errors';
import { buildManifest } from '../../image/manifest';
import {
  DOCKER_CONFIG,
  DOCKER_LAYER,
  DOCKER_MANIFEST,
  OCI_CONFIG,
  OCI_LAYER,
  OCI_MANIFEST,
} from '../../image/media-types';
import { parseReference } from '../../image/reference';
import type { Image, ImageConfig } from '../../image/types';
import type { WorkOptions } from '../../options';
import { withRoot } from '../../store/roots';
import type { Descriptor, StoreTransaction } from '../../store/types';
import type { ContainerContext } from '../image-below';
import type { CommitRequest, CommitResult } from '../types';
import type { UpperRow } from '../upper-rows';
import { committedConfig } from './config';
import { LayerContents, type ContentSource } from './layer-contents';
import { writeLayer, type WrittenLayer } from './write-layer';

/** A container as it is at one moment; its layer's rows do not change any more. */
export interface CommitSource extends ContentSource {
  readonly rows: readonly UpperRow[];
}

interface Commit extends ContainerContext {
  readonly source: CommitSource;
  readonly transaction: StoreTransaction;
  readonly options: WorkOptions;
}

/**
 * @throws LaminaError INVALID_REFERENCE, INVALID_CHANGE, BLOB_MISSING, BLOB_DAMAGED, CANCELLED; the store is as before
 */
export async function commitContainer(
  context: ContainerContext,
  source: CommitSource,
  request: CommitRequest & WorkOptions,
): Promise<CommitResult> {
  const reference = request.reference === undefined ? undefined : tagOf(request.reference);
  const facts = {
    created: request.created ?? sourceDate() ?? new Date(),
    author: given(request.author),
    message: given(request.message),
    changes: request.changes ?? [],
  };
  // Says what is wrong with the changes before a large layer is written.
  committedConfig(source.image.config, { ...facts, diffId: undefined });
  const transaction = await context.store.begin();
  try {
    const commit: Commit = { ...context, source, transaction, options: request };
    const layer = source.rows.length === 0 ? undefined : await addLayer(commit);
    const config = committedConfig(source.image.config, { ...facts, diffId: layer?.digest });
    const { manifest, id } = await addDocuments(commit, config, layer);
    const needs = [...source.image.layers.map(({ digest }) => digest), id, manifest.digest];
    await transaction.commit((roots) => withRoot(roots, manifest, reference?.full), needs);
    return {
      key: manifest.digest,
      id,
      reference: reference?.familiar,
      diffId: layer?.digest,
      layerSize: layer?.size ?? 0,
    };
  } catch (error) {
    await transaction.rollback();
    throw toLaminaError(error);
  }
}

function tagOf(text: string): { readonly full: string; readonly familiar: string } {
  const reference = parseReference(text);
  if (reference.digest === undefined) return reference;
  throw new LaminaError('INVALID_REFERENCE', `“${text}” names a digest, which a new image cannot be given.`, {
    subject: text,
    hint: 'Write it as name:tag.',
  });
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

/** Reproducible builds: https://reproducible-builds.org/specs/source-date-epoch/ */
function sourceDate(): Date | undefined {
  const seconds = process.env['SOURCE_DATE_EPOCH'];
  return seconds !== undefined && /^\d{1,12}$/.test(seconds) ? new Date(Number(seconds) * 1000) : undefined;
}

/** Writes the layer, and scans it like any other one: its index then comes from the very bytes that are stored. */
async function addLayer({ store, pool, source, transaction, options }: Commit): Promise<WrittenLayer> {
  const { rows } = source;
  const { folder } = transaction;
  const file = path.join(folder, 'layer.tar');
  const contents = new LayerContents({ store, pool }, source);
  const latest = sourceDate();
  let layer: WrittenLayer;
  try {
    const needed = rows.flatMap(({ content }) => content ?? []);
    await contents.prepare(needed, folder, options.signal);
    layer = await writeLayer({
      ...{ rows, file, signal: options.signal, onProgress: options.onProgress },
      latestTime: latest === undefined ? undefined : latest.getTime() / 1000,
      open: (content, signal) => contents.open(content, signal),
    });
  } finally {
    await contents.close();
  }
  const scan = await pool.ingest(
    {
      source: { file, offset: 0, length: layer.size },
      ...{ folder, copy: false, label: 'container layer' },
      ...{ expectedDigest: layer.digest, expectedDiffId: layer.digest },
    },
    { signal: options.signal },
  );
  await transaction.adopt({ ...layer, file });
  await transaction.adoptIndex(layer.digest, scan.indexFile);
  return layer;
}

/** Config and manifest, in the family of media types that the parent is of; its layer descriptors stay as they are. */
async function addDocuments(
  { source: { image }, transaction }: Commit,
  config: ImageConfig,
  layer: WrittenLayer | undefined,
): Promise<{ readonly manifest: Descriptor; readonly id: Digest }> {
  const isDocker = image.manifest.mediaType === DOCKER_MANIFEST;
  const stored = await transaction.putBytes(Buffer.from(JSON.stringify(config)));
  const parts = {
    config: { mediaType: isDocker ? DOCKER_CONFIG : OCI_CONFIG, ...stored },
    layers: [...image.manifest.layers, ...(layer === undefined ? [] : [layerDescriptor(layer, image)])],
  };
  const bytes = isDocker
    ? Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: DOCKER_MANIFEST, ...parts }))
    : buildManifest(parts);
  const manifest = await transaction.putBytes(bytes);
  return { manifest: { mediaType: isDocker ? DOCKER_MANIFEST : OCI_MANIFEST, ...manifest }, id: stored.digest };
}

function layerDescriptor({ digest, size }: WrittenLayer, image: Image): Descriptor {
  return { mediaType: image.manifest.mediaType === DOCKER_MANIFEST ? DOCKER_LAYER : OCI_LAYER, digest, size };
}

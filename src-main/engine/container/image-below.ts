/** The image that a container lies on: its tree, and the bytes of its files. */
import type { Readable } from 'node:stream';
import { LaminaError } from '../errors';
import type { Digest } from '../digest/digest';
import { loadImage } from '../image/load';
import { OCI_MANIFEST } from '../image/media-types';
import { layerIndexes, unionOf } from '../image/tree';
import type { Image } from '../image/types';
import { openContent } from '../layer/content';
import type { LayerPool } from '../layer/pool';
import type { BlobStore } from '../store/types';
import type { UnionTree } from '../union/types';
import type { ContentRange } from './content-folder';
import type { UpperContent } from './upper';

export interface ContainerContext {
  readonly store: BlobStore;
  readonly pool: LayerPool;
}

/** Content that still lies in a layer of the image. */
export type LayerContent = Extract<UpperContent, { readonly from: 'layer' }>;

export interface StoredSpan {
  readonly blobFile: string;
  readonly offset: number;
}

/**
 * The image with this key, whether or not a reference still leads to it.
 * @throws LaminaError IMAGE_NOT_FOUND, and what is wrong with an image that cannot be read
 */
export async function imageByKey({ store }: ContainerContext, key: Digest): Promise<Image> {
  const size = await store.sizeOf(key);
  const image = size === undefined ? undefined : await loadImage(store, { mediaType: OCI_MANIFEST, digest: key, size });
  if (image !== undefined) return { ...image, references: [] };
  throw new LaminaError('IMAGE_NOT_FOUND', `The image ${key} of the container is not in the store.`, {
    subject: key,
    hint: 'Import the image again from where it came from; the container then works as before.',
  });
}

export async function treeBelow(context: ContainerContext, key: Digest): Promise<UnionTree> {
  return unionOf(context.store, await imageByKey(context, key), context.pool);
}

/** Where the content is stored. @throws LaminaError STORE_INVALID when the image has no such entry */
export async function spanOf(context: ContainerContext, image: Image, content: LayerContent): Promise<StoredSpan> {
  const indexes = await layerIndexes(context.store, image, context.pool);
  const [index, layer] = [indexes[content.layer], image.layers[content.layer]];
  const entry = index !== undefined && content.position < index.count ? index.entry(content.position) : undefined;
  if (layer !== undefined && entry?.sha256 === content.sha256) {
    return { blobFile: context.store.blobFile(layer.digest), offset: entry.offset };
  }
  throw new LaminaError('STORE_INVALID', `Layer ${content.layer + 1} of ${image.key} has no such file.`, {
    subject: image.key,
    hint: 'Run “lamina fsck --repair”, which makes the index of the layer again.',
  });
}

/** Streams content of the image. @throws LaminaError BLOB_MISSING, BLOB_DAMAGED, the latter as stream error too */
export async function openLayerContent(
  context: ContainerContext,
  request: { readonly image: Image; readonly content: LayerContent } & ContentRange,
): Promise<Readable> {
  const { image, content, start, end, signal } = request;
  const span = await spanOf(context, image, content);
  return openContent({ ...span, size: content.size, sha256: content.sha256, start, end, signal });
}

/** The layers of an image as indexes, and the union of them; an index that is missing is made again from the blob. */
import { LaminaError, toLaminaError } from '../errors';
import { loadLayerIndex, type LayerIndex } from '../layer/index-file';
import type { LayerPool } from '../layer/pool';
import type { Digest } from '../digest/digest';
import type { WorkOptions } from '../options';
import type { BlobStore } from '../store/types';
import { buildUnion } from '../union/merge';
import type { UnionTree } from '../union/types';
import { isEncryptedLayer, isForeignLayer, isLayerType } from './media-types';
import type { Image, LayerInfo } from './types';

/** Loaded indexes and merged trees kept in memory; the least lately used go first. */
const MAX_INDEXES = 128;
const MAX_TREES = 4;

interface Kept {
  readonly indexes: Map<Digest, Promise<LayerIndex>>;
  readonly trees: Map<Digest, Promise<UnionTree>>;
}
const kept = new WeakMap<BlobStore, Kept>();

/**
 * The indexes of all layers, lowest first.
 * @throws LaminaError BLOB_MISSING, BLOB_DAMAGED, LAYER_INVALID, UNSUPPORTED_MEDIA_TYPE naming the layer
 */
export async function layerIndexes(
  store: BlobStore,
  image: Image,
  pool: LayerPool,
  options: WorkOptions = {},
): Promise<LayerIndex[]> {
  const { indexes } = keptOf(store);
  return Promise.all(
    image.layers.map((layer) =>
      remembered(indexes, layer.diffId, MAX_INDEXES, () => loadOrRebuild(store, { image, layer, pool, options })),
    ),
  );
}

/** All layers of the image merged by the rules of the specification. */
export async function unionOf(
  store: BlobStore,
  image: Image,
  pool: LayerPool,
  options: WorkOptions = {},
): Promise<UnionTree> {
  return remembered(keptOf(store).trees, image.key, MAX_TREES, async () =>
    buildUnion(await layerIndexes(store, image, pool, options)),
  );
}

interface RebuildRequest {
  readonly image: Image;
  readonly layer: LayerInfo;
  readonly pool: LayerPool;
  readonly options: WorkOptions;
}

async function loadOrRebuild(store: BlobStore, request: RebuildRequest): Promise<LayerIndex> {
  const file = store.indexFile(request.layer.diffId);
  const index = await loadLayerIndex(file).catch(() => undefined);
  if (index?.diffId === request.layer.diffId) return index;
  await rebuild(store, request);
  return loadLayerIndex(file);
}

async function rebuild(store: BlobStore, { image, layer, pool, options }: RebuildRequest): Promise<void> {
  const size = await store.sizeOf(layer.digest);
  if (size === undefined || !isLayerType(layer.mediaType)) throw unreadable(layer, size);
  const transaction = await store.begin();
  try {
    const result = await pool.ingest(
      {
        source: { file: store.blobFile(layer.digest), offset: 0, length: size },
        folder: transaction.folder,
        copy: false,
        label: `layer ${layer.position + 1} of ${image.layers.length}`,
        expectedDigest: layer.digest,
        expectedDiffId: layer.diffId,
      },
      options,
    );
    await transaction.adoptIndex(layer.diffId, result.indexFile);
    await transaction.commit((roots) => roots);
  } catch (error) {
    await transaction.rollback();
    throw toLaminaError(error, layer.digest);
  }
}

function unreadable({ digest, mediaType, position }: LayerInfo, size: number | undefined): LaminaError {
  const layer = `Layer ${position + 1} (${digest})`;
  if (size === undefined) {
    return new LaminaError('BLOB_MISSING', `${layer} is not in the store.`, {
      subject: digest,
      hint: isForeignLayer(mediaType)
        ? 'It is a foreign layer, which its owner does not allow to be passed on; the image cannot be browsed without it.'
        : 'Import the image again from where it came from.',
    });
  }
  const why = isEncryptedLayer(mediaType) ? 'is encrypted' : `has the unknown media type “${mediaType}”`;
  return new LaminaError('UNSUPPORTED_MEDIA_TYPE', `${layer} ${why}.`, {
    subject: digest,
    hint: isEncryptedLayer(mediaType)
      ? 'Decrypt the image first, for example with “skopeo copy --decryption-key”.'
      : 'Only filesystem layers can be browsed.',
  });
}

function keptOf(store: BlobStore): Kept {
  const known = kept.get(store);
  if (known !== undefined) return known;
  const fresh: Kept = { indexes: new Map(), trees: new Map() };
  kept.set(store, fresh);
  return fresh;
}

/** Answers from memory, or makes it; failures are not kept. A Map holds its keys in order of use. */
function remembered<T>(
  memory: Map<Digest, Promise<T>>,
  key: Digest,
  limit: number,
  make: () => Promise<T>,
): Promise<T> {
  const found = memory.get(key) ?? make();
  memory.delete(key);
  memory.set(key, found);
  found.catch(() => {
    if (memory.get(key) === found) memory.delete(key);
  });
  const [oldest] = memory.keys();
  if (memory.size > limit && oldest !== undefined) memory.delete(oldest);
  return found;
}

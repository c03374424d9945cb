/** From the references of the store to images: documents read, checked against each other, joined (rules 78–88). */
import { chainIds, isDigest, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { CONFIG_LIMIT, MANIFEST_LIMIT } from '../store/json';
import { tryReference } from '../store/reference';
import type { BlobStore, Descriptor, RootEntry } from '../store/types';
import { parseImageConfig } from './config';
import { chooseManifest, kindOfDocument, parseIndex, parseManifest } from './manifest';
import { isConfigType, isIndexType, isManifestType } from './media-types';
import type { Image, ImageConfig, LayerInfo, Manifest } from './types';

const MAX_INDEX_DEPTH = 4;

/** One image without the references that point to it. */
type ImageDocuments = Omit<Image, 'references'>;

/** Images already read, by the digest of what a root points to; blobs never change, so an entry never goes stale. */
const known = new WeakMap<BlobStore, Map<Digest, ImageDocuments | undefined>>();
const MAX_KNOWN = 2_000;

/**
 * All images of the store, each once, in the order of `index.json`. Roots that are no images (other artifacts) and
 * roots that cannot be read are left out; `findImage` and `fsck` say what is wrong with those.
 */
export async function listImages(store: BlobStore): Promise<Image[]> {
  const roots = await store.roots();
  const loaded: { root: RootEntry; documents: ImageDocuments }[] = [];
  for (const root of roots) {
    const documents = await loadRoot(store, root.descriptor).catch(readable);
    if (documents !== undefined) loaded.push({ root, documents });
  }
  return joinReferences(loaded);
}

/**
 * The image that `text` names: a reference, `name@digest`, a digest (of image, manifest or index), or an unambiguous
 * start of an ImageID or a manifest digest.
 * @throws LaminaError IMAGE_NOT_FOUND, IMAGE_AMBIGUOUS, and what is wrong with an image that cannot be read
 */
export async function findImage(store: BlobStore, text: string): Promise<Image> {
  const root = await rootByReference(store, text);
  // Read first, so that an image that cannot be read says why.
  const key = root === undefined ? undefined : (await loadRoot(store, root.descriptor))?.key;
  const images = await listImages(store);
  const found = root === undefined ? byDigest(images, text) : images.filter((image) => image.key === key);
  const [first, ...more] = found;
  if (first === undefined) throw notFound(text);
  if (more.length > 0) {
    throw new LaminaError('IMAGE_AMBIGUOUS', `“${text}” fits ${found.length} images.`, {
      subject: text,
      hint: `Give more digits: ${found.map((image) => image.id.slice(0, 'sha256:'.length + 20)).join(', ')}.`,
    });
  }
  return first;
}

/** The error for a name that nothing in the store has. */
function notFound(text: string): LaminaError {
  return new LaminaError('IMAGE_NOT_FOUND', `The store has no image “${text}”.`, {
    subject: text,
    hint: 'See what it has with “lamina images”.',
  });
}

/** Reads the image a descriptor leads to; undefined when it is another kind of artifact. */
export async function loadImage(store: BlobStore, root: Descriptor): Promise<ImageDocuments | undefined> {
  return loadRoot(store, root);
}

async function rootByReference(store: BlobStore, text: string): Promise<RootEntry | undefined> {
  const wanted = tryReference(text);
  if (wanted === undefined) return undefined;
  const roots = await store.roots();
  const exact = roots.find((root) => root.reference === wanted.full);
  if (exact !== undefined || wanted.digest === undefined) return exact;
  const named = roots.filter((root) => tryReference(root.reference ?? '')?.name === wanted.name);
  for (const root of named) {
    if (root.descriptor.digest === wanted.digest) return root;
    if ((await loadRoot(store, root.descriptor))?.key === wanted.digest) return root;
  }
  return undefined;
}

function byDigest(images: readonly Image[], text: string): Image[] {
  const hex = text.startsWith('sha256:') ? text.slice('sha256:'.length) : text;
  if (!/^[0-9a-f]{1,64}$/.test(hex)) return [];
  const start = `sha256:${hex}`;
  if (isDigest(start)) {
    return images.filter((image) => [image.key, image.id, image.root.digest].includes(start)).slice(0, 1);
  }
  return images.filter((image) => image.key.startsWith(start) || image.id.startsWith(start));
}

async function loadRoot(store: BlobStore, root: Descriptor): Promise<ImageDocuments | undefined> {
  const cache = known.get(store) ?? new Map<Digest, ImageDocuments | undefined>();
  known.set(store, cache);
  if (cache.has(root.digest)) {
    const cached = cache.get(root.digest);
    // The same bytes can be a root twice with other annotations.
    return cached === undefined ? undefined : { ...cached, root };
  }
  const documents = await readImage(store, root);
  if (cache.size >= MAX_KNOWN) cache.clear();
  cache.set(root.digest, documents);
  return documents;
}

async function readImage(store: BlobStore, root: Descriptor): Promise<ImageDocuments | undefined> {
  let descriptor: Descriptor | undefined = root;
  for (let depth = 0; descriptor !== undefined && depth <= MAX_INDEX_DEPTH; depth += 1) {
    const bytes = await readDocument(store, descriptor, MANIFEST_LIMIT);
    const kind = kindOfDocument(bytes, descriptor.digest);
    if (kind === 'other') return undefined;
    refuseOtherKind(descriptor, kind);
    if (kind === 'manifest') return joinDocuments(store, root, descriptor, parseManifest(bytes, descriptor.digest));
    descriptor = chooseManifest(parseIndex(bytes, descriptor.digest));
  }
  if (descriptor === undefined) return undefined;
  throw new LaminaError('IMAGE_INVALID', `${root.digest} nests indexes deeper than ${MAX_INDEX_DEPTH} levels.`, {
    subject: root.digest,
  });
}

/** A descriptor and its document must agree on what the document is (rule 86). */
function refuseOtherKind({ digest, mediaType }: Descriptor, kind: 'index' | 'manifest'): void {
  if (kind === 'index' ? !isManifestType(mediaType) : !isIndexType(mediaType)) return;
  throw new LaminaError(
    'IMAGE_INVALID',
    `${digest} is ${kind === 'index' ? 'an index' : 'a manifest'}, but what refers to it says “${mediaType}”.`,
    {
      subject: digest,
      hint: 'The image has to be made again or fetched again.',
    },
  );
}

async function joinDocuments(
  store: BlobStore,
  root: Descriptor,
  descriptor: Descriptor,
  manifest: Manifest,
): Promise<ImageDocuments | undefined> {
  if (!isConfigType(manifest.config.mediaType)) return undefined;
  const config = parseImageConfig(await readDocument(store, manifest.config, CONFIG_LIMIT), manifest.config.digest);
  return {
    key: descriptor.digest,
    root,
    id: manifest.config.digest,
    manifest,
    config,
    platform: { os: config.os, architecture: config.architecture, variant: config.variant },
    layers: joinLayers(manifest, config, descriptor.digest),
  };
}

/**
 * The layers of a manifest with what the config says about each, lowest first (rules 80, 81).
 * @throws LaminaError IMAGE_INVALID when their numbers differ
 */
function joinLayers(manifest: Manifest, config: ImageConfig, subject: string): LayerInfo[] {
  const diffIds = config.rootfs.diff_ids;
  if (manifest.layers.length !== diffIds.length) {
    throw new LaminaError(
      'IMAGE_INVALID',
      `The manifest of ${subject} has ${manifest.layers.length} layers, but its config names ${diffIds.length}.`,
      { subject, hint: 'The image has to be made again or fetched again; Docker would refuse it too.' },
    );
  }
  const chain = chainIds(diffIds);
  const withLayer = (config.history ?? []).filter((entry) => entry.empty_layer !== true);
  return manifest.layers.flatMap((layer, position) => {
    const [diffId, chainId] = [diffIds[position], chain[position]];
    if (diffId === undefined || chainId === undefined) return [];
    const { digest, mediaType, size: blobSize } = layer;
    return [{ position, digest, diffId, chainId, mediaType, blobSize, history: withLayer[position] }];
  });
}

async function readDocument(store: BlobStore, descriptor: Descriptor, limitBytes: number): Promise<Buffer> {
  const bytes = await store.readBytes(descriptor.digest, limitBytes);
  if (bytes.byteLength === descriptor.size) return bytes;
  throw new LaminaError(
    'IMAGE_INVALID',
    `${descriptor.digest} has ${bytes.byteLength} bytes, but what refers to it says ${descriptor.size}.`,
    { subject: descriptor.digest, hint: 'The image has to be made again or fetched again.' },
  );
}

function joinReferences(loaded: readonly { root: RootEntry; documents: ImageDocuments }[]): Image[] {
  const byKey = new Map<Digest, { documents: ImageDocuments; references: string[] }>();
  for (const { root, documents } of loaded) {
    const entry = byKey.get(documents.key) ?? { documents, references: [] };
    byKey.set(documents.key, entry);
    if (root.reference !== undefined) entry.references.push(root.reference);
  }
  return [...byKey.values()].map(({ documents, references }) => ({ ...documents, references: references.sort() }));
}

/** Swallows what is wrong with one image, so that the others can be listed; passes on what is wrong with the disk. */
function readable(error: unknown): undefined {
  const code = error instanceof LaminaError ? error.code : 'IO';
  if (code === 'IO' || code === 'INTERNAL' || code === 'CANCELLED') throw error;
  return undefined;
}

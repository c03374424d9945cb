/**
 * An image layout to be written: which blobs, and an `index.json` whose bytes depend on the images and their names
 * alone. Docker, containerd, podman and skopeo find each name where they look for it (rule 90).
 */
import type { Digest } from '../../digest/digest';
import { LaminaError } from '../../errors';
import { OCI_INDEX } from '../../image/media-types';
import { parseReference, type Reference } from '../../image/reference';
import type { Image } from '../../image/types';
import { IMAGE_NAME_ANNOTATION, REF_NAME_ANNOTATION } from '../../store/index-json';
import { follow, newReach } from '../../store/reach';
import type { BlobInfo, BlobStore, Descriptor } from '../../store/types';

/** An image and the names it shall have in the archive. */
export interface NamedImage {
  readonly image: Image;
  /** Tagged references, sorted by their full form. */
  readonly references: readonly Reference[];
}

export const OCI_LAYOUT = Buffer.from('{"imageLayoutVersion":"1.0.0"}');

/** Pairs images with their references; the same image given twice is one. References without a tag are no names. */
export function nameImages(images: readonly Image[], references: readonly (readonly string[])[]): NamedImage[] {
  const named = new Map<Digest, { image: Image; references: Map<string, Reference> }>();
  images.forEach((image, index) => {
    const entry = named.get(image.key) ?? { image, references: new Map<string, Reference>() };
    named.set(image.key, entry);
    for (const text of references[index] ?? []) {
      const reference = parseReference(text);
      if (reference.tag !== undefined && reference.digest === undefined)
        entry.references.set(reference.full, reference);
    }
  });
  return [...named.values()].map((entry) => ({
    image: entry.image,
    references: [...entry.references.values()].sort((a, b) => (a.full < b.full ? -1 : 1)),
  }));
}

/**
 * Every blob the images consist of, by digest, sorted. What an index refers to and the store does not have (images of
 * other platforms) is left out, as it was when it came.
 * @throws BLOB_MISSING for a blob of an image itself
 */
export async function blobsOf(store: BlobStore, images: readonly NamedImage[]): Promise<BlobInfo[]> {
  const reach = newReach();
  await follow(
    store,
    images.map(({ image }) => image.root),
    reach,
  );
  const own = new Set(
    images.flatMap(({ image }) => [image.key, image.id, ...image.layers.map(({ digest }) => digest)]),
  );
  const blobs: BlobInfo[] = [];
  for (const digest of [...new Set([...reach.blobs, ...own])].sort()) {
    const size = await store.sizeOf(digest);
    if (size !== undefined) blobs.push({ digest, size });
    else if (own.has(digest)) throw missing(digest, images);
  }
  return blobs;
}

function missing(digest: Digest, images: readonly NamedImage[]): LaminaError {
  const owner = images.find(({ image }) => image.layers.some((layer) => layer.digest === digest)) ?? images[0];
  const name = owner?.references[0]?.familiar ?? owner?.image.key ?? digest;
  return new LaminaError('BLOB_MISSING', `${name} cannot be exported: the store has no blob ${digest}.`, {
    subject: digest,
    hint: 'Import the image again from where it came from, then export it.',
  });
}

export function buildIndexJson(images: readonly NamedImage[]): Buffer {
  const taggedBy = new Map<string, Set<Digest>>();
  for (const { image, references } of images) {
    for (const { tag = '' } of references) taggedBy.set(tag, (taggedBy.get(tag) ?? new Set()).add(image.root.digest));
  }
  // A bare tag that two images have would be ambiguous for skopeo and umoci: then the whole name stands there.
  const refName = ({ tag = '', full }: Reference): string => ((taggedBy.get(tag)?.size ?? 0) > 1 ? full : tag);
  const manifests = images.flatMap(({ image, references }) => {
    if (references.length === 0) return [plainDescriptor(image.root, {})];
    return references.map((reference) =>
      plainDescriptor(image.root, {
        [IMAGE_NAME_ANNOTATION]: reference.full,
        [REF_NAME_ANNOTATION]: refName(reference),
      }),
    );
  });
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
}

function plainDescriptor(root: Descriptor, names: Readonly<Record<string, string>>): object {
  const annotations = new Map(Object.entries(root.annotations ?? {}));
  annotations.delete(IMAGE_NAME_ANNOTATION);
  annotations.delete(REF_NAME_ANNOTATION);
  for (const [key, value] of Object.entries(names)) annotations.set(key, value);
  const sorted = [...annotations].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    mediaType: root.mediaType,
    digest: root.digest,
    size: root.size,
    ...(sorted.length === 0 ? {} : { annotations: Object.fromEntries(sorted) }),
    ...(root.platform === undefined ? {} : { platform: root.platform }),
  };
}

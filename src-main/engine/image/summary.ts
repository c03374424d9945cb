/** Rows of `lamina images`: how large an image is and how much of that it shares (types.ts, ImageSummary). */
import type { Digest } from '../digest/digest';
import type { BlobStore } from '../store/types';
import { familiarOf } from './reference';
import type { Image, ImageSummary } from './types';

/** One row an image, in the given order; sizes are of blobs as stored, each once. */
export async function summariesOf(store: BlobStore, images: readonly Image[]): Promise<ImageSummary[]> {
  const blobs = await Promise.all(images.map((image) => blobsOf(store, image)));
  const users = new Map<Digest, number>();
  for (const digest of blobs.flatMap((of) => [...of.keys()])) users.set(digest, (users.get(digest) ?? 0) + 1);
  return images.map((image, i) => {
    const own = [...(blobs[i] ?? [])];
    return {
      key: image.key,
      id: image.id,
      references: image.references.map(familiarOf).sort(),
      platform: image.platform,
      created: image.config.created,
      layers: image.layers.length,
      size: sum(own.map(([, size]) => size)),
      uniqueSize: sum(own.map(([digest, size]) => (users.get(digest) === 1 ? size : 0))),
    };
  });
}

async function blobsOf(store: BlobStore, { key, manifest }: Image): Promise<Map<Digest, number>> {
  return new Map([
    [key, (await store.sizeOf(key)) ?? 0],
    [manifest.config.digest, manifest.config.size],
    ...manifest.layers.map(({ digest, size }): [Digest, number] => [digest, size]),
  ]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

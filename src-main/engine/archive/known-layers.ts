/** Which compressed blob of the store unpacks to which DiffID, as the store's own images say. */
import type { Digest } from '../digest/digest';
import { listImages } from '../image/load';
import type { BlobStore } from '../store/types';

/** From blob digest to DiffID, for every layer of every image. A damaged store knows none: layers are read again then. */
export async function knownLayers(store: BlobStore): Promise<ReadonlyMap<Digest, Digest>> {
  const images = await listImages(store).catch(() => []);
  return new Map(images.flatMap((image) => image.layers.map(({ digest, diffId }) => [digest, diffId] as const)));
}

/** How much the store holds, and how much sharing saves. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDigest, type Digest } from '../digest/digest';
import { layoutOf } from './layout';
import { follow, newReach } from './reach';
import { ifExists } from './system-error';
import type { BlobStore, StoreUsage } from './types';

/** Counts the blobs; a blob that n images (distinct roots) consist of is shared n − 1 times. */
export async function storeUsage(store: BlobStore): Promise<StoreUsage> {
  const sizes = await blobSizes(store);
  const users = await blobUsers(store);
  let bytes = 0;
  let sharedBytes = 0;
  for (const [digest, size] of sizes) {
    bytes += size;
    sharedBytes += size * Math.max(0, (users.get(digest) ?? 0) - 1);
  }
  return { blobs: sizes.size, bytes, sharedBytes };
}

/** By how many distinct roots each blob is used. */
async function blobUsers(store: BlobStore): Promise<Map<Digest, number>> {
  const users = new Map<Digest, number>();
  const roots = new Map((await store.roots()).map(({ descriptor }) => [descriptor.digest, descriptor]));
  for (const descriptor of roots.values()) {
    const reach = newReach();
    await follow(store, [descriptor], reach);
    for (const digest of reach.blobs) users.set(digest, (users.get(digest) ?? 0) + 1);
  }
  return users;
}

async function blobSizes(store: BlobStore): Promise<Map<Digest, number>> {
  const { blobs } = layoutOf(store.dir);
  const sizes = new Map<Digest, number>();
  for (const name of await readdir(blobs)) {
    const digest = `sha256:${name}`;
    if (!isDigest(digest)) continue;
    const found = await ifExists(stat(path.join(blobs, name)));
    if (found?.isFile() === true) sizes.set(digest, found.size);
  }
  return sizes;
}

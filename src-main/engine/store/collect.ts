/** The collector: removes blobs and layer indexes that no reference and no container leads to. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDigest, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { layoutOf, type Layout } from './layout';
import { bareDescriptor, follow, newReach, type Reach } from './reach';
import { removeLeftovers } from './scratch';
import { ifExists } from './system-error';
import type { BlobInfo, BlobStore, CollectResult } from './types';

/**
 * Marks from the roots and from `pinned` (manifests and blobs that containers stand on), then sweeps, as the only
 * writer. Also removes what dead processes left in flight.
 * @throws LaminaError BLOB_DAMAGED when a document cannot be read: nothing is removed then, as its layers are unknown
 */
export async function collectGarbage(store: BlobStore, pinned: () => Promise<Digest[]>): Promise<CollectResult> {
  const layout = layoutOf(store.dir);
  return store.withLock('collecting garbage', async () => {
    const reach = await markAll(store, await pinned());
    const removed = await sweepBlobs(layout, reach.blobs);
    const indexBytes = await sweepIndexes(layout, reach.diffIds);
    const leftoverBytes = await removeLeftovers(layout);
    const blobBytes = removed.reduce((sum, blob) => sum + blob.size, 0);
    return { removed, freedBytes: blobBytes + indexBytes + leftoverBytes };
  });
}

async function markAll(store: BlobStore, pinned: readonly Digest[]): Promise<Reach> {
  const reach = newReach();
  const roots = await store.roots();
  await follow(store, [...roots.map((root) => root.descriptor), ...pinned.map(bareDescriptor)], reach);
  for (const [digest, error] of reach.unreadable) {
    // A document that is gone protects nothing; one that is damaged may name layers that are still whole.
    if (error.code === 'BLOB_MISSING') continue;
    throw new LaminaError('BLOB_DAMAGED', `Nothing was removed, because ${digest} cannot be read: ${error.message}`, {
      subject: digest,
      hint: 'Run “lamina fsck” to see which images use it, remove those, then collect again.',
      cause: error,
    });
  }
  return reach;
}

async function sweepBlobs(layout: Layout, kept: ReadonlySet<Digest>): Promise<BlobInfo[]> {
  const removed: BlobInfo[] = [];
  for (const name of await readdir(layout.blobs)) {
    const digest = `sha256:${name}`;
    if (!isDigest(digest) || kept.has(digest)) continue;
    const size = await removeFile(path.join(layout.blobs, name));
    if (size !== undefined) removed.push({ digest, size });
  }
  return removed;
}

async function sweepIndexes(layout: Layout, kept: ReadonlySet<Digest>): Promise<number> {
  let freed = 0;
  for (const name of await readdir(layout.indexes)) {
    const diffId = `sha256:${name}`;
    if (isDigest(diffId) && kept.has(diffId)) continue;
    freed += (await removeFile(path.join(layout.indexes, name))) ?? 0;
  }
  return freed;
}

async function removeFile(file: string): Promise<number | undefined> {
  const found = await ifExists(stat(file));
  if (found?.isFile() !== true) return undefined;
  await rm(file, { force: true });
  return found.size;
}

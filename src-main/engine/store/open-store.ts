/** The store on disk (BlobStore). */
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { digestOf, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { readRootsFile, writeRootsFile } from './index-json';
import { blobPath, indexPath, prepareLayout, type Layout } from './layout';
import { withStoreLock, type LockOptions } from './lock';
import { removeLeftovers } from './scratch';
import { ifExists } from './system-error';
import { beginTransaction } from './transaction';
import type { BlobStore, RootEntry, StoreTransaction } from './types';

/**
 * Opens the store in `dir`, makes it when missing, and removes what dead processes left in flight.
 * @throws LaminaError STORE_INVALID when the folder is something else or has a newer version
 */
export async function openStore(dir: string, options: LockOptions = {}): Promise<BlobStore> {
  const made = await prepareLayout(path.resolve(dir));
  // One spelling of the folder, so that two openings of it in one process queue for one lock.
  const layout = await prepareLayout(await realpath(made.dir));
  await removeLeftovers(layout);
  return new DiskStore(layout, options);
}

class DiskStore implements BlobStore {
  readonly dir: string;
  private readonly layout: Layout;
  private readonly lockOptions: LockOptions;

  constructor(layout: Layout, lockOptions: LockOptions) {
    this.dir = layout.dir;
    this.layout = layout;
    this.lockOptions = lockOptions;
  }

  async roots(): Promise<RootEntry[]> {
    return [...(await readRootsFile(this.layout)).roots];
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.sizeOf(digest)) !== undefined;
  }

  blobFile(digest: Digest): string {
    return blobPath(this.layout, digest);
  }

  indexFile(diffId: Digest): string {
    return indexPath(this.layout, diffId);
  }

  containersDir(): string {
    return this.layout.containers;
  }

  async readBytes(digest: Digest, limitBytes: number): Promise<Buffer> {
    const size = await this.sizeOf(digest);
    if (size === undefined) throw missing(digest);
    if (size > limitBytes) {
      throw new LaminaError('LIMIT_EXCEEDED', `${digest} has ${size} bytes; at most ${limitBytes} are read.`, {
        subject: digest,
        hint: 'No real image has a document this large; the image is damaged or hostile.',
      });
    }
    const bytes = await ifExists(readFile(this.blobFile(digest)));
    if (bytes === undefined) throw missing(digest);
    if (digestOf(bytes) !== digest) {
      throw new LaminaError('BLOB_DAMAGED', `The stored blob ${digest} does not have that digest any more.`, {
        subject: digest,
        hint: 'The disk has changed the file. Run “lamina fsck”, remove the images it names, run “lamina gc” and import them again.',
      });
    }
    return bytes;
  }

  async sizeOf(digest: Digest): Promise<number | undefined> {
    const found = await ifExists(stat(this.blobFile(digest)));
    return found?.isFile() === true ? found.size : undefined;
  }

  begin(): Promise<StoreTransaction> {
    return beginTransaction(this.layout, this.lockOptions);
  }

  async updateRoots(change: (roots: readonly RootEntry[]) => readonly RootEntry[]): Promise<void> {
    await this.withLock('changing references', async () => {
      const before = await readRootsFile(this.layout);
      const after = change(before.roots);
      if (after !== before.roots) await writeRootsFile(this.layout, before, after);
    });
  }

  withLock<T>(purpose: string, work: () => Promise<T>): Promise<T> {
    return withStoreLock(this.layout, purpose, work, this.lockOptions);
  }
}

function missing(digest: Digest): LaminaError {
  return new LaminaError('BLOB_MISSING', `The store has no blob ${digest}.`, {
    subject: digest,
    hint: 'Import the image again from where it came from.',
  });
}

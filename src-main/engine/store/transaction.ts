/**
 * Adding to the store in one step (StoreTransaction). Everything is staged in a folder of its own; `commit` moves the
 * blobs first and changes the references last. A crash before that last step leaves blobs that nobody refers to, which
 * the collector removes; an error takes them back at once.
 */
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { digestOf, hexOf, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { renameOver, syncFile, syncFolder, writeNewFile } from './atomic';
import { readRootsFile, writeRootsFile } from './index-json';
import { blobPath, indexPath, type Layout } from './layout';
import { withStoreLock, type LockOptions } from './lock';
import { scratchPath } from './scratch';
import { ifExists } from './system-error';
import type { BlobInfo, RootEntry, StagedBlob, StoreTransaction } from './types';

/** Begins a transaction with a new folder. */
export async function beginTransaction(layout: Layout, lockOptions: LockOptions): Promise<StoreTransaction> {
  const folder = await scratchPath(layout);
  await mkdir(folder);
  return new DiskTransaction(layout, folder, lockOptions);
}

class DiskTransaction implements StoreTransaction {
  readonly folder: string;
  private readonly layout: Layout;
  private readonly lockOptions: LockOptions;
  private readonly staged = new Map<Digest, StagedBlob>();
  private readonly stagedIndexes = new Map<Digest, string>();
  /** Blobs that were in the store when asked: gone at commit means that a collector ran in between. */
  private readonly reliedOn = new Set<Digest>();
  private ended = false;

  constructor(layout: Layout, folder: string, lockOptions: LockOptions) {
    this.layout = layout;
    this.lockOptions = lockOptions;
    this.folder = folder;
  }

  async putBytes(bytes: Uint8Array): Promise<BlobInfo> {
    const digest = digestOf(bytes);
    const blob = { digest, size: bytes.byteLength };
    if (await this.has(digest)) return blob;
    const file = path.join(this.folder, `bytes-${hexOf(digest)}`);
    await writeNewFile(file, bytes);
    this.staged.set(digest, { ...blob, file });
    return blob;
  }

  async adopt(staged: StagedBlob): Promise<BlobInfo> {
    const { digest, size, file } = staged;
    this.checkInFolder(file);
    const found = await stat(file);
    if (found.size !== size) {
      throw new LaminaError('INTERNAL', `${file} has ${found.size} bytes, not ${size}.`, { subject: file });
    }
    await syncFile(file);
    this.staged.set(digest, { digest, size, file });
    return { digest, size };
  }

  async adoptIndex(diffId: Digest, file: string): Promise<void> {
    this.checkInFolder(file);
    await syncFile(file);
    this.stagedIndexes.set(diffId, file);
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.fileOf(digest)) !== undefined;
  }

  async fileOf(digest: Digest): Promise<string | undefined> {
    const staged = this.staged.get(digest);
    if (staged !== undefined) return staged.file;
    const file = blobPath(this.layout, digest);
    if (!(await isFile(file))) return undefined;
    this.reliedOn.add(digest);
    return file;
  }

  async indexFileOf(diffId: Digest): Promise<string | undefined> {
    const staged = this.stagedIndexes.get(diffId);
    if (staged !== undefined) return staged;
    const file = indexPath(this.layout, diffId);
    return (await isFile(file)) ? file : undefined;
  }

  async commit(
    change: (roots: readonly RootEntry[]) => readonly RootEntry[],
    needs: readonly Digest[] = [],
  ): Promise<void> {
    if (this.ended) throw new LaminaError('INTERNAL', 'A transaction can be committed only once.');
    const publish = async (): Promise<void> => {
      await this.checkNeeds([...needs, ...this.reliedOn]);
      await this.publish(change);
    };
    await withStoreLock(this.layout, 'adding to the store', publish, this.lockOptions);
    await this.rollback();
  }

  async rollback(): Promise<void> {
    this.ended = true;
    await rm(this.folder, { recursive: true, force: true });
  }

  private async publish(change: (roots: readonly RootEntry[]) => readonly RootEntry[]): Promise<void> {
    const moved: string[] = [];
    try {
      await this.moveAll(moved);
      const before = await readRootsFile(this.layout);
      const after = change(before.roots);
      if (after !== before.roots) await writeRootsFile(this.layout, before, after);
    } catch (error) {
      for (const file of moved) await rm(file, { force: true });
      throw error;
    }
  }

  /** Renames what is staged into place; records in `moved` what was not there before. */
  private async moveAll(moved: string[]): Promise<void> {
    for (const { digest, size, file } of this.staged.values()) {
      const target = blobPath(this.layout, digest);
      const there = await ifExists(stat(target));
      // A blob of the wrong size is damaged, and this one is whole.
      if (there?.size === size) continue;
      await renameOver(file, target);
      if (there === undefined) moved.push(target);
    }
    for (const [diffId, file] of this.stagedIndexes) {
      const target = indexPath(this.layout, diffId);
      const there = await isFile(target);
      await renameOver(file, target);
      if (!there) moved.push(target);
    }
    if (this.staged.size > 0) await syncFolder(this.layout.blobs);
    if (this.stagedIndexes.size > 0) await syncFolder(this.layout.indexes);
  }

  private async checkNeeds(needs: readonly Digest[]): Promise<void> {
    for (const digest of new Set(needs)) {
      if (this.staged.has(digest) || (await isFile(blobPath(this.layout, digest)))) continue;
      throw new LaminaError('STORE_CHANGED', `${digest} was removed from the store in the meantime.`, {
        subject: digest,
        hint: 'Something else cleaned up the store at the same time. Try again.',
      });
    }
  }

  private checkInFolder(file: string): void {
    if (path.dirname(path.resolve(file)) === path.resolve(this.folder)) return;
    throw new LaminaError('INTERNAL', `${file} is not in the transaction's folder.`, { subject: file });
  }
}

async function isFile(file: string): Promise<boolean> {
  return (await ifExists(stat(file)))?.isFile() === true;
}

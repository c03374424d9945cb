/** A store in a temporary folder with a layer pool in this thread, and ways to see what is in it. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exportImages } from '../../src-main/engine/archive/export';
import { importFile } from '../../src-main/engine/archive/import';
import { LaminaError } from '../../src-main/engine/errors';
import { findImage, listImages } from '../../src-main/engine/image/load';
import { unionOf } from '../../src-main/engine/image/tree';
import type { ExportFormat, ImportedImage, ImportOptions } from '../../src-main/engine/lamina';
import { loadLayerIndex } from '../../src-main/engine/layer/index-file';
import { createLayerPool, type LayerPool } from '../../src-main/engine/layer/pool';
import type { WorkOptions } from '../../src-main/engine/options';
import { openStore } from '../../src-main/engine/store/open-store';
import { checkStore } from '../../src-main/engine/store/fsck';
import type { BlobStore, FsckReport } from '../../src-main/engine/store/types';
import type { UnionTree } from '../../src-main/engine/union/types';

export class ArchiveStore {
  readonly root: string;
  readonly store: BlobStore;
  readonly pool: LayerPool;

  private constructor(root: string, store: BlobStore) {
    this.root = root;
    this.store = store;
    this.pool = createLayerPool();
  }

  static async open(): Promise<ArchiveStore> {
    const root = await mkdtemp(path.join(os.tmpdir(), 'lamina-archive-'));
    return new ArchiveStore(root, await openStore(path.join(root, 'store')));
  }

  async close(): Promise<void> {
    await this.pool.close();
    await rm(this.root, { recursive: true, force: true });
  }

  path(name: string): string {
    return path.join(this.root, name);
  }

  /** Writes a file beside the store. */
  async write(name: string, bytes: Uint8Array | string): Promise<string> {
    await writeFile(this.path(name), bytes);
    return this.path(name);
  }

  import(file: string, options: ImportOptions = {}): Promise<ImportedImage[]> {
    return importFile(this, file, options);
  }

  async importBytes(bytes: Uint8Array | string, options: ImportOptions = {}): Promise<ImportedImage[]> {
    return this.import(await this.write('archive.tar', bytes), options);
  }

  /** Imports what must be refused; checks that the store is as before, and that the error names the file. */
  async refusal(bytes: Uint8Array | string): Promise<LaminaError> {
    return this.refusalOf(await this.write('refused.tar', bytes));
  }

  async refusalOf(file: string, options: ImportOptions = {}): Promise<LaminaError> {
    const before = await this.listing();
    const error: unknown = await this.import(file, options).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof LaminaError)) throw new Error(`${file} was not refused: ${String(error)}`);
    const after = await this.listing();
    if (JSON.stringify(after) !== JSON.stringify(before)) throw new Error('the store changed over a refusal');
    return error;
  }

  /** Every file of the store with a hash of its content. */
  async listing(): Promise<string[]> {
    const names = (await readdir(this.store.dir, { recursive: true })).sort();
    const lines: string[] = [];
    for (const name of names) {
      const file = path.join(this.store.dir, name);
      if (!(await stat(file)).isFile()) lines.push(`${name}/`);
      else
        lines.push(
          `${name} ${createHash('sha256')
            .update(await readFile(file))
            .digest('hex')}`,
        );
    }
    return lines;
  }

  /** References of each image by its key. */
  async tags(): Promise<Map<string, readonly string[]>> {
    return new Map((await listImages(this.store)).map(({ key, references }) => [key, references]));
  }

  async tree(reference: string): Promise<UnionTree> {
    return unionOf(this.store, await findImage(this.store, reference), this.pool);
  }

  /** Visible paths of an image. */
  async paths(reference: string): Promise<string[]> {
    return [...(await this.tree(reference)).walk()].map((node) => String(node.path));
  }

  async export(
    references: readonly string[],
    format: ExportFormat,
    name: string,
    work: WorkOptions = {},
  ): Promise<string> {
    const images = await Promise.all(references.map((reference) => findImage(this.store, reference)));
    const names = images.map((image) => image.references);
    const { file } = await exportImages(this, images, names, { ...work, file: this.path(name), format });
    return file;
  }

  fsck(): Promise<FsckReport> {
    return checkStore(this.store, { pinned: () => Promise.resolve([]), readIndex: loadLayerIndex });
  }
}

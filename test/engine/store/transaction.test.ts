import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, hexOf } from '../../../src-main/engine/digest/digest';
import { collectGarbage } from '../../../src-main/engine/store/collect';
import { checkStore } from '../../../src-main/engine/store/fsck';
import { openStore } from '../../../src-main/engine/store/open-store';
import { withRoot } from '../../../src-main/engine/store/roots';
import type { BlobStore, RootEntry } from '../../../src-main/engine/store/types';
import { storeProcess } from '../../support/store-process';
import { tempFolder } from '../../support/temp-folder';

const NAME = 'docker.io/library/thing:1';
const nothing = (roots: readonly RootEntry[]): readonly RootEntry[] => roots;
const noContainers = { pinned: () => Promise.resolve([]), readIndex: () => Promise.reject(new Error('no index')) };

/** Names of all files of the store but the lock's. */
async function filesOf(store: BlobStore): Promise<string[]> {
  const names = await readdir(store.dir, { recursive: true });
  const files = await Promise.all(
    names.map(async (name) => ((await stat(join(store.dir, name))).isFile() ? [name] : [])),
  );
  return files.flat().sort();
}

describe('a transaction', () => {
  it('shows nothing before it is committed, and all of it after', async () => {
    const store = await openStore(await tempFolder('commit'));
    const transaction = await store.begin();
    const blob = await transaction.putBytes(Buffer.from('blob'));
    expect(await transaction.has(blob.digest)).toBe(true);
    expect(await store.has(blob.digest)).toBe(false);
    await transaction.commit((roots) => withRoot(roots, { mediaType: 'm', ...blob }, NAME));
    expect(await store.has(blob.digest)).toBe(true);
    expect((await store.roots())[0]?.reference).toBe(NAME);
    expect(await readdir(join(store.dir, 'lamina/tmp'))).toEqual([]);
  });

  it('leaves the store as it was when it is rolled back', async () => {
    const store = await openStore(await tempFolder('rollback'));
    const before = await filesOf(store);
    const transaction = await store.begin();
    await transaction.putBytes(Buffer.from('blob'));
    await transaction.rollback();
    expect(await filesOf(store)).toEqual(before);
  });

  it('leaves the store as it was when the last step fails', async () => {
    const store = await openStore(await tempFolder('failing'));
    const before = await filesOf(store);
    const transaction = await store.begin();
    await transaction.putBytes(Buffer.from('blob'));
    const failing = transaction.commit(() => {
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    await transaction.rollback();
    expect(await filesOf(store)).toEqual(before);
  });

  it('adopts files of its folder, blobs and layer indexes', async () => {
    const store = await openStore(await tempFolder('adopt'));
    const transaction = await store.begin();
    const [bytes, diffId] = [Buffer.from('a layer'), digestOf('its tar')];
    const file = join(transaction.folder, 'layer');
    await writeFile(file, bytes);
    await writeFile(join(transaction.folder, 'index'), 'an index');
    await transaction.adopt({ digest: digestOf(bytes), size: bytes.length, file });
    await transaction.adoptIndex(diffId, join(transaction.folder, 'index'));
    expect(await transaction.fileOf(digestOf(bytes))).toBe(file);
    await transaction.commit(nothing);
    expect(await readFile(store.blobFile(digestOf(bytes)), 'utf8')).toBe('a layer');
    expect(await readFile(store.indexFile(diffId), 'utf8')).toBe('an index');
  });

  it('adopts nothing from elsewhere, and nothing of another size', async () => {
    const store = await openStore(await tempFolder('adopt-not'));
    const transaction = await store.begin();
    const outside = join(await tempFolder('outside'), 'file');
    await writeFile(outside, 'x');
    await expect(transaction.adopt({ digest: digestOf('x'), size: 1, file: outside })).rejects.toThrow('not in the');
    const inside = join(transaction.folder, 'file');
    await writeFile(inside, 'x');
    await expect(transaction.adopt({ digest: digestOf('x'), size: 2, file: inside })).rejects.toThrow('not 2');
    await transaction.rollback();
  });

  it('is refused when what it relied on has been collected meanwhile', async () => {
    const store = await openStore(await tempFolder('changed'));
    const first = await store.begin();
    const { digest } = await first.putBytes(Buffer.from('shared'));
    await first.commit(nothing);
    const second = await store.begin();
    await second.putBytes(Buffer.from('shared'));
    await second.putBytes(Buffer.from('own'));
    await collectGarbage(store, () => Promise.resolve([]));
    await expect(second.commit(nothing)).rejects.toMatchObject({ code: 'STORE_CHANGED', subject: digest });
    await expect(second.commit(nothing, [digestOf('never there')])).rejects.toMatchObject({ code: 'STORE_CHANGED' });
    await second.rollback();
    expect(await store.has(digestOf('own'))).toBe(false);
  });

  it('replaces a stored blob that has lost bytes', async () => {
    const store = await openStore(await tempFolder('heal'));
    const bytes = Buffer.from('whole');
    await writeFile(store.blobFile(digestOf(bytes)), 'who');
    const transaction = await store.begin();
    const file = join(transaction.folder, 'f');
    await writeFile(file, bytes);
    await transaction.adopt({ digest: digestOf(bytes), size: bytes.length, file });
    await transaction.commit(nothing);
    expect(await readFile(store.blobFile(digestOf(bytes)), 'utf8')).toBe('whole');
  });

  it('may be one of many at once, in one process', async () => {
    const store = await openStore(await tempFolder('many'));
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const transaction = await store.begin();
        const blob = await transaction.putBytes(Buffer.from(`blob ${i}`));
        await transaction.commit((roots) => withRoot(roots, { mediaType: 'm', ...blob }, `docker.io/library/n:${i}`));
      }),
    );
    expect(await store.roots()).toHaveLength(20);
  });

  it('killed at any moment leaves a store that is whole', async () => {
    const dir = await tempFolder('killed');
    for (let round = 0; round < 4; round += 1) {
      const writers = ['one', 'two'].map((name) => storeProcess('add-for-ever', dir, `${name}${round}`));
      await Promise.all(writers.map((writer) => writer.said('added some')));
      await Promise.all(writers.map((writer) => writer.kill()));
      const store = await openStore(dir, { timeoutMs: 5_000 });
      for (const { descriptor } of await store.roots()) {
        const bytes = await readFile(store.blobFile(descriptor.digest));
        expect(bytes.length).toBe(descriptor.size);
        expect(digestOf(bytes)).toBe(descriptor.digest);
      }
      await collectGarbage(store, () => Promise.resolve([]));
      expect(await readdir(join(dir, 'lamina/tmp'))).toEqual([]);
      const blobs = (await readdir(join(dir, 'blobs/sha256'))).sort();
      expect(blobs).toEqual((await store.roots()).map((root) => hexOf(root.descriptor.digest)).sort());
      expect((await checkStore(store, noContainers)).problems).toEqual([]);
    }
  });
});

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf, parseDigest, type Digest } from '../../../src-main/engine/digest/digest';
import { checkStore, type FsckOptions } from '../../../src-main/engine/store/fsck';
import { openStore } from '../../../src-main/engine/store/open-store';
import type { BlobStore, FsckReport } from '../../../src-main/engine/store/types';
import { manifestOf, ociFiles, smallImage, unpack } from '../../support/image-builder';
import { storeProcess } from '../../support/store-process';
import { tempFolder } from '../../support/temp-folder';

const built = smallImage('checked', ['checked:1']);
const layer = parseDigest(built.layers[0]?.digest);

/** In these tests an index file holds its DiffID as text. */
const readIndex = async (file: string): Promise<{ diffId: Digest }> => ({
  diffId: parseDigest(await readFile(file, 'utf8')),
});

describe('the check of a store', () => {
  let store: BlobStore;
  let pinned: Digest[];

  beforeEach(async () => {
    store = await openStore(await unpack(ociFiles([built]), await tempFolder('fsck')));
    pinned = [];
  });

  const check = (options?: FsckOptions): Promise<FsckReport> =>
    checkStore(store, { pinned: () => Promise.resolve(pinned), readIndex }, options);

  it('finds nothing in a whole store, and says how much it read', async () => {
    const report = await check();
    expect(report.problems).toEqual([]);
    expect(report.checkedBlobs).toBe(3);
    expect(report.checkedBytes).toBe(
      manifestOf(built).length + built.config.length + (built.layers[0]?.blob.length ?? 0),
    );
  });

  it('names a damaged blob, the image it belongs to, and what to do', async () => {
    const bytes = await readFile(store.blobFile(layer));
    bytes[600] = 0xff;
    await writeFile(store.blobFile(layer), bytes);
    const { problems } = await check({ repair: true });
    expect(problems).toMatchObject([{ kind: 'blob-damaged', subject: layer, repaired: false }]);
    expect(problems[0]?.message).toContain('checked:1');
    expect(problems[0]?.hint).toContain('lamina rmi checked:1');
    expect(await store.has(layer)).toBe(true);
  });

  it('names a missing blob', async () => {
    await rm(store.blobFile(layer));
    expect((await check()).problems).toMatchObject([{ kind: 'blob-missing', subject: layer }]);
  });

  it('finds a manifest that is no manifest', async () => {
    const bytes = Buffer.from('{"layers": ');
    const bad = digestOf(bytes);
    await writeFile(store.blobFile(bad), bytes);
    const descriptor = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: bad, size: bytes.length };
    await store.updateRoots((roots) => [...roots, { reference: undefined, descriptor }]);
    expect((await check()).problems).toMatchObject([{ kind: 'blob-damaged', subject: bad }]);
  });

  it('removes damaged indexes when it repairs, and keeps whole ones', async () => {
    const [whole, damaged, swapped] = [digestOf('a'), digestOf('b'), digestOf('c')];
    await writeFile(store.indexFile(whole), whole);
    await writeFile(store.indexFile(damaged), 'nonsense');
    await writeFile(store.indexFile(swapped), whole);
    const found = (await check()).problems;
    expect(found.map((problem) => [problem.kind, problem.repaired])).toEqual([
      ['index-damaged', false],
      ['index-damaged', false],
    ]);
    expect((await check({ repair: true })).problems.every((problem) => problem.repaired)).toBe(true);
    expect((await check()).problems).toEqual([]);
    expect(await readdir(join(store.dir, 'lamina/index'))).toHaveLength(1);
  });

  it('finds what a killed process left, and removes it when it repairs', async () => {
    const process = storeProcess('stage-only', store.dir, 'left');
    await process.said('staged');
    expect((await check()).problems).toEqual([]);
    await process.kill();
    expect((await check({ repair: true })).problems).toMatchObject([{ kind: 'leftover', repaired: true }]);
    expect(await readdir(join(store.dir, 'lamina/tmp'))).toEqual([]);
  });

  it('names files of others and never removes them', async () => {
    await writeFile(join(store.dir, 'notes.txt'), 'mine');
    await writeFile(join(store.dir, 'lamina/odd'), 'mine');
    await writeFile(join(store.dir, 'blobs/sha256/upload.part'), 'mine');
    const { problems } = await check({ repair: true });
    expect(problems.map((problem) => problem.kind)).toEqual(['stray-file', 'stray-file', 'stray-file']);
    expect(await readFile(join(store.dir, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('says which container stands on nothing', async () => {
    pinned = [digestOf('an image that is gone')];
    expect((await check()).problems).toMatchObject([{ kind: 'container-damaged' }]);
  });

  it('says that the layout file is damaged', async () => {
    await writeFile(join(store.dir, 'oci-layout'), 'x');
    expect((await check()).problems).toMatchObject([{ kind: 'layout-invalid' }]);
  });

  it('can be cancelled', async () => {
    await mkdir(join(store.dir, 'blobs/sha256'), { recursive: true });
    await expect(check({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('reports progress a blob', async () => {
    const parts = new Set<string>();
    await check({ onProgress: (progress) => parts.add(`${progress.part} ${progress.state}`) });
    expect(parts).toContain(`${layer} done`);
  });
});

import { rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findImage } from '../../../src-main/engine/image/load';
import { layerContentSize } from '../../../src-main/engine/image/layer-size';
import { layerIndexes, unionOf } from '../../../src-main/engine/image/tree';
import { entryList } from '../../../src-main/engine/layer/build-list';
import { openStore } from '../../../src-main/engine/store/open-store';
import { addImage, makeStore, type TestStore } from '../../support/store-image';
import { dir, file, hardlink, opaque, symlink, tarEntries, whiteout, type Part } from '../../support/tar-builder';

const size = (parts: readonly Part[]): number => layerContentSize(entryList(tarEntries(parts)));

describe('the tree of an image', () => {
  let made: TestStore;

  beforeEach(async () => {
    made = await makeStore();
    await addImage(
      made,
      [
        [dir('etc'), file('etc/a', '1')],
        [whiteout('etc/a'), file('etc/b', '2')],
      ],
      { reference: 'x:1' },
    );
  });
  afterEach(() => made.close());

  it('is merged from the indexes of its layers', async () => {
    const tree = await unionOf(made.store, await findImage(made.store, 'x:1'), made.pool);
    expect([...tree.walk()].map((node) => node.path)).toEqual(['etc', 'etc/b']);
  });

  it('is kept for the next time', async () => {
    const image = await findImage(made.store, 'x:1');
    expect(await unionOf(made.store, image, made.pool)).toBe(await unionOf(made.store, image, made.pool));
  });

  it.each(['missing', 'damaged'])('is there also when an index is %s: it is made again from the layer', async (how) => {
    const image = await findImage(made.store, 'x:1');
    for (const { diffId } of image.layers) {
      if (how === 'missing') await rm(made.store.indexFile(diffId));
      else await writeFile(made.store.indexFile(diffId), 'nonsense');
    }
    const store = await openStore(made.store.dir);
    expect((await layerIndexes(store, image, made.pool)).map((index) => index.count)).toEqual([2, 2]);
    expect((await layerIndexes(await openStore(store.dir), image, made.pool)).map((index) => index.count)).toEqual([
      2, 2,
    ]);
  });

  it('is refused when the layer has another content than the config says', async () => {
    const image = await findImage(made.store, 'x:1');
    const [layer] = image.layers;
    await rm(made.store.indexFile(layer!.diffId));
    await writeFile(made.store.blobFile(layer!.digest), Buffer.alloc(1024));
    await expect(layerIndexes(made.store, image, made.pool)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  it('says which layer is missing', async () => {
    const image = await findImage(made.store, 'x:1');
    const [, layer] = image.layers;
    await rm(made.store.indexFile(layer!.diffId));
    await rm(made.store.blobFile(layer!.digest));
    const refused = layerIndexes(made.store, image, made.pool);
    await expect(refused).rejects.toMatchObject({ code: 'BLOB_MISSING' });
    await expect(refused).rejects.toThrow('Layer 2');
  });
});

describe('the content size of a layer, by Docker’s rule', () => {
  it('counts a file once however many names it has, and a symlink by the length of its target', () => {
    expect(size([file('f', 'x'.repeat(2_000)), hardlink('h', 'f'), symlink('s', 't'.repeat(100))])).toBe(2_100);
  });

  it('counts nothing for directories and whiteouts', () => {
    expect(size([dir('d'), whiteout('d/gone'), opaque('d'), file('.wh.x', 'odd content')])).toBe(0);
  });

  it('counts the last of two entries for one path', () => {
    expect(size([file('f', '12345'), file('f', '1')])).toBe(1);
  });
});

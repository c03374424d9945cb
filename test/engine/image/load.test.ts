import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { digestOf, isDigest } from '../../../src-main/engine/digest/digest';
import { findImage, listImages } from '../../../src-main/engine/image/load';
import { summariesOf } from '../../../src-main/engine/image/summary';
import { openStore } from '../../../src-main/engine/store/open-store';
import type { BlobStore } from '../../../src-main/engine/store/types';
import {
  addBlob,
  addImage,
  descriptorOf,
  image,
  indexOf,
  INDEX_TYPE,
  json,
  layoutFiles,
  MANIFEST_TYPE,
  manifestOf,
  ociFiles,
  plainLayer,
  smallImage,
  someLayers,
  unpack,
  type BuiltImage,
  type Files,
} from '../../support/image-builder';
import { file } from '../../support/tar-builder';
import { tempFolder } from '../../support/temp-folder';

const storeOf = async (files: Files): Promise<BlobStore> => openStore(await unpack(files, await tempFolder('load')));
const keyOf = (built: BuiltImage): string => digestOf(manifestOf(built));

describe('images of a store', () => {
  it('come with all their references, sorted, each image once', async () => {
    const built = image(someLayers(), { tags: ['b/x:2', 'a:1'] });
    const store = await storeOf(ociFiles([built, smallImage('other')]));
    const images = await listImages(store);
    expect(images.map((one) => [one.key, one.references])).toEqual([
      [keyOf(built), ['docker.io/b/x:2', 'docker.io/library/a:1']],
      [keyOf(smallImage('other')), []],
    ]);
    expect(images[0]).toMatchObject({ id: built.id, platform: { os: 'linux', architecture: 'amd64' } });
  });

  it('have layers with DiffID, ChainID, size and the history entry that made each', async () => {
    const layers = someLayers();
    const history = [{ created_by: 'one' }, { created_by: 'nothing', empty_layer: true }, { created_by: 'two' }];
    const store = await storeOf(ociFiles([image(layers, { tags: ['x:1'], config: { history } })]));
    const [first, second] = (await findImage(store, 'x:1')).layers;
    expect(first).toMatchObject({ position: 0, diffId: layers[0].diffId, chainId: layers[0].diffId });
    expect(second).toMatchObject({
      position: 1,
      blobSize: layers[1].blob.length,
      chainId: digestOf(`${layers[0].diffId} ${layers[1].diffId}`),
      history: { created_by: 'two' },
    });
  });

  it('are found by every name they have', async () => {
    const built = image(someLayers(), { tags: ['team/app:1'] });
    const store = await storeOf(ociFiles([built, smallImage('other', ['other:1'])]));
    const key = keyOf(built);
    const names = ['team/app:1', 'docker.io/team/app:1', key, key.slice(7), key.slice(7, 19), built.id];
    for (const name of [...names, built.id.slice(0, 15), built.id.slice(7, 15), `team/app@${key}`]) {
      expect((await findImage(store, name)).key, name).toBe(key);
    }
  });

  it('are not found by a name that nothing has', async () => {
    const store = await storeOf(ociFiles([smallImage('x', ['x:1'])]));
    for (const name of ['x:2', 'y', 'sha256:ffffffff', `x@sha256:${'f'.repeat(64)}`, 'NOT A NAME', '']) {
      await expect(findImage(store, name), name).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND', subject: name });
    }
  });

  it('are not guessed from digits that fit several', async () => {
    const images = Array.from({ length: 40 }, (_, i) => smallImage(`content ${i}`));
    const store = await storeOf(ociFiles(images));
    const first = images.map((built) => built.id[7] ?? '').find((digit, i, all) => all.indexOf(digit) !== i) ?? '';
    await expect(findImage(store, first)).rejects.toMatchObject({ code: 'IMAGE_AMBIGUOUS' });
  });

  it('of an index are the one for this machine, found by the digest of either', async () => {
    const [fits, other] = [smallImage('fits'), smallImage('other')];
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    const index = indexOf([
      descriptorOf(manifestOf(other), MANIFEST_TYPE, { platform: { os: 'linux', architecture: 'mips' } }),
      descriptorOf(manifestOf(fits), MANIFEST_TYPE, { platform: { os: 'linux', architecture } }),
    ]);
    const blobs = addImage(addImage(addBlob(new Map(), index), fits), other);
    const store = await storeOf(layoutFiles([descriptorOf(index, INDEX_TYPE)], blobs));
    const found = await findImage(store, digestOf(index));
    expect(found.key).toBe(keyOf(fits));
    expect(found.root.digest).toBe(digestOf(index));
    expect((await findImage(store, keyOf(fits))).key).toBe(keyOf(fits));
  });

  it('that nest indexes without end are refused', async () => {
    const blobs: Files = new Map();
    let root = descriptorOf(manifestOf(smallImage('x')), MANIFEST_TYPE);
    for (let depth = 0; depth < 6; depth += 1) {
      const index = indexOf([root]);
      addBlob(blobs, index);
      root = descriptorOf(index, INDEX_TYPE);
    }
    const store = await storeOf(
      layoutFiles([{ ...root, annotations: { 'org.opencontainers.image.ref.name': 'deep:1' } }], blobs),
    );
    await expect(findImage(store, 'deep:1')).rejects.toThrow('nests indexes deeper than 4');
  });

  it('that cannot be read do not hide the others, and say why when they are asked for', async () => {
    const broken = image(someLayers(), { tags: ['broken:1'], config: { rootfs: { diff_ids: [] }, history: [] } });
    const store = await storeOf(ociFiles([smallImage('fine', ['fine:1']), broken]));
    expect((await listImages(store)).map((one) => one.references)).toEqual([['docker.io/library/fine:1']]);
    await expect(findImage(store, 'broken:1')).rejects.toThrow('has 2 layers, but its config names 0');
  });

  it('whose documents were changed on disk are not believed', async () => {
    const built = smallImage('x', ['x:1']);
    const store = await storeOf(ociFiles([built]));
    if (isDigest(built.id))
      await writeFile(store.blobFile(built.id), built.config.toString().replace('linux', 'linus'));
    await expect(findImage(store, 'x:1')).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
  });

  it('whose size is not what the manifest says are refused', async () => {
    const built = smallImage('x', ['x:1']);
    const manifest = JSON.parse(manifestOf(built).toString()) as { config: { size: number } };
    manifest.config.size += 1;
    const bytes = json(manifest);
    const named = descriptorOf(bytes, MANIFEST_TYPE, { annotations: { 'org.opencontainers.image.ref.name': 'y:1' } });
    const store = await storeOf(layoutFiles([named], addImage(addBlob(new Map(), bytes), built)));
    await expect(findImage(store, 'y:1')).rejects.toThrow('but what refers to it says');
  });

  it('are not other artifacts', async () => {
    const built = smallImage('x');
    const manifest = JSON.parse(manifestOf(built).toString()) as { config: { mediaType: string } };
    manifest.config.mediaType = 'application/vnd.cncf.helm.config.v1+json';
    const bytes = json(manifest);
    const store = await storeOf(layoutFiles([descriptorOf(bytes, MANIFEST_TYPE)], addBlob(new Map(), bytes)));
    expect(await listImages(store)).toEqual([]);
    expect(await store.roots()).toHaveLength(1);
  });

  it('are summed up with what they share', async () => {
    const shared = plainLayer([file('base', 'shared')]);
    const images = ['a', 'b'].map((n) => image([shared, plainLayer([file(n, n)])], { tags: [`${n}:1`] }));
    const store = await storeOf(ociFiles(images));
    const rows = await summariesOf(store, await listImages(store));
    expect(rows.map((row) => [row.references, row.layers])).toEqual([
      [['a:1'], 2],
      [['b:1'], 2],
    ]);
    for (const row of rows) expect(row.size - row.uniqueSize).toBe(shared.blob.length);
  });
});

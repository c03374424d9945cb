import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, hexOf, parseDigest } from '../../../src-main/engine/digest/digest';
import { collectGarbage } from '../../../src-main/engine/store/collect';
import { openStore } from '../../../src-main/engine/store/open-store';
import type { BlobStore } from '../../../src-main/engine/store/types';
import { storeUsage } from '../../../src-main/engine/store/usage';
import {
  addBlob,
  addImage,
  descriptorOf,
  image,
  indexOf,
  INDEX_TYPE,
  layoutFiles,
  manifestOf,
  MANIFEST_TYPE,
  ociFiles,
  plainLayer,
  smallImage,
  unpack,
  type BuiltImage,
} from '../../support/image-builder';
import { file } from '../../support/tar-builder';
import { tempFolder } from '../../support/temp-folder';

const nobody = (): Promise<never[]> => Promise.resolve([]);

async function blobsOf(store: BlobStore): Promise<string[]> {
  return (await readdir(join(store.dir, 'blobs/sha256'))).sort();
}

function hexesOf(...images: readonly BuiltImage[]): string[] {
  return [...new Set(images.flatMap((built) => [...addImage(new Map(), built).keys()]))]
    .map((name) => name.slice(13))
    .sort();
}

async function storeOf(...images: readonly BuiltImage[]): Promise<BlobStore> {
  return openStore(await unpack(ociFiles(images), await tempFolder('collect')));
}

describe('the collector', () => {
  it('removes what only a removed image had, and nothing that another has', async () => {
    const shared = plainLayer([file('base', 'shared')]);
    const first = image([shared, plainLayer([file('a', '1')])], { tags: ['first:1'] });
    const second = image([shared, plainLayer([file('b', '2')])], { tags: ['second:1'] });
    const store = await storeOf(first, second);
    await store.updateRoots((roots) => roots.filter((root) => root.reference !== 'docker.io/library/first:1'));
    const { removed, freedBytes } = await collectGarbage(store, nobody);
    expect(await blobsOf(store)).toEqual(hexesOf(second));
    expect(removed).toHaveLength(3);
    expect(freedBytes).toBe(removed.reduce((sum, blob) => sum + blob.size, 0));
    expect((await collectGarbage(store, nobody)).removed).toEqual([]);
  });

  it('keeps every platform of an index, nested ones too', async () => {
    const [amd, arm] = [smallImage('amd64'), smallImage('arm64')];
    const inner = indexOf([descriptorOf(manifestOf(arm), MANIFEST_TYPE)]);
    const outer = indexOf([descriptorOf(manifestOf(amd), MANIFEST_TYPE), descriptorOf(inner, INDEX_TYPE)]);
    const blobs = addImage(addImage(addBlob(addBlob(new Map(), inner), outer), amd), arm);
    const files = layoutFiles([descriptorOf(outer, INDEX_TYPE)], blobs);
    const store = await openStore(await unpack(files, await tempFolder('nested')));
    expect((await collectGarbage(store, nobody)).removed).toEqual([]);
  });

  it('keeps what containers stand on, with all that it needs', async () => {
    const built = smallImage('below', ['below:1']);
    const store = await storeOf(built);
    await store.updateRoots(() => []);
    const key = digestOf(manifestOf(built));
    expect((await collectGarbage(store, () => Promise.resolve([key]))).removed).toEqual([]);
    expect((await collectGarbage(store, nobody)).removed).toHaveLength(3);
  });

  it('keeps the indexes of kept layers only', async () => {
    const built = smallImage('indexed', ['indexed:1']);
    const store = await storeOf(built);
    const kept = parseDigest(built.layers[0]?.diffId);
    await writeFile(store.indexFile(kept), 'kept');
    await writeFile(store.indexFile(digestOf('other')), 'not kept');
    const { freedBytes } = await collectGarbage(store, nobody);
    expect(await readdir(join(store.dir, 'lamina/index'))).toEqual([hexOf(kept)]);
    expect(freedBytes).toBe('not kept'.length);
  });

  it('removes nothing while a document is damaged, whose layers nobody knows', async () => {
    const built = smallImage('damaged', ['damaged:1']);
    const store = await storeOf(built);
    await writeFile(store.blobFile(digestOf(manifestOf(built))), 'x'.repeat(manifestOf(built).length));
    await expect(collectGarbage(store, nobody)).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
    expect(await blobsOf(store)).toEqual(hexesOf(built));
  });
});

describe('usage', () => {
  it('counts each blob once, and what sharing saves', async () => {
    const shared = plainLayer([file('base', 'shared')]);
    const images = ['1', '2', '3'].map((n) => image([shared, plainLayer([file(n, n)])], { tags: [`n:${n}`] }));
    const store = await storeOf(...images);
    const { blobs, bytes, sharedBytes } = await storeUsage(store);
    expect(blobs).toBe(10);
    expect(sharedBytes).toBe(2 * shared.blob.length);
    const sizes = images.flatMap((built) => [...addImage(new Map(), built).values()].map((blob) => blob.length));
    expect(bytes + sharedBytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });

  it('does not count an image with two names as shared', async () => {
    const store = await storeOf(smallImage('x', ['x:1', 'x:2']));
    expect((await storeUsage(store)).sharedBytes).toBe(0);
  });
});

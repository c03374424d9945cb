import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createContainers, type Containers } from '../../../../src-main/engine/container/containers';
import { findImage } from '../../../../src-main/engine/image/load';
import { layerIndexes, unionOf } from '../../../../src-main/engine/image/tree';
import { openContent } from '../../../../src-main/engine/layer/content';
import { toText } from '../../../../src-main/engine/path/byte-string';
import { pathFromText } from '../../../../src-main/engine/path/layer-path';
import { buildUnion } from '../../../../src-main/engine/union/merge';
import type { UnionTree } from '../../../../src-main/engine/union/types';
import { addImage, makeStore, sha256Of, type ImageOptions, type TestStore } from '../../../support/store-image';
import { dir, file, hardlink } from '../../../support/tar-builder';

const path = pathFromText;
const BASE = [
  dir('etc', { mode: 0o711, mtime: 5 }),
  file('etc/motd', 'hello', { mtime: 5 }),
  dir('lib'),
  ...Array.from({ length: 50 }, (_, i) => file(`lib/${i}`, `content ${i}`.repeat(i * 100), { mtime: i })),
  hardlink('lib/again', 'lib/7'),
];

let test: TestStore;
let containers: Containers;
beforeEach(async () => {
  vi.stubEnv('SOURCE_DATE_EPOCH', undefined);
  test = await makeStore();
  containers = createContainers(test);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await test.close();
});

async function make(name: string, options: ImageOptions = {}): Promise<void> {
  await addImage(test, [BASE, [file('etc/motd', 'newer', { mtime: 6 })]], options);
  await containers.create('base:1', name);
}

/** Every file with its attributes and the SHA-256 of what is really stored. */
async function listing(tree: UnionTree, reference: string): Promise<string[]> {
  const image = await findImage(test.store, reference);
  const indexes = await layerIndexes(test.store, image, test.pool);
  const lines: string[] = [];
  for (const node of tree.walk()) {
    const state = tree.visible(node)?.state;
    if (state === undefined) continue;
    const { type, mode, uid, gid, size, mtime, linkname, content } = state;
    if (content !== undefined) {
      const { offset } = indexes[content.layer]!.entry(content.position);
      const blobFile = test.store.blobFile(image.layers[content.layer]!.digest);
      // A whole read verifies the SHA-256.
      for await (const chunk of await openContent({ blobFile, offset, size, sha256: content.sha256 }))
        expect(chunk).toBeInstanceOf(Buffer);
    }
    const names = tree.namesOf(node).join(' ');
    lines.push([toText(node.path), type, mode, uid, gid, size, mtime.sec, linkname, content?.sha256, names].join('|'));
  }
  return lines;
}

async function committed(reference: string): Promise<UnionTree> {
  return unionOf(test.store, await findImage(test.store, reference), test.pool);
}

describe('a commit', () => {
  it('adds one plain layer, and leaves the layers below byte for byte as they were', async () => {
    await make('work', { gzip: true });
    await containers.writeFile('work', path('etc/new'), Buffer.from('new'));
    await containers.removePath('work', path('lib/3'));
    const before = await containers.get('work');
    const result = await containers.commit('work', { reference: 'team/app:2', message: 'why', author: 'An author' });
    const parent = await findImage(test.store, 'base:1');
    const image = await findImage(test.store, 'team/app:2');
    expect(image.manifest.layers.slice(0, -1)).toEqual(parent.manifest.layers);
    expect(image.manifest.layers.at(-1)).toEqual({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest: result.diffId,
      size: result.layerSize,
    });
    expect(result).toMatchObject({ key: image.key, id: image.id, reference: 'team/app:2' });
    expect(image.config.rootfs.diff_ids).toEqual([...parent.config.rootfs.diff_ids, result.diffId]);
    expect(image.layers.at(-1)?.history).toMatchObject({
      comment: 'why',
      author: 'An author',
      created_by: 'lamina commit',
    });
    const tree = await committed('team/app:2');
    expect(tree.nodeAt(path('lib/3'))?.versions.at(-1)?.endReason).toBe('whiteout');
    expect(tree.visible(tree.nodeAt(path('etc'))!)?.state.mode).toBe(0o711);
    // The container stays as it was.
    expect(await containers.get('work')).toEqual(before);
    expect(await readdir(join(test.store.dir, 'lamina/tmp'))).toEqual([]);
  });

  it.each([{ gzip: true }, { gzip: false }])(
    'takes the content of moved files out of the image (%j)',
    async (options) => {
      await make('work', options);
      await containers.move('work', path('lib'), path('opt'));
      await containers.setAttributes('work', path('etc/motd'), { mode: 0o600 });
      const indexes = await layerIndexes(test.store, await findImage(test.store, 'base:1'), test.pool);
      const expected = buildUnion([...indexes, await containers.layerOf('work')]);
      await containers.commit('work', { reference: 'moved:1' });
      const tree = await committed('moved:1');
      const seen = await listing(tree, 'moved:1');
      expect(seen).toHaveLength(54);
      expect(seen.map((line) => line.split('|')[0])).toEqual([...expected.walk()].map((node) => toText(node.path)));
      const node = tree.nodeAt(path('opt/49'))!;
      expect(tree.visible(node)?.state.content).toMatchObject({
        layer: 2,
        sha256: sha256Of('content 49'.repeat(4900)),
      });
      expect(tree.namesOf(tree.nodeAt(path('opt/7'))!)).toEqual(['opt/7', 'opt/again']);
    },
  );

  it('done twice gives the same layer, and with one time the same image', async () => {
    await make('work');
    await containers.makeDirectory('work', path('b'));
    await containers.writeFile('work', path('b/x'), Buffer.from('x'));
    await containers.writeFile('work', path('a'), Buffer.from('x'));
    const created = new Date(1_000_000);
    const first = await containers.commit('work', { created });
    const second = await createContainers(test).commit('work', { created });
    expect(second).toEqual(first);
    expect((await containers.commit('work', {})).diffId).toBe(first.diffId);
  });

  it('is reproducible with SOURCE_DATE_EPOCH', async () => {
    await make('work');
    vi.stubEnv('SOURCE_DATE_EPOCH', '1000000000');
    await containers.writeFile('work', path('etc/x'), Buffer.from('x'));
    const { key } = await containers.commit('work', { reference: 'x:1' });
    const image = await findImage(test.store, key);
    expect(image.config.created).toBe('2001-09-09T01:46:40Z');
    const tree = await committed('x:1');
    expect(tree.visible(tree.nodeAt(path('etc/x'))!)?.state.mtime).toEqual({ sec: 1_000_000_000, nsec: 0 });
    expect(tree.visible(tree.nodeAt(path('etc/motd'))!)?.state.mtime.sec).toBe(6);
  });

  it('of a container where nothing changed adds a history entry and no layer', async () => {
    await make('work');
    const result = await containers.commit('work', { reference: 'same:1', changes: ['ENV A=1'] });
    expect(result).toMatchObject({ diffId: undefined, layerSize: 0 });
    const image = await findImage(test.store, 'same:1');
    expect(image.layers).toHaveLength(2);
    expect(image.config.history?.at(-1)).toMatchObject({ empty_layer: true });
    expect(image.config.config?.Env).toEqual(['A=1']);
  });

  it('moves the reference, and the image that had it stays', async () => {
    await make('work');
    const old = await findImage(test.store, 'base:1');
    await containers.writeFile('work', path('x'), Buffer.from('x'));
    const { key } = await containers.commit('work', { reference: 'base:1' });
    expect((await findImage(test.store, 'base:1')).key).toBe(key);
    expect((await findImage(test.store, old.key)).references).toEqual([]);
    // And the container still stands on it.
    await containers.writeFile('work', path('y'), Buffer.from('y'));
    expect(await containers.changes('work')).toHaveLength(2);
  });

  it('without a reference makes an untagged image', async () => {
    await make('work');
    await containers.writeFile('work', path('x'), Buffer.from('x'));
    const { key, reference } = await containers.commit('work', {});
    expect(reference).toBeUndefined();
    expect((await findImage(test.store, key)).references).toEqual([]);
  });

  it('stays in Docker’s media types when the image is in them', async () => {
    await make('work', { docker: true, gzip: true });
    await containers.writeFile('work', path('x'), Buffer.from('x'));
    await containers.commit('work', { reference: 'x:1' });
    const { manifest } = await findImage(test.store, 'x:1');
    expect(manifest.mediaType).toBe('application/vnd.docker.distribution.manifest.v2+json');
    expect(manifest.config.mediaType).toBe('application/vnd.docker.container.image.v1+json');
    expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual([
      'application/vnd.docker.image.rootfs.diff.tar.gzip',
      'application/vnd.docker.image.rootfs.diff.tar.gzip',
      'application/vnd.docker.image.rootfs.diff.tar',
    ]);
  });

  it.each([
    [{ reference: 'UPPER:1' }, 'INVALID_REFERENCE'],
    [{ reference: `a@sha256:${'0'.repeat(64)}` }, 'INVALID_REFERENCE'],
    [{ changes: ['RUN x'] }, 'INVALID_CHANGE'],
  ])('with %j is refused with %s and leaves the store as it was', async (request, code) => {
    await make('work');
    await containers.writeFile('work', path('x'), Buffer.from('x'));
    const before = await readdir(join(test.store.dir, 'blobs/sha256'));
    await expect(containers.commit('work', request)).rejects.toMatchObject({ code });
    expect(await readdir(join(test.store.dir, 'blobs/sha256'))).toEqual(before);
    expect(await readdir(join(test.store.dir, 'lamina/tmp'))).toEqual([]);
  });

  it('of damaged content, or cancelled, leaves the store as it was', async () => {
    await make('work');
    await containers.writeFile('work', path('etc/x'), Buffer.from('right'));
    await containers.writeFile('work', path('etc/y'), Buffer.alloc(5_000_000));
    const before = await readFile(join(test.store.dir, 'index.json'), 'utf8');
    const stop = new AbortController();
    const cancelled = containers.commit(
      'work',
      { reference: 'x:1' },
      {
        signal: stop.signal,
        onProgress: ({ doneBytes }) => {
          if (doneBytes > 0) stop.abort();
        },
      },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    const { id } = await containers.get('work');
    await writeFile(join(test.store.containersDir(), id, 'content', sha256Of('right')), 'wrong');
    await expect(containers.commit('work', { reference: 'x:1' })).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
    expect(await readFile(join(test.store.dir, 'index.json'), 'utf8')).toBe(before);
    expect(await readdir(join(test.store.dir, 'lamina/tmp'))).toEqual([]);
  });
});

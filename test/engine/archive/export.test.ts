import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportImages } from '../../../src-main/engine/archive/export';
import { LaminaError } from '../../../src-main/engine/errors';
import { findImage } from '../../../src-main/engine/image/load';
import { indexTarFile } from '../../../src-main/engine/tar/member-index';
import { ArchiveStore } from '../../support/archive-store';
import {
  dockerFiles,
  gzipLayer,
  image,
  ociFiles,
  pack,
  plainLayer,
  smallImage,
  someLayers,
} from '../../support/image-builder';
import { char, dir, file, hardlink, symlink, tar, whiteout } from '../../support/tar-builder';

let lamina: ArchiveStore;
let other: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
  other = await ArchiveStore.open();
});
afterEach(async () => {
  await lamina.close();
  await other.close();
});

async function importTwo(): Promise<void> {
  const [base, top] = someLayers();
  const images = [
    image([base], { tags: ['base:1', 'registry.example:5000/base:1'] }),
    image([base, top, gzipLayer([file('z', '3')])], { tags: ['team/app:1'] }),
  ];
  await lamina.importBytes(pack(dockerFiles(images)));
}

async function documents(archive: string): Promise<Map<string, unknown>> {
  const bytes = await readFile(archive);
  const found = new Map<string, unknown>();
  for (const { name, offset, size } of await indexTarFile(archive)) {
    if (/^[a-z.-]+$/.test(name) && size > 0) {
      found.set(name, JSON.parse(bytes.subarray(offset, offset + size).toString()));
    }
  }
  return found;
}

const rejection = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an exported archive', () => {
  it.each(['docker-archive', 'oci-archive', 'oci'] as const)(
    'as %s keeps every key, digest and tag',
    async (format) => {
      await importTwo();
      const archive = await lamina.export(['base:1', 'team/app:1'], format, 'out');
      await other.import(archive);
      expect(await other.tags()).toEqual(await lamina.tags());
      const blobs = async (store: ArchiveStore): Promise<string[]> =>
        (await readdir(path.join(store.store.dir, 'blobs/sha256'))).sort();
      expect(await blobs(other)).toEqual(await blobs(lamina));
    },
  );

  it('has the same bytes every time, and from every store', async () => {
    await importTwo();
    const first = await lamina.export(['base:1', 'team/app:1'], 'docker-archive', 'first.tar');
    await other.import(first);
    const second = await other.export(['base:1', 'team/app:1'], 'docker-archive', 'second.tar');
    expect((await readFile(second)).equals(await readFile(first))).toBe(true);
  });

  it('for Docker is a layout with manifest.json and repositories beside it', async () => {
    await importTwo();
    const found = await documents(await lamina.export(['base:1', 'team/app:1'], 'docker-archive', 'out.tar'));
    expect([...found.keys()].sort()).toEqual(['index.json', 'manifest.json', 'oci-layout', 'repositories']);
    expect(found.get('manifest.json')).toMatchObject([
      { RepoTags: ['base:1', 'registry.example:5000/base:1'] },
      { RepoTags: ['team/app:1'] },
    ]);
    expect(Object.keys(found.get('repositories') as object)).toEqual([
      'base',
      'registry.example:5000/base',
      'team/app',
    ]);
  });

  it('names an image by its bare tag, and in full where a bare tag would be ambiguous', async () => {
    await lamina.importBytes(
      pack(ociFiles([smallImage('a', ['a:1']), smallImage('b', ['b:1']), smallImage('c', ['c:2'])])),
    );
    const found = await documents(await lamina.export(['a:1', 'b:1', 'c:2'], 'oci-archive', 'out.tar'));
    const { manifests } = found.get('index.json') as { manifests: { annotations: Record<string, string> }[] };
    expect(manifests.map(({ annotations }) => annotations['org.opencontainers.image.ref.name'])).toEqual([
      'docker.io/library/a:1',
      'docker.io/library/b:1',
      '2',
    ]);
    expect(manifests.map(({ annotations }) => annotations['io.containerd.image.name'])).toEqual([
      'docker.io/library/a:1',
      'docker.io/library/b:1',
      'docker.io/library/c:2',
    ]);
  });

  it('of an untagged image is untagged when it comes back', async () => {
    const [imported] = await lamina.importBytes(pack(dockerFiles([smallImage('x')])));
    const { key } = imported!;
    for (const format of ['docker-archive', 'oci-archive'] as const)
      await other.import(await lamina.export([key], format, format));
    expect(await other.tags()).toEqual(new Map([[key, []]]));
  });

  it('holds an image once that was named twice', async () => {
    await importTwo();
    const app = await findImage(lamina.store, 'team/app:1');
    const names = [['team/app:1'], ['team/app:1', 'docker.io/team/app:2']];
    const { file: out } = await exportImages(lamina, [app, app], names, {
      file: lamina.path('o.tar'),
      format: 'docker-archive',
    });
    expect((await documents(out)).get('manifest.json')).toMatchObject([{ RepoTags: ['team/app:1', 'team/app:2'] }]);
  });

  it('reports every byte of every blob', async () => {
    await importTwo();
    const done = new Map<string, number>();
    await lamina.export(['team/app:1'], 'oci-archive', 'out.tar', {
      onProgress: ({ part, doneBytes, totalBytes, state }) => {
        if (state === 'done') expect(doneBytes).toBe(totalBytes);
        done.set(part, doneBytes);
      },
    });
    expect(done.size).toBe(5);
  });
});

describe('keys and tags', () => {
  it('survive any number of moves between stores, in any format', async () => {
    const part = fc.record({ name: fc.constantFrom('a', 'b', 'd/c', 'd/e'), content: fc.string() });
    const layer = fc.tuple(fc.uniqueArray(part, { selector: ({ name }) => name }), fc.boolean());
    const built = fc.record({
      layers: fc.array(layer, { maxLength: 3 }),
      tags: fc.uniqueArray(fc.constantFrom('x:1', 'x:2', 'y/z:1', 'host:5000/w:latest'), { maxLength: 3 }),
    });
    const formats = fc.array(fc.constantFrom('docker-archive', 'oci-archive', 'oci'), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(built, formats, async ({ layers, tags }, route) => {
        const made = layers.map(([parts, gzip]) =>
          (gzip ? gzipLayer : plainLayer)(parts.map(({ name, content }) => file(name, content))),
        );
        const stores: ArchiveStore[] = [await ArchiveStore.open()];
        try {
          let at = stores[0]!;
          const [imported] = await at.importBytes(pack(dockerFiles([image(made, { tags })])));
          for (const format of route) {
            const archive = await at.export([imported!.key], format, 'out');
            at = await ArchiveStore.open();
            stores.push(at);
            await at.import(archive);
          }
          expect(await at.tags()).toEqual(new Map([[imported!.key, [...imported!.references].sort()]]));
        } finally {
          for (const store of stores) await store.close();
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('an exported root filesystem', () => {
  it('is the union: the newest version of each file, no whiteouts, hard links kept', async () => {
    const layers = [
      plainLayer([
        dir('d', { mode: 0o700, uid: 5, gid: 6, mtime: 1000 }),
        file('d/old', 'old'),
        file('d/kept', 'first', { mtime: 1001 }),
        hardlink('d/twin', 'd/kept'),
        char('null', 1, 3),
        symlink('s', 'd/kept'),
        file('empty', ''),
      ]),
      gzipLayer([whiteout('d/old'), file('new', 'second', { mode: 0o4755, xattrs: { 'user.x': 'v' } })]),
    ];
    await lamina.importBytes(pack(dockerFiles([image(layers, { tags: ['r'] })])));
    const out = await lamina.export(['r'], 'rootfs', 'rootfs.tar');
    const expected = tar([
      dir('d', { mode: 0o700, uid: 5, gid: 6, mtime: 1000 }),
      file('d/kept', 'first', { mtime: 1001 }),
      hardlink('d/twin', 'd/kept', { mtime: 0 }),
      file('empty', ''),
      file('new', 'second', { mode: 0o4755, xattrs: { 'user.x': 'v' } }),
      char('null', 1, 3),
      symlink('s', 'd/kept'),
    ]);
    await other.import(out, { name: 'ours' });
    await other.importBytes(expected, { name: 'expected' });
    expect(await other.paths('ours')).toEqual(await other.paths('expected'));
    const facts = async (name: string): Promise<unknown[]> => {
      const tree = await other.tree(name);
      return [...tree.walk()].map((node) => {
        const { type, mode, uid, gid, size, mtime, linkname, xattrs, content } = tree.visible(node)!.state;
        return [
          node.path,
          type,
          mode,
          uid,
          gid,
          size,
          mtime,
          linkname,
          [...xattrs],
          content?.sha256,
          tree.namesOf(node),
        ];
      });
    };
    expect(await facts('ours')).toEqual(await facts('expected'));
  });

  it('can hold only one image', async () => {
    await importTwo();
    expect(await rejection(lamina.export(['base:1', 'team/app:1'], 'rootfs', 'out.tar'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('an export that fails', () => {
  const leftovers = async (): Promise<string[]> => (await readdir(lamina.root)).filter((name) => name.includes('out'));

  it('because it was cancelled leaves nothing, and an older file as it was', async () => {
    await importTwo();
    await writeFile(lamina.path('out.tar'), 'older');
    for (const format of ['docker-archive', 'oci-archive', 'rootfs'] as const) {
      const controller = new AbortController();
      const work = lamina.export(['team/app:1'], format, 'out.tar', {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      expect(await rejection(work)).toMatchObject({ code: 'CANCELLED' });
    }
    expect(await leftovers()).toEqual(['out.tar']);
    expect(await readFile(lamina.path('out.tar'), 'utf8')).toBe('older');
    expect(await readdir(path.join(lamina.store.dir, 'lamina/tmp'))).toEqual([]);
  });

  it('because a blob is damaged says which, and leaves nothing', async () => {
    await importTwo();
    const { layers } = await findImage(lamina.store, 'team/app:1');
    const blob = lamina.store.blobFile(layers[1]!.digest);
    const bytes = await readFile(blob);
    bytes[514] = bytes[514]! ^ 1;
    await writeFile(blob, bytes);
    for (const format of ['docker-archive', 'oci', 'rootfs'] as const) {
      expect(await rejection(lamina.export(['team/app:1'], format, 'out'))).toMatchObject({ code: 'BLOB_DAMAGED' });
    }
    expect(await leftovers()).toEqual([]);
  });

  it('because its folder is missing, or its place is taken by a folder, says so', async () => {
    await importTwo();
    const nowhere = await rejection(lamina.export(['base:1'], 'docker-archive', 'no/such/out.tar'));
    expect(nowhere).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(nowhere).toBeInstanceOf(LaminaError);
    await mkdir(lamina.path('out'));
    expect(await rejection(lamina.export(['base:1'], 'docker-archive', 'out'))).toMatchObject({ code: 'PATH_EXISTS' });
    await expect(lamina.export(['base:1'], 'oci', 'out')).resolves.toBe(lamina.path('out'));
    expect(await rejection(lamina.export(['base:1'], 'oci', 'out'))).toMatchObject({ code: 'PATH_EXISTS' });
    expect(await leftovers()).toEqual(['out']);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../../../support/archive-store';
import {
  docker25Files,
  dockerFiles,
  gzipLayer,
  hex,
  image,
  json,
  pack,
  partsOf,
  plainLayer,
  sha256,
  smallImage,
  someLayers,
  type Files,
} from '../../../support/image-builder';
import { dir, file, hardlink, symlink, tar, whiteout } from '../../../support/tar-builder';

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

describe('a docker-archive', () => {
  it('of Docker 1.10 to 24 keeps its ImageID, its tags and its layers', async () => {
    const built = image(someLayers(), { tags: ['app:1', 'registry.example:5000/team/app:2'] });
    const [imported] = await lamina.importBytes(pack(dockerFiles([built])));
    expect(imported).toMatchObject({
      id: built.id,
      format: 'docker-archive',
      references: ['docker.io/library/app:1', 'registry.example:5000/team/app:2'],
    });
    expect(await lamina.paths('app:1')).toEqual(['app', 'etc', 'etc/name']);
    expect((await lamina.fsck()).problems).toEqual([]);
  });

  it('imported twice is one image with one key', async () => {
    const archive = pack(dockerFiles([image(someLayers(), { tags: ['app:1'] })]));
    const first = await lamina.importBytes(archive);
    const before = await lamina.listing();
    expect(await lamina.importBytes(archive)).toEqual(first);
    expect(await lamina.listing()).toEqual(before);
  });

  it('with several images keeps each with its tags, and a layer they share once', async () => {
    const [base, top] = someLayers();
    const images = [image([base], { tags: ['base:1'] }), image([base, top], { tags: ['app:1', 'app:2'] })];
    const imported = await lamina.importBytes(pack(dockerFiles(images)));
    expect(imported.map(({ references }) => references.length)).toEqual([1, 2]);
    expect((await lamina.store.roots()).length).toBe(3);
    expect(await lamina.store.has(sha256(base.blob) as `sha256:${string}`)).toBe(true);
  });

  it('may use one layer twice, next to each other or apart (rule 79)', async () => {
    const [base, top] = someLayers();
    await lamina.importBytes(pack(dockerFiles([image([base, top, top, base], { tags: ['twice'] })])));
    expect((await lamina.tree('twice')).layerCount).toBe(4);
  });

  it('may hold its layers as symlinks to other members, as podman and Docker write repeated ones', async () => {
    const layer = plainLayer([file('f', 'x')]);
    const built = image([layer, layer], { tags: ['linked'] });
    const archive = tar([
      file(`${hex(built.config)}.json`, built.config),
      file(`${layer.diffId.slice(7)}.tar`, layer.blob),
      symlink('one/layer.tar', `../${layer.diffId.slice(7)}.tar`),
      hardlink('two/layer.tar', 'one/layer.tar'),
      file(
        'manifest.json',
        json([
          { Config: `${hex(built.config)}.json`, RepoTags: ['linked'], Layers: ['one/layer.tar', 'two/layer.tar'] },
        ]),
      ),
    ]);
    expect(await lamina.importBytes(archive)).toHaveLength(1);
  });

  it('of kaniko has a config named by its digest and gzip layers, which stay as they are', async () => {
    const layer = gzipLayer([file('f', 'x')]);
    const built = image([layer]);
    const files: Files = new Map([
      [built.id, built.config],
      [`${layer.digest.slice(7)}.tar.gz`, layer.blob],
      [
        'manifest.json',
        json([{ Config: built.id, RepoTags: ['kaniko:1'], Layers: [`${layer.digest.slice(7)}.tar.gz`] }]),
      ],
    ]);
    await lamina.importBytes(pack(files));
    expect(await lamina.store.has(layer.digest as `sha256:${string}`)).toBe(true);
    // Known by now: the pair of blob and DiffID stands in the store’s own image.
    const states: string[] = [];
    await lamina.importBytes(pack(files), { onProgress: ({ state }) => states.push(state) });
    expect(states).toContain('done');
  });

  it('may name the keys of manifest.json in lower case, as Go reads them (rule 83)', async () => {
    const built = smallImage('x');
    const files: Files = new Map([
      ['c.json', built.config],
      ['l.tar', built.layers[0]!.blob],
      ['manifest.json', json([{ config: 'c.json', repotags: ['lower:1'], layers: ['l.tar'] }])],
    ]);
    expect(await lamina.importBytes(pack(files))).toMatchObject([{ references: ['docker.io/library/lower:1'] }]);
  });

  it('without tags gives an untagged image', async () => {
    expect(await lamina.importBytes(pack(dockerFiles([smallImage('x')])))).toMatchObject([{ references: [] }]);
  });

  it('takes another name when it holds one image, and refuses one name for several', async () => {
    const one = pack(dockerFiles([smallImage('x', ['old:1'])]));
    expect(await lamina.importBytes(one, { name: 'new' })).toMatchObject([
      { references: ['docker.io/library/new:latest'] },
    ]);
    const two = await lamina.write('two.tar', pack(dockerFiles([smallImage('x', ['a']), smallImage('y', ['b'])])));
    expect(await lamina.refusalOf(two, { name: 'new' })).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('moves a tag to the new image and keeps the old one untagged, as docker load does', async () => {
    const [first] = await lamina.importBytes(pack(dockerFiles([smallImage('old', ['app:1'])])));
    const [second] = await lamina.importBytes(pack(dockerFiles([smallImage('new', ['app:1'])])));
    expect(await lamina.tags()).toEqual(
      new Map([
        [first!.key, []],
        [second!.key, ['docker.io/library/app:1']],
      ]),
    );
  });

  it('whose config leaves a whiteout in the base layer imports', async () => {
    await lamina.importBytes(pack(dockerFiles([image([plainLayer([dir('d'), whiteout('d/x')])], { tags: ['w'] })])));
    expect(await lamina.paths('w')).toEqual(['d']);
  });

  it('of Docker ≥ 25 takes its tags from manifest.json when index.json has none', async () => {
    const built = image(someLayers(), { tags: ['app:1', 'app:2'] });
    expect(await lamina.importBytes(pack(docker25Files([built])))).toMatchObject([
      { id: built.id, format: 'docker-archive', references: ['docker.io/library/app:1', 'docker.io/library/app:2'] },
    ]);
  });

  it('of Docker ≥ 25 with an empty index.json is read by its manifest.json', async () => {
    const files = docker25Files([smallImage('x', ['app:1'])]);
    files.set('index.json', json({ schemaVersion: 2, manifests: null }));
    expect(await lamina.importBytes(pack(files))).toMatchObject([{ references: ['docker.io/library/app:1'] }]);
  });

  it('of Docker ≥ 25 hides no image that only one of its two lists names', async () => {
    const [inBoth, onlyDocker] = [smallImage('x', ['both:1']), smallImage('y', ['docker:1'])];
    const files = docker25Files([inBoth, onlyDocker]);
    files.set('index.json', docker25Files([inBoth]).get('index.json')!);
    const imported = await lamina.importBytes(pack(files));
    expect(imported.map(({ references }) => references)).toEqual([
      ['docker.io/library/both:1'],
      ['docker.io/library/docker:1'],
    ]);
  });

  it('does not read a layer again that the store has', async () => {
    const archive = pack(dockerFiles([image(someLayers(), { tags: ['app:1'] })]));
    await lamina.importBytes(archive);
    const states: string[] = [];
    await lamina.importBytes(archive, { onProgress: ({ state }) => states.push(state) });
    expect(states).toEqual(['waiting', 'waiting', 'known', 'known']);
  });

  it('may leave out layers that the store has', async () => {
    const built = image(someLayers(), { tags: ['app:1'] });
    await lamina.importBytes(pack(dockerFiles([built])));
    const delta = docker25Files([image([...someLayers(), plainLayer([file('more', '!')])], { tags: ['app:2'] })]);
    for (const { digest } of built.layers) delta.delete(`blobs/sha256/${digest.slice(7)}`);
    await lamina.importBytes(pack(delta));
    expect(await lamina.paths('app:2')).toContain('more');
  });
});

describe('a docker-archive that is refused', () => {
  const two = (): Files => dockerFiles([image(someLayers(), { tags: ['app:1'] })]);
  const withManifest = (change: (manifest: Record<string, unknown>) => unknown): Buffer => {
    const files = two();
    const [manifest] = JSON.parse(files.get('manifest.json')!.toString()) as Record<string, unknown>[];
    return pack(files.set('manifest.json', json(change(manifest!))));
  };

  it.each([
    ['null', 'ARCHIVE_INVALID', 'holds no image', () => withManifest(() => null)],
    ['an empty list', 'ARCHIVE_INVALID', 'holds no image', () => withManifest(() => [])],
    ['layers that are no names', 'ARCHIVE_INVALID', 'Layers', () => withManifest((m) => [{ ...m, Layers: [1] }])],
    ['no config', 'ARCHIVE_INVALID', 'Config', () => withManifest((m) => [{ ...m, Config: undefined }])],
    ['a tag in upper case', 'ARCHIVE_INVALID', 'Foo:BAR', () => withManifest((m) => [{ ...m, RepoTags: ['Foo:BAR'] }])],
    [
      'a layer too few',
      'IMAGE_INVALID',
      '1 layers',
      () => withManifest((m) => [{ ...m, Layers: (m['Layers'] as []).slice(1) }]),
    ],
    [
      'a config outside',
      'ARCHIVE_INVALID',
      'outside',
      () => withManifest((m) => [{ ...m, Config: '../../../etc/passwd' }]),
    ],
    [
      'a layer outside',
      'ARCHIVE_INVALID',
      'outside',
      () => withManifest((m) => [{ ...m, Layers: ['../../etc/passwd', 'x'] }]),
    ],
    [
      'an absolute layer',
      'ARCHIVE_INCOMPLETE',
      '/etc/passwd',
      () => withManifest((m) => [{ ...m, Layers: ['/etc/passwd', '/etc/passwd'] }]),
    ],
    ['a missing config', 'ARCHIVE_INCOMPLETE', 'gone.json', () => withManifest((m) => [{ ...m, Config: 'gone.json' }])],
    [
      'a missing layer',
      'ARCHIVE_INCOMPLETE',
      'gone.tar',
      () => withManifest((m) => [{ ...m, Layers: ['gone.tar', 'gone.tar'] }]),
    ],
  ])('has %s in manifest.json', async (_what, code, text, archive) => {
    const error = await lamina.refusal(archive());
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
    expect(error.message).toContain(lamina.path('refused.tar'));
    expect(error.hint).toBeTruthy();
  });

  it('has a layer with another DiffID than its config says', async () => {
    const [base, top] = someLayers();
    const files = dockerFiles([image([base, top], { tags: ['app:1'] })]);
    const name = [...files.keys()].filter((key) => key.endsWith('layer.tar'))[1]!;
    files.set(name, plainLayer([file('other', 'evil')]).blob);
    const error = await lamina.refusal(pack(files));
    expect(error.code).toBe('DIGEST_MISMATCH');
    expect(error.message).toMatch(/layer 2 of 2.*DiffID/);
  });

  it('has a config that is not what its name says', async () => {
    const files = two();
    const name = [...files.keys()].find((key) => key.endsWith('.json'))!;
    const changed = Buffer.from(files.get(name)!.toString().replace('/app', '/bad'));
    expect(await lamina.refusal(pack(files.set(name, changed)))).toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  it('has links that leave the archive or go in a circle', async () => {
    const built = smallImage('x', ['app:1']);
    const manifest = json([{ Config: 'c.json', RepoTags: ['a'], Layers: ['layer.tar'] }]);
    const rest = [file('c.json', built.config), file('manifest.json', manifest)];
    const outside = await lamina.refusal(tar([...rest, symlink('layer.tar', '../../../etc/passwd')]));
    expect(outside.message).toContain('leaves the archive');
    const circle = await lamina.refusal(tar([...rest, symlink('layer.tar', 'b'), symlink('b', 'layer.tar')]));
    expect(circle.message).toContain('circle');
    const folder = await lamina.refusal(tar([...rest, dir('layer.tar')]));
    expect(folder.code).toBe('ARCHIVE_INVALID');
  });

  it('has two members of one name', async () => {
    const files = two();
    const error = await lamina.refusal(tar([...partsOf(files), file('./manifest.json', files.get('manifest.json'))]));
    expect(error).toMatchObject({ code: 'ARCHIVE_INVALID' });
    expect(error.message).toContain('twice');
  });

  it('has a manifest.json of many megabytes, or one that nests without end', async () => {
    const huge = await lamina.refusal(pack(two().set('manifest.json', Buffer.alloc(9 * 1024 * 1024, ' '))));
    expect(huge.code).toBe('LIMIT_EXCEEDED');
    const deep = await lamina.refusal(pack(two().set('manifest.json', Buffer.from('['.repeat(100_000)))));
    expect(deep.code).toBe('LIMIT_EXCEEDED');
  });

  it('has a layer compressed with zstd: file, layer and cure are named', async () => {
    const layer = { ...plainLayer([]), blob: Buffer.from('28b52ffd0458000000', 'hex') };
    const error = await lamina.refusal(pack(dockerFiles([image([someLayers()[0], layer], { tags: ['z'] })])));
    expect(error.code).toBe('UNSUPPORTED_COMPRESSION');
    expect(error.message).toMatch(/layer 2 of 2 .*zstd/);
    expect(error.hint).toContain('skopeo copy --dest-compress-format gzip');
  });

  it('has a layer that is no tar, while others are fine', async () => {
    const blob = Buffer.from('<html>not a layer</html>'.repeat(100));
    const bad = { blob, digest: sha256(blob), diffId: sha256(blob), gzip: false };
    const error = await lamina.refusal(pack(dockerFiles([image([...someLayers(), bad], { tags: ['bad'] })])));
    expect(['LAYER_INVALID', 'TAR_INVALID']).toContain(error.code);
  });

  it('is cut off at any place', async () => {
    const archive = pack(two());
    for (const length of [1, 100, 600, 1500, archive.length - 1536, archive.length - 2048]) {
      const error = await lamina.refusal(archive.subarray(0, length));
      expect(['ARCHIVE_INVALID', 'ARCHIVE_INCOMPLETE', 'UNKNOWN_FORMAT']).toContain(error.code);
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rebuildConfig } from '../../../../src-main/engine/archive/docker-archive/legacy-config';
import { CONFIG_LIMIT } from '../../../../src-main/engine/store/json';
import { ArchiveStore } from '../../../support/archive-store';
import { legacyFiles, pack, type V1Layer } from '../../../support/image-builder';
import { dir, file, whiteout } from '../../../support/tar-builder';

const [BASE, TOP, OTHER] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)] as const;

const layers: readonly V1Layer[] = [
  {
    id: BASE,
    parts: [dir('d'), file('d/old', 'x'), file('d/x', 'x')],
    document: {
      created: '2015-01-02T03:04:05.678Z',
      container_config: { Cmd: ['/bin/sh', '-c', '#(nop) ADD file:1 in / && echo "<ok>"'] },
      architecture: 'amd64',
      author: 'someone',
      Size: 2,
    },
  },
  {
    id: TOP,
    parent: BASE,
    parts: [whiteout('d/old'), file('b', 'y')],
    document: {
      created: '2015-02-03T04:05:06Z',
      config: { Cmd: ['/b'], Env: ['A=<1>'] },
      container_config: { Cmd: ['/bin/sh', '-c', 'rm d/old'] },
      docker_version: '1.9.1',
      architecture: 'amd64',
      comment: 'patched & done',
    },
  },
];

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

async function configOf(id: `sha256:${string}`): Promise<unknown> {
  return JSON.parse((await lamina.store.readBytes(id, CONFIG_LIMIT)).toString());
}

describe('an archive of Docker before 1.10', () => {
  it('is chained by its parents and gets a config with the history of all of them', async () => {
    const archive = pack(legacyFiles(layers, { 'team/app': { '1': TOP, stable: TOP } }));
    const [imported] = await lamina.importBytes(archive);
    expect(imported?.references).toEqual(['docker.io/team/app:1', 'docker.io/team/app:stable']);
    expect(await lamina.paths('team/app:1')).toEqual(['b', 'd', 'd/x']);
    expect(await configOf(imported!.id)).toMatchObject({
      config: { Cmd: ['/b'] },
      docker_version: '1.9.1',
      rootfs: { type: 'layers' },
      history: [
        {
          created: '2015-01-02T03:04:05.678Z',
          author: 'someone',
          created_by: '/bin/sh -c #(nop) ADD file:1 in / && echo "<ok>"',
        },
        { created: '2015-02-03T04:05:06Z', created_by: '/bin/sh -c rm d/old', comment: 'patched & done' },
      ],
    });
    expect(await configOf(imported!.id)).not.toHaveProperty('parent');
  });

  it('gets the ImageID that Docker 20.10 gave this very archive', async () => {
    const [base, top] = layers;
    const documents = [
      { ...base!, document: { ...base!.document, docker_version: '1.9.1' } },
      { ...top!, document: { ...top!.document, checksum: 'x' } },
    ];
    const [imported] = await lamina.importBytes(pack(legacyFiles(documents, { 'team/app': { '1': TOP } })));
    expect(imported?.id).toBe('sha256:48b92a20faf20be66b3aca373817f9158836ffbb6e2ccaccebab32df34a00fc9');
  });

  it('gives an image for a tag in the middle of a chain as well', async () => {
    const imported = await lamina.importBytes(pack(legacyFiles(layers, { app: { base: BASE, top: TOP } })));
    expect(imported.map(({ references }) => references)).toEqual([
      ['docker.io/library/app:base'],
      ['docker.io/library/app:top'],
    ]);
  });

  it('without tags gives the image at the top of the chain', async () => {
    const imported = await lamina.importBytes(pack(legacyFiles(layers, {})));
    expect(imported).toHaveLength(1);
    expect(imported[0]?.references).toEqual([]);
  });

  it('is refused when its layers are each other’s parents', async () => {
    const circle = [
      { id: BASE, parent: TOP, parts: [] },
      { id: TOP, parent: BASE, parts: [] },
    ];
    const error = await lamina.refusal(pack(legacyFiles(circle, { app: { '1': TOP } })));
    expect(error.code).toBe('ARCHIVE_INVALID');
    expect(error.message).toContain('circle');
  });

  it('is refused when a parent or a layer is missing, or an id is a path', async () => {
    const [, top] = layers;
    expect(await lamina.refusal(pack(legacyFiles([top!], { app: { '1': TOP } })))).toMatchObject({
      code: 'ARCHIVE_INCOMPLETE',
    });
    const noTar = legacyFiles(layers, { app: { '1': TOP } });
    noTar.delete(`${TOP}/layer.tar`);
    expect(await lamina.refusal(pack(noTar))).toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
    const evil = legacyFiles([...layers, { id: OTHER, parent: '../../etc', parts: [] }], { app: { '1': OTHER } });
    expect(await lamina.refusal(pack(evil))).toMatchObject({ code: 'ARCHIVE_INVALID' });
  });
});

describe('the rebuilt config', () => {
  it('has the bytes that Docker 20.10 gives it', () => {
    const documents = [
      {
        id: BASE,
        created: '2015-01-02T03:04:05Z',
        os: 'linux',
        config: { Env: ['A=<&>'] },
        container_config: { Cmd: ['a', 'b'] },
      },
    ];
    expect(rebuildConfig(documents, [`sha256:${BASE}`]).toString()).toBe(
      `{"config":{"Env":["A=\\u003c\\u0026\\u003e"]},"container_config":{"Cmd":["a","b"]},"created":"2015-01-02T03:04:05Z",` +
        `"history":[{"created":"2015-01-02T03:04:05Z","created_by":"a b"}],"os":"linux",` +
        `"rootfs":{"type":"layers","diff_ids":["sha256:${BASE}"]}}`,
    );
  });
});

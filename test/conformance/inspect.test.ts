/** `lamina inspect` beside `docker image inspect` of the same image, field by field. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORPUS_IMAGES, corpusFile } from '../support/corpus';
import { startDocker, type Docker } from '../support/docker';
import { lamina } from '../support/lamina-cli';

/** These name Docker's own storage: where it keeps the layers, and when it last moved a tag. */
const DOCKERS_OWN = ['GraphDriver', 'Metadata'];
const SHARED = resolve(import.meta.dirname, '../../../shared/images');

const IMAGES = [
  ...CORPUS_IMAGES.map(({ name, reference }) => ({ file: corpusFile('docker-archive', `${name}.tar`), reference })),
  { file: join(SHARED, 'tiny.docker-archive.tar'), reference: 'corpus/tiny:1' },
];

function onlyElement(json: string): Record<string, unknown> {
  const list = JSON.parse(json) as Record<string, unknown>[];
  expect(list).toHaveLength(1);
  return list[0] ?? {};
}

describe('inspect', () => {
  let docker: Docker;
  let folder: string;

  beforeAll(async () => {
    docker = await startDocker();
    folder = await mkdtemp(join(tmpdir(), 'lamina-inspect-'));
  });
  afterAll(async () => {
    await docker.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { file, reference } of IMAGES) {
    it(`${reference}: every field that does not name Docker's own storage is equal`, async () => {
      const store = join(folder, reference.replaceAll(/[^a-z0-9]/g, '-'));
      await lamina(store, 'import', file);
      await docker.docker('load', '-i', file);
      const theirs = onlyElement(await docker.docker('image', 'inspect', reference));
      const ours = onlyElement(await lamina(store, 'inspect', reference, '--format', 'docker-20.10'));
      const fields = Object.keys(theirs).filter((field) => !DOCKERS_OWN.includes(field));
      console.log(`${reference}: compared ${fields.join(', ')}; left out ${DOCKERS_OWN.join(', ')}`);
      expect(fields.length).toBeGreaterThanOrEqual(15);
      for (const field of fields) expect({ [field]: ours[field] }).toEqual({ [field]: theirs[field] });
      expect(Object.keys(ours).filter((field) => !(field in theirs))).toEqual([]);
    });
  }
});

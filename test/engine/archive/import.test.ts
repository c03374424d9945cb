import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PartProgress } from '../../../src-main/engine/options';
import { ArchiveStore } from '../../support/archive-store';
import { dockerFiles, gzipLayer, image, ociFiles, pack, plainLayer, smallImage } from '../../support/image-builder';
import { file, tar } from '../../support/tar-builder';

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

const noise = (size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, index) => (index * index * 31 + index) % 251));
const large = (): ReturnType<typeof image> =>
  image([plainLayer([file('a', noise(3_000_000))]), gzipLayer([file('b', noise(1_000_000))])], { tags: ['large:1'] });

describe('progress of an import', () => {
  it('is true to the byte for each layer, and never goes back', async () => {
    const built = large();
    const seen = new Map<string, PartProgress[]>();
    await lamina.importBytes(pack(ociFiles([built])), {
      onProgress: (progress) => seen.set(progress.part, [...(seen.get(progress.part) ?? []), progress]),
    });
    for (const [index, { digest, blob }] of built.layers.entries()) {
      const steps = seen.get(digest) ?? [];
      expect(steps.at(-1)).toMatchObject({ state: 'done', doneBytes: blob.length, totalBytes: blob.length });
      expect(steps.at(-1)?.label).toBe(`layer ${index + 1} of 2 of linux/amd64`);
      const bytes = steps.map(({ doneBytes }) => doneBytes);
      expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    }
    expect(seen.size).toBe(2);
  });

  it('shows the unpacking of a compressed archive as a part of its own', async () => {
    const bytes = gzipSync(pack(dockerFiles([smallImage('x', ['a'])])));
    const parts: PartProgress[] = [];
    await lamina.importBytes(bytes, { onProgress: (progress) => parts.push(progress) });
    expect(parts.find(({ label }) => label === 'unpacking archive.tar')).toBeDefined();
    expect(parts.filter(({ part }) => part.startsWith('unpack:')).at(-1)).toMatchObject({
      state: 'done',
      doneBytes: bytes.length,
      totalBytes: bytes.length,
    });
  });
});

describe('an import that is cancelled', () => {
  it.each([
    ['before it begins', (): Buffer => pack(dockerFiles([large()])), 0],
    ['while layers are read', (): Buffer => pack(dockerFiles([large()])), 3],
    ['while an archive is unpacked', (): Buffer => gzipSync(pack(dockerFiles([large()]))), 1],
    ['while a root filesystem is read', (): Buffer => tar([file('big', noise(3_000_000))]), 2],
  ])('%s leaves nothing', async (_when, archive, after) => {
    const controller = new AbortController();
    if (after === 0) controller.abort();
    let reports = 0;
    const source = await lamina.write('big.tar', archive());
    const error = await lamina.refusalOf(source, {
      signal: controller.signal,
      onProgress: () => {
        reports += 1;
        if (reports >= after) controller.abort();
      },
    });
    expect(error.code).toBe('CANCELLED');
    expect(await readdir(path.join(lamina.store.dir, 'lamina/tmp'))).toEqual([]);
  });

  it('can be done again and then succeeds', async () => {
    const source = await lamina.write('big.tar', pack(dockerFiles([large()])));
    const controller = new AbortController();
    await lamina.refusalOf(source, { signal: controller.signal, onProgress: () => controller.abort() });
    expect(await lamina.import(source)).toHaveLength(1);
    expect((await lamina.fsck()).problems).toEqual([]);
  });
});

describe('an import under a name that is none', () => {
  it('is refused before anything is read', async () => {
    const source = await lamina.write('a.tar', pack(dockerFiles([smallImage('x')])));
    expect(await lamina.refusalOf(source, { name: 'Not A Name' })).toMatchObject({ code: 'INVALID_REFERENCE' });
  });
});

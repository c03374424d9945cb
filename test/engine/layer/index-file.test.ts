import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src-main/engine/digest/digest';
import { entryList } from '../../../src-main/engine/layer/build-list';
import type { Diagnostic, LayerEntry } from '../../../src-main/engine/layer/entry';
import { loadLayerIndex } from '../../../src-main/engine/layer/index-file';
import { IndexWriter } from '../../../src-main/engine/layer/index-writer';
import type { LayerPath } from '../../../src-main/engine/path/layer-path';
import { char, dir, file, hardlink, symlink, tarEntries } from '../../support/tar-builder';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-index-'));
});
afterAll(() => rm(folder, { recursive: true }));

const diffId = digestOf('a layer');
let serial = 0;

function save(entries: Iterable<LayerEntry>, diagnostics: readonly Diagnostic[] = []): string {
  const name = join(folder, `index-${serial++}`);
  const writer = new IndexWriter(name);
  for (const entry of entries) writer.add(entry);
  writer.finish(diffId, diagnostics);
  return name;
}

const samples = tarEntries([
  dir('', { mode: 0o1777 }),
  file(Buffer.from([0x63, 0xe9]), 'content', { uid: 2 ** 32 - 2, mtime: { sec: -7, nsec: 999_999_999 } }),
  file('x', '', { xattrs: { 'user.é': 'v', 'security.capability': Buffer.alloc(20) } }),
  symlink('s', '../target'),
  hardlink('h', 'x'),
  char('c', 4095, 1_048_575),
]);

describe('a layer index', () => {
  it('gives back every entry, the DiffID and the diagnostics', async () => {
    const diagnostics = [{ code: 'ABS_NAME', path: 'caf\xe9' as LayerPath, message: 'A sentence.' }];
    const index = await loadLayerIndex(save(samples, diagnostics));
    expect(index.diffId).toBe(diffId);
    expect(index.diagnostics).toEqual(diagnostics);
    expect(Array.from({ length: index.count }, (_, at) => index.entry(at))).toEqual(samples);
  });

  it('is exact for any numbers that a tar can hold', async () => {
    const [sample] = samples;
    if (sample === undefined) throw new Error('no sample');
    const entry = fc.record({
      size: fc.integer({ min: 0, max: 2 ** 53 - 1 }),
      offset: fc.integer({ min: 0, max: 2 ** 53 - 1 }),
      mode: fc.integer({ min: 0, max: 0o7777 }),
      devMajor: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      mtime: fc.record({ sec: fc.maxSafeInteger(), nsec: fc.integer({ min: 0, max: 999_999_999 }) }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 3 }), async (list) => {
        const entries = list.map((fields) => ({ ...sample, ...fields }));
        const index = await loadLayerIndex(save(entries));
        expect(Array.from({ length: index.count }, (_, at) => index.entry(at))).toEqual(entries);
      }),
      { numRuns: 30 },
    );
  });

  it('may have many blocks and long names', async () => {
    const [sample] = samples;
    if (sample === undefined) throw new Error('no sample');
    const pathAt = (at: number): LayerPath => `${'d'.repeat(at % 300)}/${at}` as LayerPath;
    function* many(): Generator<LayerEntry> {
      for (let at = 0; at < 20_000; at++) if (sample !== undefined) yield { ...sample, path: pathAt(at), size: at };
      yield { ...sample, path: 'l'.repeat(600_000) as LayerPath } as LayerEntry;
    }
    const index = await loadLayerIndex(save(many()));
    expect(index.count).toBe(20_001);
    for (const at of [0, 1, 4095, 4096, 8191, 8192, 19_999]) {
      expect(index.entry(at)).toMatchObject({ path: pathAt(at), size: at });
    }
    expect(index.entry(20_000).path).toHaveLength(600_000);
  });

  it('of an empty layer is small and has no entries', async () => {
    const name = save([]);
    const index = await loadLayerIndex(name);
    expect(index.count).toBe(0);
    expect(() => index.entry(0)).toThrow(RangeError);
    expect((await readFile(name)).length).toBeLessThan(300);
  });

  it('that is damaged anywhere, cut off or of another version is refused', async () => {
    const bytes = await readFile(save(samples));
    const name = join(folder, 'damaged');
    for (let at = 0; at < bytes.length; at += 13) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
      await writeFile(name, changed);
      await expect(loadLayerIndex(name)).rejects.toMatchObject({ code: 'STORE_INVALID', subject: name });
    }
    await writeFile(name, bytes.subarray(0, -1));
    await expect(loadLayerIndex(name)).rejects.toMatchObject({ code: 'STORE_INVALID' });
    await writeFile(name, '');
    await expect(loadLayerIndex(name)).rejects.toMatchObject({ code: 'STORE_INVALID' });
    await expect(loadLayerIndex(join(folder, 'missing'))).rejects.toMatchObject({ code: 'IO' });
  });

  it('that is given up leaves nothing', async () => {
    const before = await readdir(folder);
    const writer = new IndexWriter(join(folder, 'given-up'));
    for (const entry of samples) writer.add(entry);
    writer.discard();
    expect(await readdir(folder)).toEqual(before);
  });
});

it('an entry list in memory gives what it was made of', () => {
  const list = entryList(samples);
  expect([list.count, list.entry(3)]).toEqual([samples.length, samples[3]]);
  expect(() => list.entry(samples.length)).toThrow(RangeError);
});

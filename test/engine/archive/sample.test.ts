import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSample } from '../../../src-main/engine/archive/sample';
import { findImage } from '../../../src-main/engine/image/load';
import { layerIndexes } from '../../../src-main/engine/image/tree';
import { openContent } from '../../../src-main/engine/layer/content';
import { pathFromText } from '../../../src-main/engine/path/layer-path';
import type { Version } from '../../../src-main/engine/union/types';
import { ArchiveStore } from '../../support/archive-store';

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

async function textOf(reference: string, { state: { content } }: Version): Promise<string> {
  const image = await findImage(lamina.store, reference);
  const index = (await layerIndexes(lamina.store, image, lamina.pool))[content!.layer]!;
  const { offset, size, sha256 } = index.entry(content!.position);
  const blobFile = lamina.store.blobFile(image.layers[content!.layer]!.digest);
  const chunks: Buffer[] = [];
  for await (const chunk of await openContent({ blobFile, offset, size, sha256 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('the textbook sample', () => {
  it('shows six files from outside; layer 3 gives file 5, and layer 2’s older version still opens', async () => {
    await makeSample(lamina, 'textbook', 'sample');
    expect(await lamina.paths('sample')).toEqual(['file1', 'file2', 'file3', 'file4', 'file5', 'file6']);
    const tree = await lamina.tree('sample');
    const { versions } = tree.nodeAt(pathFromText('file5'))!;
    expect(versions.map(({ layer, endLayer }) => [layer, endLayer])).toEqual([
      [1, 2],
      [2, undefined],
    ]);
    const [older, newer] = versions as [Version, Version];
    expect(await textOf('sample', older)).toContain('the OLDER version, from layer 2');
    expect(await textOf('sample', newer)).toContain('the NEWER version, from layer 3');
  });

  it('says in its history what each layer does', async () => {
    await makeSample(lamina, 'textbook', 'sample');
    const { config } = await findImage(lamina.store, 'sample');
    expect(config.history?.map(({ comment }) => comment?.slice(0, 7))).toEqual(['Layer 1', 'Layer 2', 'Layer 3']);
  });
});

describe('the story sample', () => {
  it('is a base, a package and a patch that replaces one file and deletes another', async () => {
    await makeSample(lamina, 'story', 'story:1');
    const tree = await lamina.tree('story:1');
    const greet = 'usr/lib/python3/dist-packages/greet';
    const versions = (name: string): Version[] => [...tree.nodeAt(pathFromText(`${greet}/${name}`))!.versions];
    expect(versions('template.py').map(({ endReason }) => endReason)).toEqual(['replaced', undefined]);
    expect(versions('legacy.py').map(({ endReason }) => endReason)).toEqual(['whiteout']);
    expect(await textOf('story:1', versions('legacy.py')[0]!)).toContain('eval(');
    expect(tree.namesOf(tree.lookup(pathFromText('bin/greet'))!)).toEqual(['usr/bin/greet', 'usr/bin/greet3']);
    expect(tree.diagnostics).toEqual([]);
  });
});

describe.each(['textbook', 'story'] as const)('the %s sample', (which) => {
  it('is the same image each time, and survives an export', async () => {
    const first = await makeSample(lamina, which, 'a:1');
    const second = await makeSample(lamina, which, 'b:1');
    expect(second.key).toBe(first.key);
    expect((await lamina.fsck()).problems).toEqual([]);
    const other = await ArchiveStore.open();
    try {
      await other.import(await lamina.export(['a:1'], 'docker-archive', 'sample.tar'));
      expect(await other.tags()).toEqual(await lamina.tags());
    } finally {
      await other.close();
    }
  });
});

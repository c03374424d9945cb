import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src-main/engine/store/open-store';
import { withoutReference, withRoot } from '../../../src-main/engine/store/roots';
import type { BlobStore, Descriptor, RootEntry } from '../../../src-main/engine/store/types';
import { tempFolder } from '../../support/temp-folder';

const REF_NAME = 'org.opencontainers.image.ref.name';
const IMAGE_NAME = 'io.containerd.image.name';

function descriptor(digit: string, rest: Readonly<Record<string, unknown>> = {}): Descriptor {
  return { mediaType: 'application/x', digest: `sha256:${digit.repeat(64)}`, size: 1, ...rest };
}

async function storeWith(document: unknown): Promise<BlobStore> {
  const store = await openStore(await tempFolder('index-json'));
  await writeFile(join(store.dir, 'index.json'), JSON.stringify(document));
  return store;
}

async function documentOf(store: BlobStore): Promise<{ manifests: Record<string, unknown>[] }> {
  return JSON.parse(await readFile(join(store.dir, 'index.json'), 'utf8')) as { manifests: Record<string, unknown>[] };
}

const referencesOf = (roots: readonly RootEntry[]): (string | undefined)[] => roots.map((root) => root.reference);

describe('index.json', () => {
  it('carries the short reference for other programs and the full one beside it', async () => {
    const store = await storeWith({ schemaVersion: 2, manifests: [] });
    await store.updateRoots((roots) => withRoot(roots, descriptor('1'), 'docker.io/corpus/python:app'));
    const { manifests } = await documentOf(store);
    expect(manifests[0]?.['annotations']).toEqual({
      [REF_NAME]: 'corpus/python:app',
      [IMAGE_NAME]: 'docker.io/corpus/python:app',
    });
  });

  it('has no name on an untagged image', async () => {
    const store = await storeWith({ schemaVersion: 2, manifests: [] });
    await store.updateRoots((roots) =>
      withRoot(roots, descriptor('1', { annotations: { [REF_NAME]: 'x:1' } }), undefined),
    );
    expect((await documentOf(store)).manifests[0]).not.toHaveProperty('annotations');
  });

  it('keeps everything that others wrote', async () => {
    const odd = [{ digest: 'sha512:abc', size: 3, note: 'not ours' }, 'nonsense'];
    const theirs = descriptor('2', {
      data: 'eA==',
      annotations: { [REF_NAME]: 'v1', 'org.example': 'kept' },
      extra: [1],
    });
    const store = await storeWith({
      schemaVersion: 2,
      mediaType: 'm',
      annotations: { a: 'b' },
      manifests: [theirs, ...odd],
    });
    await store.updateRoots((roots) => withRoot(roots, descriptor('3'), 'docker.io/library/mine:1'));
    const document = await documentOf(store);
    expect(document).toMatchObject({ mediaType: 'm', annotations: { a: 'b' } });
    expect(document.manifests[0]).toEqual(theirs);
    expect(document.manifests.slice(2)).toEqual(odd);
  });

  it('reads the full name before the short one, and no name that is none', async () => {
    const store = await storeWith({
      manifests: [
        descriptor('1', { annotations: { [REF_NAME]: 'latest', [IMAGE_NAME]: 'ghcr.io/a/b:2' } }),
        descriptor('2', { annotations: { [REF_NAME]: 'app' } }),
        descriptor('3', { annotations: { [REF_NAME]: 'Not A Name' } }),
      ],
    });
    const names = referencesOf(await store.roots());
    expect(names).toEqual(['ghcr.io/a/b:2', 'docker.io/library/app:latest', undefined]);
  });

  it('takes null for an empty list, as Go writes it', async () => {
    const store = await storeWith({ schemaVersion: 2, manifests: null });
    expect(await store.roots()).toEqual([]);
  });

  it('lets the later of two entries keep the name, and the earlier its image', async () => {
    const name = { annotations: { [REF_NAME]: 'app:1' } };
    const store = await storeWith({ manifests: [descriptor('1', name), descriptor('2', name), descriptor('2', name)] });
    const roots = await store.roots();
    expect(referencesOf(roots)).toEqual([undefined, 'docker.io/library/app:1']);
    expect(roots.map((root) => root.descriptor.digest[7])).toEqual(['1', '2']);
  });

  it('is not written when nothing changes', async () => {
    const store = await storeWith({ schemaVersion: 2, manifests: [], spacing: 'as it was' });
    const before = await readFile(join(store.dir, 'index.json'), 'utf8');
    await store.updateRoots((roots) => roots);
    expect(await readFile(join(store.dir, 'index.json'), 'utf8')).toBe(before);
  });

  it('survives names that would be special to an object', async () => {
    const text = `{"manifests":[{"mediaType":"m","digest":"sha256:${'4'.repeat(64)}","size":1,"annotations":{"__proto__":"x"}}]}`;
    const store = await storeWith({});
    await writeFile(join(store.dir, 'index.json'), text);
    await store.updateRoots((roots) => withRoot(roots, descriptor('5'), 'docker.io/library/a:1'));
    expect(await readFile(join(store.dir, 'index.json'), 'utf8')).toContain('"__proto__": "x"');
  });
});

describe('changing references', () => {
  const [a, b] = ['docker.io/library/a:1', 'docker.io/library/b:1'];

  it('a name that moves leaves the old image untagged', () => {
    const roots = withRoot(withRoot([], descriptor('1'), a), descriptor('2'), a);
    expect(roots.map(({ reference, descriptor: { digest } }) => [digest[7], reference])).toEqual([
      ['1', undefined],
      ['2', a],
    ]);
  });

  it('a name that moves from an image with another name takes nothing else', () => {
    const roots = withRoot(withRoot(withRoot([], descriptor('1'), a), descriptor('1'), b), descriptor('2'), a);
    expect(referencesOf(roots)).toEqual([b, a]);
  });

  it('an untagged image that gets a name is untagged no more', () => {
    expect(referencesOf(withRoot(withRoot([], descriptor('1'), undefined), descriptor('1'), a))).toEqual([a]);
  });

  it('adding what is there changes nothing at all', () => {
    const roots = withRoot([], descriptor('1'), a);
    expect(withRoot(roots, descriptor('1'), a)).toBe(roots);
    expect(withRoot(roots, descriptor('1'), undefined)).toBe(roots);
  });

  it('a name that goes leaves the image', () => {
    expect(referencesOf(withoutReference(withRoot([], descriptor('1'), a), a))).toEqual([undefined]);
    const two = withRoot(withRoot([], descriptor('1'), a), descriptor('1'), b);
    expect(referencesOf(withoutReference(two, a))).toEqual([b]);
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Browse, Lamina } from '../../../src-main/engine/lamina';
import { openLamina } from '../../../src-main/engine/open-lamina';
import { fromText } from '../../../src-main/engine/path/byte-string';
import { pathFromText } from '../../../src-main/engine/path/layer-path';
import type { FileState } from '../../../src-main/engine/union/types';
import { dockerFiles, image, pack, plainLayer, type BuiltImage } from '../../support/image-builder';
import { dir, file } from '../../support/tar-builder';
import { tempFolder } from '../../support/temp-folder';

function stateOf({ tree }: Browse, path: string): FileState {
  const node = tree.lookup(pathFromText(path));
  const version = node === undefined ? undefined : tree.visible(node);
  if (version === undefined) throw new Error(`nothing at ${path}`);
  return version.state;
}

describe('the engine behind its door', () => {
  let lamina: Lamina;
  let folder: string;

  beforeEach(async () => {
    folder = await tempFolder('lamina-api');
    lamina = await openLamina(join(folder, 'store'));
  });
  afterEach(() => lamina.close());

  async function add(...images: readonly BuiltImage[]): Promise<void> {
    await writeFile(join(folder, 'in.tar'), pack(dockerFiles(images)));
    await lamina.images.import(join(folder, 'in.tar'));
  }

  const named = (content: string, ...tags: string[]): BuiltImage =>
    image([plainLayer([dir('d'), file('d/f', content)])], { tags });
  const namesOf = async (): Promise<(readonly string[])[]> => (await lamina.images.list()).map((row) => row.references);

  it('reads files of an image, whole, in part, and never of a directory', async () => {
    await add(named('0123456789', 'a:1'));
    const browse = await lamina.browse({ kind: 'image', ref: 'a:1' });
    const state = stateOf(browse, '/d/f');
    expect(await text(await browse.open(state))).toBe('0123456789');
    expect(await text(await browse.open(state, { start: 2, end: 5 }))).toBe('234');
    expect((await browse.read(state, 4)).toString()).toBe('0123');
    expect((await browse.read(state, 400)).toString()).toBe('0123456789');
    await expect(browse.open(stateOf(browse, '/d'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('reads files of a container, changed and unchanged, with the container layer on top', async () => {
    await add(named('below', 'a:1'));
    await lamina.containers.create('a:1', 'box');
    await lamina.containers.writeFile('box', pathFromText('/d/new'), Buffer.from('above'));
    const browse = await lamina.browse({ kind: 'container', name: 'box' });
    expect(browse.container?.name).toBe('box');
    expect(browse.tree.layerCount).toBe(2);
    expect(await text(await browse.open(stateOf(browse, 'd/f')))).toBe('below');
    expect(await text(await browse.open(stateOf(browse, 'd/new')))).toBe('above');
    expect((await browse.read(stateOf(browse, 'd/new'), 2)).toString()).toBe('ab');
    expect(browse.tree.nodeAt(pathFromText('d/new'))?.name).toBe(fromText('new'));
  });

  it('removes one name, the last of which takes the image; a digest takes all names', async () => {
    await add(named('x', 'a:1', 'a:2'), named('y', 'b:1', 'b:2'));
    expect(await lamina.images.remove('a:1')).toEqual({ untagged: ['a:1'], deleted: undefined });
    const { key } = await lamina.images.get('a:2');
    expect(await lamina.images.remove('a:2')).toEqual({ untagged: ['a:2'], deleted: key });
    const other = await lamina.images.get('b:1');
    expect(await lamina.images.remove(other.id)).toEqual({ untagged: ['b:1', 'b:2'], deleted: other.key });
    expect(await namesOf()).toEqual([]);
    expect((await lamina.collect()).removed).toHaveLength(6);
  });

  it('does not remove an image that a container stands on, but its spare names', async () => {
    await add(named('x', 'a:1', 'a:2'));
    await lamina.containers.create('a:1', 'box');
    await lamina.images.remove('a:1');
    await expect(lamina.images.remove('a:2')).rejects.toMatchObject({ code: 'IMAGE_IN_USE' });
    expect((await lamina.collect()).removed).toEqual([]);
    await lamina.containers.remove('box');
    await lamina.images.remove('a:2');
    expect((await lamina.fsck()).problems).toEqual([]);
  });

  it('moves a name, and gives an untagged image its first one', async () => {
    await add(named('x', 'a:1'), named('y', 'b:1'));
    const { key } = await lamina.images.get('a:1');
    await lamina.images.tag('b:1', 'a:1');
    expect(await namesOf()).toEqual([[], ['a:1', 'b:1']]);
    await lamina.images.tag(key, 'c');
    expect((await namesOf()).flat()).toContain('c:latest');
    await expect(lamina.images.tag('b:1', `d@${key}`)).rejects.toMatchObject({ code: 'INVALID_REFERENCE' });
  });

  it('writes an image named twice once, with both names; one named by digest with all of its names', async () => {
    await add(named('x', 'a:1', 'a:2', 'a:3'));
    const { key } = await lamina.images.get('a:1');
    const back = async (...refs: readonly string[]): Promise<(readonly string[])[]> => {
      const out = join(folder, `out-${refs.length}.tar`);
      await lamina.images.export(refs, { file: out, format: 'docker-archive' });
      const other = await openLamina(join(folder, `other-${refs.length}`));
      await other.images.import(out);
      await other.close();
      return (await other.images.list()).map((row) => row.references);
    };
    expect(await back('a:1', 'a:3')).toEqual([['a:1', 'a:3']]);
    expect(await back(key)).toEqual([['a:1', 'a:2', 'a:3']]);
  });

  it('opens nothing that is no store', async () => {
    await writeFile(join(folder, 'file'), 'x');
    await expect(openLamina(join(folder, 'file'))).rejects.toMatchObject({ code: 'IO' });
    await expect(openLamina(folder)).rejects.toMatchObject({ code: 'STORE_INVALID' });
  });
});

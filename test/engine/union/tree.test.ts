import { describe, expect, it } from 'vitest';
import { LaminaError } from '../../../src-main/engine/errors';
import { pathFromText } from '../../../src-main/engine/path/layer-path';
import { dir, file, hardlink, symlink, whiteout } from '../../support/tar-builder';
import { codes, stack } from '../../support/tree-text';

const x = (name: string) => file(name, 'x');

describe('looking up a path', () => {
  const image = stack(
    [
      dir('usr'),
      dir('usr/lib'),
      x('usr/lib/a'),
      symlink('lib', 'usr/lib'),
      symlink('abs', '/lib/a'),
      symlink('out', '../../usr'),
    ],
    [whiteout('usr/lib/a'), symlink('loop', 'loop'), symlink('nowhere', 'no/where')],
  );
  const lookup = (path: string, options: { upTo?: number; followLast?: boolean } = {}) =>
    image.tree.lookup(pathFromText(path), options)?.path;

  it('follows symlinks on the way and, when asked, the last one, inside the image root', () => {
    expect(lookup('lib/a', { upTo: 0 })).toBe('usr/lib/a');
    expect(lookup('lib')).toBe('lib');
    expect(lookup('lib', { followLast: true })).toBe('usr/lib');
    expect(lookup('abs', { upTo: 0, followLast: true })).toBe('usr/lib/a');
    expect(lookup('out/lib', { followLast: true })).toBe('usr/lib');
    expect(lookup('/')).toBe('');
  });

  it('sees the filesystem as of a layer', () => {
    expect(lookup('lib/a')).toBeUndefined();
    expect(lookup('loop', { upTo: 0 })).toBeUndefined();
    expect(lookup('loop')).toBe('loop');
  });

  it('finds nothing through a file, a missing name or a link that leads nowhere', () => {
    expect(lookup('lib/a/b', { upTo: 0 })).toBeUndefined();
    expect(lookup('none/b')).toBeUndefined();
    expect(lookup('nowhere', { followLast: true })).toBeUndefined();
  });

  it('refuses a circle of links', () => {
    const attempt = () => lookup('loop', { followLast: true });
    expect(attempt).toThrow(LaminaError);
    expect(attempt).toThrow(/\/loop/);
  });
});

describe('the tree', () => {
  it('lists children and walks in byte order, parents first, as of any layer', () => {
    const { tree } = stack([x('b/z'), x('a'), x('b-c'), x('B')], [whiteout('b/z'), x('b/y')]);
    expect(tree.childrenOf(tree.root).map(({ name }) => name)).toEqual(['B', 'a', 'b', 'b-c']);
    expect([...tree.walk({ upTo: 0 })].map(({ path }) => path)).toEqual(['B', 'a', 'b', 'b/z', 'b-c']);
    expect([...tree.walk({ from: tree.nodeAt(pathFromText('b')) })].map(({ path }) => path)).toEqual(['b/y']);
    expect([...tree.walkAll()].map(({ path }) => path)).toEqual(['B', 'a', 'b', 'b/y', 'b/z', 'b-c']);
  });

  it('numbers its nodes, parents before children', () => {
    const { tree } = stack([x('a/b/c'), x('d')], [whiteout('e')]);
    const nodes = [tree.root, ...tree.walkAll()];
    expect(nodes.map(({ index }) => index).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(tree.nodeCount).toBe(6);
    for (const { index, parent } of nodes) expect(parent?.index ?? -1).toBeLessThan(index);
  });

  it('gives a state as plain data that survives being copied', () => {
    const { state } = stack([file('a', 'text', { mode: 0o640, mtime: 5 })]);
    expect(structuredClone(state('a'))).toEqual({ ...state('a') });
    expect(state('a')).toMatchObject({ type: 'file', size: 4, content: { layer: 0, position: 0, size: 4 } });
  });

  it('tells type, size and link count of a version without its state', () => {
    const { node } = stack([file('a', 'text'), hardlink('b', 'a'), file('c', '')]);
    expect(node('a').versions).toMatchObject([{ type: 'file', size: 4, hardlinked: true }]);
    expect(node('c').versions).toMatchObject([{ type: 'file', size: 0, hardlinked: false }]);
    expect(node('a').versions[0]?.inode).toBe(node('b').versions[0]?.inode);
  });

  it('refuses nodes that it did not make', () => {
    const { tree } = stack([x('a')]);
    expect(() => tree.visible({ ...tree.root, path: tree.root.path, versions: [], marks: [] })).toThrow(
      /no union tree made/,
    );
  });

  it('nests a hundred thousand directories without running out of stack', () => {
    const depth = 100_000;
    const deep = Array.from({ length: depth }, () => 'd').join('/');
    const { tree } = stack([file(`${deep}/f`, 'x')], [whiteout('d')], [x('d/again')]);
    let seen = 0;
    for (const node of tree.walk({ upTo: 0 })) seen += node.name.length;
    expect(seen).toBe(depth + 1);
    expect([...tree.walk()].map(({ path }) => path)).toEqual(['d', 'd/again']);
    expect(tree.lookup(pathFromText(`${deep}/f`), { upTo: 0 })?.name).toBe('f');
  });

  it('keeps the list of diagnostics short whatever a layer holds', () => {
    const { tree } = stack(Array.from({ length: 2_500 }, () => file('a', 'x')));
    expect(codes(tree)).toHaveLength(1_001);
    expect(tree.diagnostics.at(-1)?.message).toContain('More of this kind are not listed');
  });
});

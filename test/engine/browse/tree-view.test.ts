import { describe, expect, it } from 'vitest';
import { TreeView } from '../../../src-main/engine/browse/tree-view';
import type { TreeOptions, TreeRow } from '../../../src-main/engine/browse/types';
import { toText } from '../../../src-main/engine/path/byte-string';
import { pathFromText } from '../../../src-main/engine/path/layer-path';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../support/tar-builder';
import { stack } from '../../support/tree-text';

const base: TreeOptions = { mode: 'union', ghosts: false, filter: '', sort: { by: 'name', descending: false } };
const bytes = (count: number): string => 'x'.repeat(count);

/** One line a row: mark or blank, ghost in parentheses, an open directory with `-`, a closed one with `+`. */
function line(row: TreeRow): string {
  const handle = row.hasChildren ? (row.open ? '- ' : '+ ') : '';
  const name = row.ghost ? `(${toText(row.name)})` : toText(row.name);
  return `${'  '.repeat(row.depth)}${handle}${name} ${row.size}${row.mark === undefined ? '' : ` ${row.mark}`}`;
}

const show = (view: TreeView): string[] => view.rows(0, 1_000).map(line);
const openAll = (view: TreeView): void => void view.toggle(pathFromText('/'), true, true);

const image = stack(
  [
    dir('etc'),
    file('etc/app.conf', bytes(10)),
    file('etc/old.conf', bytes(20)),
    dir('usr'),
    dir('usr/bin'),
    file('usr/bin/tool', bytes(1_000)),
    hardlink('usr/bin/tool2', 'usr/bin/tool'),
    file('usr/README', bytes(5)),
  ],
  [
    dir('etc', { mtime: 9 }),
    file('etc/app.conf', bytes(30)),
    whiteout('etc/old.conf'),
    dir('srv', { mode: 0o700 }),
    file('srv/page', bytes(50)),
    symlink('bin', 'usr/bin'),
  ],
  [dir('usr'), whiteout('usr/bin'), file('usr/new', bytes(2)), file('etc/app.conf', bytes(31)), whiteout('never')],
);

describe('the union', () => {
  it('starts closed, with sizes of everything below', () => {
    const view = new TreeView(image.tree);
    expect(show(view)).toEqual(['bin 0', '+ etc 31', '+ srv 50', '+ usr 7']);
    expect(view.state()).toEqual({ revision: 1, rowCount: 4, files: 5, bytes: 88, layerCount: 3, matches: undefined });
  });

  it('marks what hides older versions, and what only the topmost layer has', () => {
    const view = new TreeView(image.tree);
    openAll(view);
    expect(show(view)).toEqual([
      'bin 0',
      '- etc 31',
      '  app.conf 31 M',
      '- srv 50',
      '  page 50',
      '- usr 7',
      '  README 5',
      '  new 2 A',
    ]);
  });

  it('lists ghosts in their place; live directories do not count them, and a hard-linked object counts once', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, ghosts: true });
    openAll(view);
    expect(show(view)).toEqual([
      'bin 0',
      '- etc 31',
      '  app.conf 31 M',
      '  (old.conf) 20 D',
      '- srv 50',
      '  page 50',
      '- usr 7',
      '  README 5',
      '  - (bin) 1000 D',
      '    (tool) 1000 D',
      '    (tool2) 1000 D',
      '  new 2 A',
    ]);
    expect(view.state()).toMatchObject({ files: 5, bytes: 88 });
  });

  it('of a container is marked by what the container layer did', () => {
    const view = new TreeView(image.tree, { container: true });
    view.configure({ ...base, ghosts: true });
    openAll(view);
    expect(show(view).filter((row) => / [AMD]$/.test(row))).toEqual([
      '  app.conf 31 M',
      '  - (bin) 1000 D',
      '    (tool) 1000 D',
      '    (tool2) 1000 D',
      '  new 2 A',
    ]);
  });
});

describe('up to a layer', () => {
  it('shows the filesystem as of it, marked by what it did', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'upTo', layer: 1, ghosts: true });
    openAll(view);
    expect(show(view)).toEqual([
      'bin 0 A',
      '- etc 30',
      '  app.conf 30 M',
      '  (old.conf) 20 D',
      '- srv 50 A',
      '  page 50 A',
      '- usr 1005',
      '  README 5',
      '  - bin 1000',
      '    tool 1000',
      '    tool2 1000',
    ]);
  });

  it('marks everything in the lowest layer as added', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'upTo', layer: 0 });
    expect(show(view)).toEqual(['+ etc 30 A', '+ usr 1005 A']);
  });
});

describe('one layer alone', () => {
  it('shows what it wrote and what it hid, and the directories that lead there', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'layer', layer: 2 });
    openAll(view);
    expect(show(view)).toEqual([
      '- etc 31',
      '  app.conf 31 M',
      '(never) 0 D',
      '- usr 2',
      '  (bin) 1000 D',
      '  new 2 A',
    ]);
    expect(view.state()).toMatchObject({ files: 2, bytes: 33 });
  });

  it('with ghosts also shows all that went with what it hid', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'layer', layer: 2, ghosts: true });
    openAll(view);
    expect(show(view)).toContain('    (tool) 1000 D');
  });

  it('shows what an opaque directory hid', () => {
    const { tree } = stack(
      [dir('d', { mode: 0o700 }), file('d/a', bytes(3)), file('d/b', '')],
      [dir('d'), opaque('d'), file('d/b', 'new')],
    );
    const view = new TreeView(tree);
    view.configure({ ...base, mode: 'layer', layer: 1 });
    openAll(view);
    expect(show(view)).toEqual(['- d 3 M', '  (a) 3 D', '  b 3 M']);
  });

  it('that the tree does not have shows the topmost one', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'layer', layer: 9 });
    expect(view.layer).toBe(2);
  });
});

describe('rows', () => {
  it('are read in windows', () => {
    const view = new TreeView(image.tree);
    openAll(view);
    const all = show(view);
    expect(view.rows(2, 3).map(line)).toEqual(all.slice(2, 5));
    expect(view.rows(7, 100).map(line)).toEqual(all.slice(7));
    expect(view.rows(100, 5)).toEqual([]);
  });

  it('carry what the layer says about the path', () => {
    const view = new TreeView(image.tree);
    expect(view.rows(0, 4)).toMatchObject([
      { path: 'bin', type: 'symlink', linkname: 'usr/bin', mode: 0o777, layer: 1 },
      { path: 'etc', type: 'dir', linkname: undefined, mtime: { sec: 9, nsec: 0 }, layer: 1 },
      { path: 'srv', mode: 0o700, layer: 1 },
      { path: 'usr', layer: 2 },
    ]);
  });

  it('of a directory come and go when it is opened and closed, and what was open below it is remembered', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'upTo', layer: 0 });
    const [usr, bin] = [pathFromText('usr'), pathFromText('usr/bin')];
    expect(view.toggle(usr, true, false).rowCount).toBe(4);
    expect(view.toggle(bin, true, false).rowCount).toBe(6);
    expect(view.toggle(usr, false, false).rowCount).toBe(2);
    expect(view.toggle(usr, true, false).rowCount).toBe(6);
    expect(view.toggle(usr, false, true).rowCount).toBe(2);
    expect(view.toggle(usr, true, false).rowCount).toBe(4);
    expect(() => view.toggle(pathFromText('nope'), true, false)).toThrow(/No layer has/);
  });

  it('can be opened up to a path', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'upTo', layer: 0 });
    const index = view.reveal(pathFromText('usr/bin/tool2'));
    expect(view.rows(index, 1).map(({ path }) => path)).toEqual(['usr/bin/tool2']);
    expect(view.reveal(pathFromText('srv'))).toBe(-1);
    expect(view.reveal(pathFromText('nope'))).toBe(-1);
    expect(view.reveal(pathFromText('/'))).toBe(-1);
  });

  it.each([
    ['size', ['srv', 'page', 'etc', 'app.conf', 'usr', 'README', 'new', 'bin']],
    ['layer', ['usr', 'new', 'README', 'bin', 'etc', 'app.conf', 'srv', 'page']],
    ['mtime', ['etc', 'app.conf', 'bin', 'srv', 'page', 'usr', 'README', 'new']],
    ['mode', ['bin', 'etc', 'app.conf', 'usr', 'README', 'new', 'srv', 'page']],
    ['owner', ['bin', 'etc', 'app.conf', 'srv', 'page', 'usr', 'README', 'new']],
  ] as const)('are sorted by %s, the same ones by name', (by, expected) => {
    const view = new TreeView(image.tree);
    openAll(view);
    view.configure({ ...base, sort: { by, descending: true } });
    expect(view.rows(0, 9).map(({ name }) => name)).toEqual(expected);
  });

  it('are sorted by name both ways, parents always first', () => {
    const view = new TreeView(image.tree);
    openAll(view);
    view.configure({ ...base, sort: { by: 'name', descending: true } });
    expect(view.rows(0, 9).map(({ name }) => name)).toEqual([
      'usr',
      'new',
      'README',
      'srv',
      'page',
      'etc',
      'app.conf',
      'bin',
    ]);
  });

  it('keep their order when a directory is toggled in any order of rows', () => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'upTo', layer: 0, sort: { by: 'size', descending: false } });
    openAll(view);
    const all = show(view);
    view.toggle(pathFromText('etc'), false, false);
    expect(show(view)).toHaveLength(all.length - 2);
    view.toggle(pathFromText('etc'), true, false);
    expect(show(view)).toEqual(all);
  });
});

describe('the filter', () => {
  const found = (filter: string, options: Partial<TreeOptions> = {}): string[] => {
    const view = new TreeView(image.tree);
    view.configure({ ...base, mode: 'upTo', layer: 0, ...options, filter });
    return show(view).map((row) => row.trim().replace(/^- /, ''));
  };

  it('shows matches and the directories that lead to them, all open, with sizes as they are', () => {
    expect(found('TOOL2')).toEqual(['usr 1005 A', 'bin 1000 A', 'tool2 1000 A']);
  });

  it.each([
    ['*.conf', ['etc', 'app.conf', 'old.conf']],
    ['usr/r', ['usr', 'README']],
    ['**/bin/*', ['usr', 'bin', 'tool', 'tool2']],
    ['usr/*', ['usr', 'README', 'bin']],
    ['size:>15 size:<100', ['etc', 'old.conf']],
    ['type:dir size:>=1k', ['usr', 'bin']],
    ['type:dir', ['etc', 'usr', 'bin']],
    ['readme type:f', ['usr', 'README']],
    ['nothing-like-this', []],
  ])('%s finds %j', (filter, expected) => {
    expect(found(filter).map((row) => row.split(' ')[0])).toEqual(expected);
  });

  it('counts layers from 1 and knows changes', () => {
    expect(found('layer:3', { mode: 'union' })).toEqual(['etc 31', 'app.conf 31 M', 'usr 7', 'new 2 A']);
    expect(found('changed:m', { mode: 'upTo', layer: 1 })).toEqual(['etc 30', 'app.conf 30 M']);
    expect(found('changed:d', { mode: 'upTo', layer: 1, ghosts: true })).toEqual(['etc 30', '(old.conf) 20 D']);
  });

  it('counts matches, lets directories be closed, and gives back what was open before', () => {
    const view = new TreeView(image.tree);
    view.toggle(pathFromText('usr'), true, false);
    const before = show(view);
    expect(view.configure({ ...base, filter: 'e' })).toMatchObject({ matches: 4, rowCount: 6 });
    expect(view.toggle(pathFromText('usr'), false, false).rowCount).toBe(4);
    view.configure(base);
    expect(show(view)).toEqual(before);
  });
});

describe('details', () => {
  it('list all versions, newest first, and names of the object', () => {
    const view = new TreeView(image.tree);
    const details = view.details(pathFromText('etc/app.conf'));
    expect(details.versions.map(({ layer, size, endLayer }) => [layer, size, endLayer])).toEqual([
      [2, 31, undefined],
      [1, 30, 2],
      [0, 10, 1],
    ]);
    expect(details).toMatchObject({ ghost: false, current: { layer: 2 }, hardlinks: [], linkname: undefined });
    view.configure({ ...base, mode: 'upTo', layer: 0 });
    expect(view.details(pathFromText('etc/app.conf')).current?.layer).toBe(0);
    expect(view.details(pathFromText('usr/bin/tool')).hardlinks).toEqual(['usr/bin/tool', 'usr/bin/tool2']);
  });

  it('follow a symlink as of the shown layer', () => {
    const view = new TreeView(image.tree);
    expect(view.details(pathFromText('bin'))).toMatchObject({ linkname: 'usr/bin', linkPath: undefined });
    view.configure({ ...base, mode: 'upTo', layer: 1 });
    expect(view.details(pathFromText('bin'))).toMatchObject({ linkname: 'usr/bin', linkPath: 'usr/bin' });
  });

  it('tell of ghosts, of circles and of whiteouts of nothing', () => {
    const view = new TreeView(stack([symlink('l', 'l'), file('a')], [whiteout('a'), whiteout('never')]).tree);
    expect(view.details(pathFromText('l')).linkPath).toBeUndefined();
    expect(view.details(pathFromText('a'))).toMatchObject({ ghost: true, current: { layer: 0, endLayer: 1 } });
    expect(view.details(pathFromText('never'))).toMatchObject({ ghost: true, current: undefined, versions: [] });
    expect(() => view.details(pathFromText('nope'))).toThrow(/No layer has/);
  });
});

describe('another state of the tree', () => {
  it('keeps options and open directories', () => {
    const lower = [dir('a'), file('a/1'), dir('b'), dir('b/c'), file('b/c/2')];
    const view = new TreeView(stack(lower, []).tree, { container: true });
    view.toggle(pathFromText('b'), true, true);
    const { revision } = view.state();
    const state = view.replaceTree(stack(lower, [dir('0'), whiteout('a'), file('b/c/3')]).tree);
    expect(state.revision).toBeGreaterThan(revision);
    expect(show(view)).toEqual(['0 0 A', '- b 0', '  - c 0', '    2 0', '    3 0 A']);
  });

  it('keeps closed what was closed in a filter', () => {
    const lower = [file('a/x'), file('b/x')];
    const view = new TreeView(stack(lower, []).tree);
    view.configure({ ...base, filter: 'x' });
    view.toggle(pathFromText('a'), false, false);
    view.replaceTree(stack(lower, [file('c/x')]).tree);
    expect(view.rows(0, 9).map(({ path }) => path)).toEqual(['a', 'b', 'b/x', 'c', 'c/x']);
  });
});

describe('odd trees', () => {
  it('an image without layers has no rows', () => {
    expect(new TreeView(stack().tree).state()).toMatchObject({ rowCount: 0, files: 0, bytes: 0, layerCount: 0 });
  });

  it('a file that was a directory has its ghosts below it', () => {
    const view = new TreeView(stack([dir('d'), file('d/x', '1')], [file('d', 'file')]).tree);
    view.configure({ ...base, ghosts: true });
    openAll(view);
    expect(show(view)).toEqual(['- d 4 M', '  (x) 1 D']);
  });

  it('names in other alphabets are found in any case', () => {
    const view = new TreeView(stack([file('ÄRGER.txt'), file(Buffer.from('\xc4x', 'latin1'))]).tree);
    expect(view.configure({ ...base, filter: 'ärger' }).matches).toBe(1);
    expect(view.configure({ ...base, filter: '\\xc4' }).matches).toBe(1);
  });
});

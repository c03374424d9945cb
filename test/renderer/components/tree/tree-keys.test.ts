import type { TreeRow } from '@contract/views';
import { describe, expect, it } from 'vitest';
import { columnsFor } from '../../../../src-renderer/components/tree/tree-columns';
import { isTreeKey, treeAction, type TreeKey } from '../../../../src-renderer/components/tree/tree-keys';

function key(name: string, held: Partial<TreeKey> = {}): TreeKey {
  return { key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held };
}

function folder(open: boolean): TreeRow {
  return {
    path: 'usr',
    name: 'usr',
    depth: 0,
    type: 'dir',
    open,
    hasChildren: true,
    ghost: false,
    mark: undefined,
    size: 0,
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtime: '2025-01-01T00:00:00Z',
    layer: 1,
    linkname: undefined,
  };
}

const at = { index: 10, rowCount: 100, pageRows: 20, row: folder(false) };

describe('keys of the file tree', () => {
  it.each([
    ['ArrowUp', 9],
    ['ArrowDown', 11],
    ['Home', 0],
    ['End', 99],
    ['PageUp', 0],
    ['PageDown', 30],
  ])('%s goes to row %i', (name, to) => {
    expect(treeAction(key(name), at)).toEqual({ kind: 'move', to, extend: false });
  });

  it('begin at the first row when none is selected', () => {
    expect(treeAction(key('ArrowDown'), { ...at, index: -1, row: undefined })).toMatchObject({ to: 0 });
  });

  it('open a folder, then go into it; close it, then go out of it', () => {
    expect(treeAction(key('ArrowRight'), at)).toMatchObject({ kind: 'toggle', open: true });
    expect(treeAction(key('ArrowRight'), { ...at, row: folder(true) })).toMatchObject({ kind: 'move', to: 11 });
    expect(treeAction(key('ArrowLeft'), { ...at, row: folder(true) })).toMatchObject({ kind: 'toggle', open: false });
    expect(treeAction(key('ArrowLeft'), at)).toEqual({ kind: 'parent' });
  });

  it('extend the selection with Shift', () => {
    expect(treeAction(key('End', { shiftKey: true }), at)).toEqual({ kind: 'move', to: 99, extend: true });
  });

  it('type a name, in any script', () => {
    expect(treeAction(key('中'), at)).toEqual({ kind: 'type', text: '中' });
    expect(treeAction(key('😀'), at)).toEqual({ kind: 'type', text: '😀' });
  });

  it.each(['/', ' ', 'Tab', 'Escape', 'Shift'])('leave %j to others', (name) => {
    expect(isTreeKey(key(name))).toBe(false);
    expect(treeAction(key(name), at)).toBeUndefined();
  });

  it('leave combinations to the menus', () => {
    expect(isTreeKey(key('a', { ctrlKey: true }))).toBe(false);
  });
});

describe('columns of the file tree', () => {
  it('keep name, size, layer and change however narrow the pane is', () => {
    expect(columnsFor(200).map((column) => column.id)).toEqual(['name', 'size', 'layer', 'mark']);
    expect(columnsFor(1000)).toHaveLength(7);
  });
});

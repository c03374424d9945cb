import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import BaseTable from '../../../../src-renderer/components/base/BaseTable.vue';
import { mountInWindow, type MountedWindow } from '../../../support/window';

const rows = Array.from({ length: 1_000 }, (_, i) => ({ id: `row-${i}` }));
let mounted: MountedWindow;

beforeEach(async () => {
  mounted = await mountInWindow(BaseTable, {
    rows,
    rowKey: (row: { id: string }) => row.id,
    columns: [
      { id: 'name', label: 'Name', width: '1fr', sortable: true },
      { id: 'size', label: 'Size', width: '80px', align: 'end', sortable: true },
    ],
    sort: { by: 'name', descending: true },
    selected: new Set(['row-1']),
    active: 'row-1',
    label: 'Things',
  });
});
afterEach(() => mounted.wrapper.unmount());

function press(key: string, more: KeyboardEventInit = {}): void {
  const grid = document.querySelector('[role="grid"]')!;
  grid.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
}

describe('a table', () => {
  it('draws only the rows in sight, and says how many there are', () => {
    expect(mounted.all('row').length).toBeGreaterThan(5);
    expect(mounted.all('row').length).toBeLessThan(60);
    expect(document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount')).toBe('1001');
  });

  it('says what is selected, where the keyboard is and how it is sorted', () => {
    expect(
      mounted
        .all('row')
        .map((row) => row.getAttribute('aria-selected'))
        .slice(0, 3),
    ).toEqual(['false', 'true', 'false']);
    const activeId = document.querySelector('[role="grid"]')!.getAttribute('aria-activedescendant')!;
    expect(document.getElementById(activeId)?.getAttribute('aria-rowindex')).toBe('3');
    expect(
      [...document.querySelectorAll('[role="columnheader"]')].map((head) => head.getAttribute('aria-sort')),
    ).toEqual(['descending', 'none']);
  });

  it('moves, opens, selects and removes by keyboard', () => {
    press('ArrowDown');
    press('ArrowUp', { shiftKey: true });
    press('End');
    press('Enter');
    press(' ');
    press('a', { ctrlKey: true });
    press('Delete');
    press('Escape');
    const emitted = mounted.wrapper.emitted();
    expect(emitted['move']).toEqual([
      [1, false],
      [-1, true],
      [1_000, false],
    ]);
    expect(emitted['open']).toEqual([['row-1']]);
    expect(emitted['press']).toEqual([['row-1', { toggle: true, extend: false }]]);
    expect([emitted['all'], emitted['remove'], emitted['clear']]).toEqual([[[]], [[]], [[]]]);
  });

  it('tells which row was pressed and how, and keeps a selection that a menu is opened on', () => {
    const [first, second] = mounted.all('row');
    first!.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, ctrlKey: true }));
    second!.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 2 }));
    expect(mounted.wrapper.emitted()['press']).toEqual([['row-0', { toggle: true, extend: false }]]);
  });

  it('asks to be sorted by the column that was pressed', () => {
    mounted.find('sort-size').click();
    expect(mounted.wrapper.emitted()['sort']).toEqual([['size']]);
  });
});

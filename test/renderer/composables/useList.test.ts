import { ref } from 'vue';
import { describe, expect, it } from 'vitest';
import { useList, type List } from '../../../src-renderer/composables/useList';

interface Thing {
  readonly name: string;
  readonly size: number;
}

const things = ref<readonly Thing[]>([]);

function list(): List<Thing, 'name' | 'size'> {
  things.value = [
    { name: 'pear', size: 2 },
    { name: 'apple', size: 3 },
    { name: 'plum', size: 1 },
  ];
  return useList<Thing, 'name' | 'size'>({
    rows: () => things.value,
    keyOf: (thing) => thing.name,
    filter: (rows, text) => rows.filter((thing) => thing.name.includes(text)),
    order: (rows, { by, descending }) =>
      [...rows].sort(
        (a, b) => (descending ? -1 : 1) * (by === 'name' ? a.name.localeCompare(b.name) : a.size - b.size),
      ),
    columns: { name: 'ascending', size: 'descending' },
    by: 'size',
  });
}

const names = (shown: List<Thing, 'name' | 'size'>): string[] => shown.rows.value.map((thing) => thing.name);

describe('a list', () => {
  it('begins with its column, sorts by another the way that one begins, and turns round', () => {
    const shown = list();
    expect(names(shown)).toEqual(['apple', 'pear', 'plum']);
    shown.setSort('size');
    expect(names(shown)).toEqual(['plum', 'pear', 'apple']);
    shown.setSort('name');
    expect(shown.sort.value).toEqual({ by: 'name', descending: false });
    shown.setSort('name');
    expect(names(shown)).toEqual(['plum', 'pear', 'apple']);
  });

  it('does not sort by a column that it does not have', () => {
    const shown = list();
    shown.setSort('toString');
    expect(shown.sort.value).toEqual({ by: 'size', descending: true });
  });

  it('knows the selected rows that are shown, and whether it is one alone', () => {
    const shown = list();
    shown.press('plum');
    expect(shown.only.value?.size).toBe(1);
    shown.press('pear', { toggle: true });
    expect(shown.selectedRows.value.map((thing) => thing.name)).toEqual(['pear', 'plum']);
    expect(shown.only.value).toBeUndefined();
    shown.text.value = 'pl';
    expect(names(shown)).toEqual(['apple', 'plum']);
    expect(shown.only.value?.name).toBe('plum');
    things.value = [];
    expect(shown.selectedRows.value).toEqual([]);
  });
});

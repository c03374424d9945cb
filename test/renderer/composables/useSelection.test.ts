import { beforeEach, describe, expect, it } from 'vitest';
import { computed, ref, type Ref } from 'vue';
import { useSelection, type Selection } from '../../../src-renderer/composables/useSelection';

let keys: Ref<string[]>;
let selection: Selection;
const chosen = (): string => [...selection.selected.value].sort().join('');

beforeEach(() => {
  keys = ref(['a', 'b', 'c', 'd', 'e']);
  selection = useSelection(computed(() => keys.value));
});

describe('pressing', () => {
  it('selects one row alone', () => {
    selection.press('a');
    selection.press('c');
    expect(chosen()).toBe('c');
  });

  it('with Ctrl adds and takes away', () => {
    selection.press('a');
    selection.press('c', { toggle: true });
    selection.press('a', { toggle: true });
    expect(chosen()).toBe('c');
  });

  it('with Shift selects from the anchor, in both directions', () => {
    selection.press('c');
    selection.press('e', { extend: true });
    expect(chosen()).toBe('cde');
    selection.press('a', { extend: true });
    expect(chosen()).toBe('abc');
  });
});

describe('moving', () => {
  it('begins at the first row and stays inside the list', () => {
    selection.move(1);
    expect(selection.active.value).toBe('a');
    selection.move(-1);
    expect(selection.active.value).toBe('a');
    selection.move(100);
    expect(selection.active.value).toBe('e');
  });

  it('with Shift grows the selection', () => {
    selection.press('b');
    selection.move(1, true);
    selection.move(1, true);
    expect(chosen()).toBe('bcd');
  });

  it('does nothing in an empty list', () => {
    keys.value = [];
    selection.move(1);
    expect(selection.active.value).toBeUndefined();
  });
});

it('selects all, and forgets rows that are gone', () => {
  selection.all();
  keys.value = ['b', 'c'];
  expect(chosen()).toBe('bc');
  selection.clear();
  expect(chosen()).toBe('');
});

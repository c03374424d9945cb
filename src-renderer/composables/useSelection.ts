import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';

export interface Selection {
  /** Selected keys that are still in the list. */
  readonly selected: ComputedRef<ReadonlySet<string>>;
  /** The row the keyboard is on. */
  readonly active: ShallowRef<string | undefined>;
  /** A press on a row: alone, with Ctrl (`toggle`), or with Shift (`extend`). */
  readonly press: (key: string, how?: { readonly toggle?: boolean; readonly extend?: boolean }) => void;
  /** Moves by so many rows; with `extend` everything from the anchor is selected. */
  readonly move: (by: number, extend?: boolean) => void;
  readonly all: () => void;
  readonly clear: () => void;
}

/** Selection in a list as desktop lists have it: one row, more with Ctrl, a range with Shift. `keys` is in shown order. */
export function useSelection(keys: ComputedRef<readonly string[]>): Selection {
  const chosen = shallowRef<ReadonlySet<string>>(new Set());
  const active = shallowRef<string>();
  let anchor: string | undefined;

  const present = computed(() => new Set(keys.value));
  const selected = computed(() => new Set([...chosen.value].filter((key) => present.value.has(key))));

  function range(from: string | undefined, to: string): ReadonlySet<string> {
    const a = from === undefined ? -1 : keys.value.indexOf(from);
    const b = keys.value.indexOf(to);
    return a < 0 ? new Set([to]) : new Set(keys.value.slice(Math.min(a, b), Math.max(a, b) + 1));
  }

  function press(key: string, how: { readonly toggle?: boolean; readonly extend?: boolean } = {}): void {
    active.value = key;
    if (how.extend === true) {
      chosen.value = range(anchor, key);
      return;
    }
    anchor = key;
    if (how.toggle !== true) {
      chosen.value = new Set([key]);
      return;
    }
    const next = new Set(selected.value);
    if (!next.delete(key)) next.add(key);
    chosen.value = next;
  }

  function move(by: number, extend = false): void {
    if (keys.value.length === 0) return;
    const from = active.value === undefined ? -1 : keys.value.indexOf(active.value);
    const to = Math.min(keys.value.length - 1, Math.max(0, from < 0 && by < 0 ? 0 : from + by));
    const key = keys.value[to];
    if (key !== undefined) press(key, { extend });
  }

  function all(): void {
    chosen.value = present.value;
  }

  function clear(): void {
    chosen.value = new Set();
  }

  return { selected, active, press, move, all, clear };
}

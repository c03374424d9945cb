/**
 * What is selected in the open tree, as in a file manager: one row the keyboard is on, and a set of paths for commands.
 * Rows move under it when folders open or the shown layers change; the selection holds paths and follows them.
 */
import type { TreeRow } from '@contract/views';
import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { treeAction, type TreeAction, type TreeKey } from '../components/tree/tree-keys';
import { useTreeStore } from '../stores/tree';
import { createTypeAhead } from './type-ahead';

/** Actions of the keyboard that are not the selection's own. */
export type OuterAction = Extract<TreeAction, { kind: 'activate' | 'rename' | 'delete' }>;

export interface TreeSelection {
  readonly activeIndex: Ref<number>;
  readonly activeRow: ShallowRef<TreeRow | undefined>;
  readonly selected: ShallowRef<ReadonlySet<string>>;
  readonly act: (action: TreeAction) => Promise<void>;
  /** A key press; keys are carried out one after another, each where the one before has led. */
  readonly press: (key: TreeKey, pageRows: number) => Promise<void>;
  readonly pick: (index: number, event: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>) => Promise<void>;
  readonly toggle: (row: TreeRow, deep: boolean) => Promise<void>;
  /** Shows and selects a path; false when the tree does not show it. */
  readonly goTo: (path: string) => Promise<boolean>;
  readonly clear: () => void;
}

export interface SelectionHooks {
  /** Asked before another path is selected; false keeps the selection. */
  readonly mayLeave: () => Promise<boolean>;
  readonly chosen: (row: TreeRow) => void;
  readonly outer: (action: OuterAction) => void;
  readonly failed: (thrown: unknown) => void;
}

const LONGEST_RANGE = 10_000;
const MOST_TRIES = 3;

export function useTreeSelection(hooks: SelectionHooks): TreeSelection {
  const tree = useTreeStore();
  const activeIndex = ref(-1);
  const activeRow = shallowRef<TreeRow>();
  const selected = shallowRef<ReadonlySet<string>>(new Set());
  let anchor = 0;
  let jumping = false;
  let finding: Promise<void> | undefined;

  function clear(): void {
    activeIndex.value = -1;
    activeRow.value = undefined;
    selected.value = new Set();
  }

  function put(index: number, row: TreeRow): void {
    const other = row.path !== activeRow.value?.path;
    activeIndex.value = index;
    activeRow.value = row;
    if (other) hooks.chosen(row);
  }

  async function move(index: number, extend: boolean): Promise<void> {
    const row = await tree.load(index);
    if (row === undefined) return;
    if (row.path !== activeRow.value?.path && !(await hooks.mayLeave())) return;
    selected.value = extend ? await range(anchor, index) : new Set([row.path]);
    if (!extend) anchor = index;
    put(index, row);
  }

  async function range(from: number, to: number): Promise<ReadonlySet<string>> {
    const first = Math.min(from, to);
    const last = Math.min(Math.max(from, to), first + LONGEST_RANGE - 1);
    const paths = new Set<string>();
    for (let index = first; index <= last; index += 1) {
      const row = await tree.load(index);
      if (row !== undefined) paths.add(row.path);
    }
    return paths;
  }

  async function pick(index: number, event: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>): Promise<void> {
    if (!event.ctrlKey && !event.metaKey) return move(index, event.shiftKey);
    const row = await tree.load(index);
    if (row === undefined || !(await hooks.mayLeave())) return;
    const next = new Set(selected.value);
    if (!next.delete(row.path)) next.add(row.path);
    selected.value = next;
    anchor = index;
    put(index, row);
  }

  async function toggle(row: TreeRow, deep: boolean): Promise<void> {
    const closing = row.open;
    // Closing a folder around the selected row would hide it: the folder is selected in its place.
    if (closing && activeRow.value?.path.startsWith(`${row.path}/`) === true) await goTo(row.path);
    await open(row.path, !closing, deep);
  }

  /** Opens or closes a folder; afterwards the selected row is as the tree has it now, for the key that comes next. */
  async function open(path: string, wanted: boolean, deep: boolean): Promise<void> {
    await guarded(() => tree.toggle(path, wanted, deep));
    await finding;
    await follow();
  }

  async function goTo(path: string): Promise<boolean> {
    // Revealing may open folders and so move the rows: what was selected need not be followed any more.
    jumping = true;
    const index = await guarded(() => tree.reveal(path));
    if (index !== undefined && index >= 0) await move(index, false);
    jumping = false;
    return activeRow.value?.path === path;
  }

  async function guarded<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      hooks.failed(thrown);
      return undefined;
    }
  }

  const typeAhead = createTypeAhead({ load: tree.load, rowCount: () => tree.state?.rowCount ?? 0 });

  async function toParent(): Promise<void> {
    const path = activeRow.value?.path ?? '';
    const slash = path.lastIndexOf('/');
    if (slash > 0) await goTo(path.slice(0, slash));
  }

  async function jumpTo(text: string): Promise<void> {
    const found = await typeAhead(text, activeIndex.value);
    if (found >= 0) await move(found, false);
  }

  async function act(action: TreeAction): Promise<void> {
    const row = activeRow.value;
    const folder = row?.hasChildren === true ? row : undefined;
    switch (action.kind) {
      case 'move':
        return move(action.to, action.extend);
      case 'toggle':
        if (folder !== undefined) await open(folder.path, action.open, action.deep);
        return;
      case 'parent':
        return toParent();
      case 'type':
        return jumpTo(action.text);
      case 'activate':
        if (folder !== undefined) return toggle(folder, false);
        hooks.outer(action);
        return;
      case 'rename':
      case 'delete':
        hooks.outer(action);
    }
  }

  let keys = Promise.resolve();

  function press(key: TreeKey, pageRows: number): Promise<void> {
    const run = (): Promise<void> | undefined => {
      const rowCount = tree.state?.rowCount ?? 0;
      const action = treeAction(key, { index: activeIndex.value, rowCount, pageRows, row: activeRow.value });
      return action === undefined ? undefined : act(action);
    };
    keys = keys.then(run).catch(hooks.failed);
    return keys;
  }

  /** Finds the selected path again among rows that moved. Finding it may itself open folders and move rows. */
  function follow(): Promise<void> {
    if (jumping) return Promise.resolve();
    finding ??= findAgain().finally(() => (finding = undefined));
    return finding;
  }

  async function findAgain(): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES && !(await find()); tries += 1);
  }

  /** False when rows moved again while it looked. */
  async function find(): Promise<boolean> {
    const path = activeRow.value?.path;
    if (path === undefined) return true;
    const here = await tree.load(activeIndex.value);
    const index = here?.path === path ? activeIndex.value : await guarded(() => tree.reveal(path));
    if (activeRow.value?.path !== path || index === undefined) return true;
    const row = await tree.load(index);
    if (activeRow.value.path !== path) return true;
    if (index >= 0 && row?.path !== path) return false;
    activeIndex.value = index;
    activeRow.value = row ?? activeRow.value;
    anchor = index;
    return true;
  }

  watch(
    () => tree.state?.revision,
    (revision) => {
      if (revision !== undefined) void follow();
    },
  );

  return { activeIndex, activeRow, selected, act, press, pick, toggle, goTo, clear };
}

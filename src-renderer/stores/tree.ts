/**
 * The one file tree that is open: what it shows, and the window of its rows that is on screen. The tree itself stays in
 * main; here are positions, pages of rows and the options that made them.
 */
import type { TreeOptions, TreeRow, TreeState, TreeTarget } from '@contract/views';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { type ApiError, toApiError } from '../api/api-error';
import { call, on } from '../api/bridge';
import { RowPages } from './row-pages';

const FRESH_OPTIONS: TreeOptions = {
  mode: 'union',
  ghosts: false,
  filter: '',
  sort: { by: 'name', descending: false },
};

export const useTreeStore = defineStore('tree', () => {
  const target = shallowRef<TreeTarget>();
  const options = shallowRef<TreeOptions>(FRESH_OPTIONS);
  const state = shallowRef<TreeState>();
  const error = shallowRef<ApiError>();
  /** Calls that may move rows and are not answered yet. */
  const pending = shallowRef(0);
  /** Counts up whenever other rows are to be drawn. */
  const drawn = shallowRef(0);
  /** Counts up when main rebuilt the tree because its container changed. */
  const rebuilt = shallowRef(0);

  /** Tells the opening of one tree from that of the next, whose answers may overtake each other. */
  let opening = 0;
  let configuring = 0;

  const pages = new RowPages({
    rows: (offset, limit) =>
      state.value === undefined ? Promise.resolve([]) : call('tree.rows', { view: state.value.view, offset, limit }),
    changed: () => (drawn.value += 1),
    failed: (thrown) => (error.value = toApiError(thrown)),
  });

  function take(next: TreeState): void {
    const before = state.value;
    if (before?.view === next.view && next.revision < before.revision) return;
    state.value = next;
    if (before?.view !== next.view || before.revision !== next.revision) pages.reset(next.rowCount);
    drawn.value += 1;
  }

  async function counted<T>(work: Promise<T>): Promise<T> {
    pending.value += 1;
    try {
      return await work;
    } finally {
      pending.value -= 1;
    }
  }

  /** Opens the tree of an image or container in place of the one before; an error is kept in `error`. */
  async function open(next: TreeTarget, wanted: TreeOptions = FRESH_OPTIONS): Promise<void> {
    await close();
    const mine = ++opening;
    target.value = next;
    options.value = wanted;
    try {
      const opened = await counted(call('tree.open', { target: next, options: wanted }));
      if (mine === opening) take(opened);
      else await call('tree.close', { view: opened.view });
    } catch (thrown) {
      if (mine === opening) error.value = toApiError(thrown);
    }
  }

  async function close(): Promise<void> {
    opening += 1;
    const view = state.value?.view;
    target.value = undefined;
    state.value = undefined;
    error.value = undefined;
    pages.clear();
    drawn.value += 1;
    if (view !== undefined) await call('tree.close', { view });
  }

  /** Changes what is shown. Quick changes after one another end in the last one. */
  async function configure(change: Partial<TreeOptions>): Promise<void> {
    options.value = { ...options.value, ...change };
    const view = state.value?.view;
    if (view === undefined) return;
    const mine = ++configuring;
    try {
      const next = await counted(call('tree.configure', { view, options: options.value }));
      if (mine === configuring && state.value?.view === view) {
        error.value = undefined;
        take(next);
      }
    } catch (thrown) {
      if (mine === configuring) error.value = toApiError(thrown);
    }
  }

  /** Opens or closes a directory. @throws ApiError */
  async function toggle(path: string, opened: boolean, deep: boolean): Promise<void> {
    const view = state.value?.view;
    if (view === undefined) return;
    take(await counted(call('tree.toggle', { view, path, open: opened, deep })));
  }

  /** Opens what a path is in; answers its position, -1 when the view does not show it. @throws ApiError */
  async function reveal(path: string): Promise<number> {
    const view = state.value?.view;
    if (view === undefined) return -1;
    const answer = await counted(call('tree.reveal', { view, path }));
    take(answer.state);
    return answer.index;
  }

  /** The row at a position, if it is here; reading it follows `drawn`. */
  const row = (index: number): TreeRow | undefined => (drawn.value < 0 ? undefined : pages.at(index));
  const want = (first: number, last: number): void => pages.want(first, last);
  const load = (index: number): Promise<TreeRow | undefined> => pages.load(index);
  const indexOf = (path: string): number => pages.indexOf(path);

  on('tree.changed', (next) => {
    if (next.view !== state.value?.view) return;
    take(next);
    rebuilt.value += 1;
  });

  return {
    target,
    options,
    state,
    error,
    pending,
    drawn,
    rebuilt,
    open,
    close,
    configure,
    toggle,
    reveal,
    row,
    want,
    load,
    indexOf,
  };
});

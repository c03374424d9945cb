import type { TreeRow } from '@contract/views';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PAGE_ROWS, RowPages } from '../../../src-renderer/stores/row-pages';

function row(path: string): TreeRow {
  return {
    path,
    name: path,
    depth: 0,
    type: 'file',
    open: false,
    hasChildren: false,
    ghost: false,
    mark: undefined,
    size: 1,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: '2025-01-01T00:00:00Z',
    layer: 1,
    linkname: undefined,
  };
}

/** A tree whose answers wait until the test lets them go. */
class SlowTree {
  prefix = 'a';
  readonly asked: number[] = [];
  readonly waiting: (() => void)[] = [];
  readonly changed = vi.fn();
  readonly failed = vi.fn();
  readonly pages = new RowPages(this);

  async rows(offset: number, limit: number): Promise<TreeRow[]> {
    this.asked.push(offset);
    const { prefix } = this;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return Array.from({ length: limit }, (_, at) => row(`${prefix}${offset + at}`));
  }

  async answer(): Promise<void> {
    for (const resolve of this.waiting.splice(0)) resolve();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

describe('the pages of a tree', () => {
  let tree: SlowTree;
  beforeEach(() => {
    tree = new SlowTree();
    tree.pages.reset(150_000);
    tree.asked.length = 0;
  });

  it('asks once for each page in view and then has its rows', async () => {
    tree.pages.want(PAGE_ROWS - 5, PAGE_ROWS + 5);
    tree.pages.want(PAGE_ROWS - 4, PAGE_ROWS + 6);
    await tree.answer();
    expect(tree.asked).toEqual([PAGE_ROWS]);
    expect(tree.pages.at(PAGE_ROWS + 3)?.path).toBe(`a${PAGE_ROWS + 3}`);
    expect(tree.changed).toHaveBeenCalled();
  });

  it('throws away an answer to a question from before the rows moved', async () => {
    tree.pages.want(1000, 1010);
    tree.prefix = 'b';
    tree.pages.reset(150_000);
    await tree.answer();
    expect(tree.pages.at(1005)?.path).toBe('b1005');
  });

  it('keeps the old rows on screen until all rows in view are new, and never mixes them', async () => {
    tree.pages.want(190, 210);
    await tree.answer();
    tree.prefix = 'b';
    tree.pages.reset(150_000);
    expect(tree.pages.at(195)?.path).toBe('a195');
    tree.waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect([tree.pages.at(195)?.path, tree.pages.at(205)?.path]).toEqual(['a195', 'a205']);
    await tree.answer();
    expect([tree.pages.at(195)?.path, tree.pages.at(205)?.path]).toEqual(['b195', 'b205']);
  });

  it('shows nothing past the end after rows went away', async () => {
    await tree.answer();
    tree.pages.reset(3);
    expect(tree.pages.at(3)).toBeUndefined();
    expect(tree.pages.at(-1)).toBeUndefined();
  });

  it('forgets everything when another tree is opened', async () => {
    await tree.answer();
    tree.pages.clear();
    tree.prefix = 'other';
    tree.pages.reset(10);
    expect(tree.pages.at(0)).toBeUndefined();
    await tree.answer();
    expect(tree.pages.at(0)?.path).toBe('other0');
  });

  it('holds a bounded number of rows however far one scrolls', async () => {
    for (let first = 0; first < 40_000; first += PAGE_ROWS) {
      tree.pages.want(first, first + 30);
      await tree.answer();
    }
    const held = Array.from({ length: 40_000 / PAGE_ROWS }, (_, page) => tree.pages.at(page * PAGE_ROWS));
    expect(held.filter((found) => found !== undefined).length).toBeLessThanOrEqual(60);
    expect(tree.pages.at(39_900)?.path).toBe('a39900');
  });

  it('loads a row that is far from the screen', async () => {
    const loading = tree.pages.load(149_999);
    await tree.answer();
    expect((await loading)?.path).toBe('a149999');
    expect(await tree.pages.load(150_000)).toBeUndefined();
  });

  it('tells of a failure once and asks again when the page is wanted again', async () => {
    const broken = new RowPages({
      rows: () => Promise.reject(new Error('gone')),
      changed: tree.changed,
      failed: tree.failed,
    });
    broken.reset(10);
    await tree.answer();
    expect(tree.failed).toHaveBeenCalledTimes(1);
    broken.want(0, 5);
    await tree.answer();
    expect(tree.failed).toHaveBeenCalledTimes(2);
  });
});

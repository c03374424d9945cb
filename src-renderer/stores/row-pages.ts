/**
 * The rows of an open tree that the window holds: pages of 200 around what is on screen, fetched as they are scrolled
 * to. Rows move whenever the tree's revision changes; the pages of the old revision stay on screen until those of the
 * new one are there, so that nothing flashes, and an answer to a question of an old revision is thrown away.
 */
import type { TreeRow } from '@contract/views';

export const PAGE_ROWS = 200;
/** About 12,000 rows; far more than a screen, far less than a large image. */
const PAGES_KEPT = 60;
/** Rows beyond the screen that are fetched ahead of a scroll. */
const AHEAD = 100;
/** Questions on their way at once: a fling past a hundred pages asks for the few it ends on. */
const AT_ONCE = 3;

export interface RowSource {
  rows(offset: number, limit: number): Promise<readonly TreeRow[]>;
  /** Rows came in: draw again. */
  changed(): void;
  failed(thrown: unknown): void;
}

export class RowPages {
  private readonly source: RowSource;
  private generation = 0;
  private rowCount = 0;
  private current = new Map<number, readonly TreeRow[]>();
  private previous = new Map<number, readonly TreeRow[]>();
  private readonly asked = new Map<number, Promise<void>>();
  private wanted: readonly [first: number, last: number] = [0, 0];

  constructor(source: RowSource) {
    this.source = source;
  }

  /** The tree has another revision: positions may have changed, every page is to be fetched anew. */
  reset(rowCount: number): void {
    this.generation += 1;
    this.rowCount = rowCount;
    if (this.current.size > 0) this.previous = this.current;
    this.current = new Map();
    this.asked.clear();
    this.want(this.wanted[0], this.wanted[1]);
  }

  /** Another tree: nothing of the old one may be seen again. */
  clear(): void {
    this.generation += 1;
    this.rowCount = 0;
    this.current = new Map();
    this.previous = new Map();
    this.asked.clear();
    this.wanted = [0, 0];
  }

  /** The row at a position if it is here; one of the revision before while the new one is on its way. */
  at(index: number): TreeRow | undefined {
    if (index < 0 || index >= this.rowCount) return undefined;
    const page = Math.floor(index / PAGE_ROWS);
    return (this.previous.get(page) ?? this.current.get(page))?.[index % PAGE_ROWS];
  }

  /** Position of a path among the rows that are here, or -1. */
  indexOf(path: string): number {
    for (const [page, rows] of this.current) {
      const at = rows.findIndex((row) => row.path === path);
      if (at >= 0) return page * PAGE_ROWS + at;
    }
    return -1;
  }

  /** The rows from `first` to `last` are on screen: fetches what is missing of them. */
  want(first: number, last: number): void {
    this.wanted = [first, last];
    const visible = this.pagesOf(first, last);
    for (const page of [...visible, ...this.pagesOf(first - AHEAD, last + AHEAD)]) {
      if (this.asked.size < AT_ONCE || this.asked.has(page)) void this.fetch(page);
    }
  }

  /** The row at a position, fetched when it is not here; undefined when there is none or the tree changed meanwhile. */
  async load(index: number): Promise<TreeRow | undefined> {
    if (index < 0 || index >= this.rowCount) return undefined;
    const { generation } = this;
    await this.fetch(Math.floor(index / PAGE_ROWS));
    if (generation !== this.generation) return undefined;
    return this.current.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  private pagesOf(first: number, last: number): number[] {
    const lastPage = Math.floor(Math.min(last, this.rowCount - 1) / PAGE_ROWS);
    const pages: number[] = [];
    for (let page = Math.floor(Math.max(first, 0) / PAGE_ROWS); page <= lastPage; page += 1) pages.push(page);
    return pages;
  }

  private fetch(page: number): Promise<void> {
    if (this.current.has(page)) return Promise.resolve();
    const asked = this.asked.get(page);
    if (asked !== undefined) return asked;
    const promise = this.ask(page, this.generation);
    this.asked.set(page, promise);
    return promise;
  }

  private async ask(page: number, generation: number): Promise<void> {
    try {
      const rows = await this.source.rows(page * PAGE_ROWS, PAGE_ROWS);
      if (generation !== this.generation) return;
      this.asked.delete(page);
      this.keep(page, rows);
      this.want(this.wanted[0], this.wanted[1]);
    } catch (thrown) {
      if (generation !== this.generation) return;
      this.asked.delete(page);
      this.source.failed(thrown);
    }
  }

  private keep(page: number, rows: readonly TreeRow[]): void {
    this.current.set(page, rows);
    const visible = this.pagesOf(this.wanted[0], this.wanted[1]);
    // Old and new rows are never mixed: the old ones go when the whole screen is new.
    if (visible.every((number) => this.current.has(number))) this.previous = new Map();
    const near = this.pagesOf(this.wanted[0] - AHEAD, this.wanted[1] + AHEAD);
    for (const number of this.current.keys()) {
      if (this.current.size <= PAGES_KEPT) break;
      if (!near.includes(number) && number !== page) this.current.delete(number);
    }
    this.source.changed();
  }
}

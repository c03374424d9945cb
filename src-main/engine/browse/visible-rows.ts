/**
 * The rows of a tree as they stand on screen from top to bottom: nothing but their positions in the layout. Opening or
 * closing a directory moves the rows after it and makes those below it; nothing else is looked at.
 */
import type { TreeLayout } from './layout';
import type { Matches } from './matching';
import type { Comparator } from './sort';

export interface RowSource {
  readonly layout: TreeLayout;
  readonly matches: Matches;
  /** 1 for each open directory. */
  readonly open: Uint8Array;
  /** Undefined for the order of positions. */
  readonly order: Comparator | undefined;
}

export class VisibleRows {
  readonly #source: RowSource;
  readonly #rows: Int32Array;
  #count = 0;

  constructor(source: RowSource) {
    this.#source = source;
    this.#rows = new Int32Array(source.layout.nodes.length);
    this.#count = this.#write(0, 0);
  }

  get count(): number {
    return this.#count;
  }

  /** Positions of the rows `offset` to `offset + limit - 1`, as far as there are any. */
  slice(offset: number, limit: number): Int32Array {
    return this.#rows.subarray(Math.min(offset, this.#count), Math.min(offset + limit, this.#count));
  }

  /** Row of a position, -1 when it has none. */
  indexOf(position: number): number {
    return this.#rows.subarray(0, this.#count).indexOf(position);
  }

  /** Makes the rows below a position anew, after it was opened or closed or something below it was. */
  refresh(position: number): void {
    const row = this.indexOf(position);
    if (row < 0) return;
    const { layout, open } = this.#source;
    const stop = layout.end[position] ?? 0;
    let next = row + 1;
    while (next < this.#count && this.#isBetween(next, position, stop)) next++;
    const rest = this.#rows.slice(next, this.#count);
    const end = open[position] === 1 ? this.#write(position, row + 1) : row + 1;
    this.#rows.set(rest, end);
    this.#count = end + rest.length;
  }

  #isBetween(row: number, position: number, stop: number): boolean {
    const at = this.#rows[row] ?? 0;
    return at > position && at < stop;
  }

  /** Writes the rows below a position from `row` on. @returns the row after the last one */
  #write(position: number, row: number): number {
    return this.#source.order === undefined ? this.#writeInOrder(position, row) : this.#writeSorted(position, row);
  }

  #writeInOrder(position: number, row: number): number {
    const { layout, matches, open } = this.#source;
    const { end } = layout;
    const stop = end[position] ?? 0;
    let at = position + 1;
    while (at < stop) {
      if (matches.kept[at] === 1) {
        this.#rows[row++] = at;
        at = open[at] === 1 ? at + 1 : (end[at] ?? stop);
      } else at = end[at] ?? stop;
    }
    return row;
  }

  #writeSorted(position: number, row: number): number {
    const { open, matches } = this.#source;
    // Children still to be written, the next one last.
    const pending = this.#sortedChildren(position).reverse();
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      this.#rows[row++] = at;
      if (open[at] !== 1 || matches.parents[at] !== 1) continue;
      const children = this.#sortedChildren(at);
      for (let i = children.length - 1; i >= 0; i--) pending.push(children[i] ?? 0);
    }
    return row;
  }

  #sortedChildren(position: number): number[] {
    const { layout, matches, order } = this.#source;
    const children: number[] = [];
    for (const child of layout.childrenOf(position)) if (matches.kept[child] === 1) children.push(child);
    return children.sort(order);
  }
}

/** Typing a name's beginning jumps to it, as in a file manager. Letters typed in quick succession belong together. */
import type { TreeRow } from '@contract/views';

const PAUSE_MS = 800;
/** Rows looked at before giving up: a key press must not read a whole large tree. */
const FARTHEST = 5_000;

export interface TypeAheadRows {
  load(index: number): Promise<TreeRow | undefined>;
  rowCount(): number;
}

/** Answers a function that takes the letters typed and the row to begin at, and answers the row found, or -1. */
export function createTypeAhead(
  rows: TypeAheadRows,
  now: () => number = () => performance.now(),
): (text: string, from: number) => Promise<number> {
  let typed = '';
  let last = -Infinity;
  return async (text, from) => {
    const time = now();
    typed = time - last > PAUSE_MS ? text : typed + text;
    last = time;
    const wanted = typed.toLowerCase();
    const count = rows.rowCount();
    // A first letter looks further than the row it is on; more letters narrow the same search.
    const start = Math.max(0, from) + (wanted.length === 1 ? 1 : 0);
    for (let step = 0; step < Math.min(count, FARTHEST); step += 1) {
      const index = (start + step) % count;
      const row = await rows.load(index);
      if (row?.name.toLowerCase().startsWith(wanted) === true) return index;
    }
    return -1;
  };
}

/** Entry lists in memory: container layers, and tests. */
import type { EntryList, LayerEntry } from './entry';

/** @throws RangeError from `entry` for a position that is not there. */
export function entryList(entries: readonly LayerEntry[]): EntryList {
  return {
    count: entries.length,
    entry(position) {
      const entry = entries[position];
      if (entry === undefined) throw new RangeError(`no entry ${position} in a list of ${entries.length}`);
      return entry;
    },
  };
}

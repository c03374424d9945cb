/** Order and filter of container rows; nothing of the window. */
import type { ContainerRow } from '@contract/views';

type ContainerSortKey = 'name' | 'image' | 'created' | 'changes' | 'bytes';

export interface ContainerSort {
  readonly by: ContainerSortKey;
  readonly descending: boolean;
}

/** Which way a first press on a column sorts: words from A, times and numbers from the highest. */
export const CONTAINER_COLUMNS: Readonly<Record<ContainerSortKey, 'ascending' | 'descending'>> = {
  name: 'ascending',
  image: 'ascending',
  created: 'descending',
  changes: 'descending',
  bytes: 'descending',
};

/** Containers of which the name or the image has every word of the text in it. */
export function filterContainers(rows: readonly ContainerRow[], text: string): readonly ContainerRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const hay = `${row.name}\n${row.imageReference}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const COMPARE: Readonly<Record<ContainerSortKey, (a: ContainerRow, b: ContainerRow) => number>> = {
  name: (a, b) => collator.compare(a.name, b.name),
  image: (a, b) => collator.compare(a.imageReference, b.imageReference),
  created: (a, b) => a.created.localeCompare(b.created),
  changes: (a, b) => a.changes - b.changes,
  bytes: (a, b) => a.bytes - b.bytes,
};

/** Sorted rows; equal ones by name. */
export function sortContainers(rows: readonly ContainerRow[], sort: ContainerSort): readonly ContainerRow[] {
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * COMPARE[sort.by](a, b) || COMPARE.name(a, b));
}

/** Order and filter of image rows; nothing of the window. */
import type { ImageRow } from '@contract/views';

type ImageSortKey = 'name' | 'platform' | 'created' | 'layers' | 'size' | 'unique' | 'id';

export interface ImageSort {
  readonly by: ImageSortKey;
  readonly descending: boolean;
}

/** Which way a first press on a column sorts: words from A, times and numbers from the highest. */
export const IMAGE_COLUMNS: Readonly<Record<ImageSortKey, 'ascending' | 'descending'>> = {
  name: 'ascending',
  platform: 'ascending',
  created: 'descending',
  layers: 'descending',
  size: 'descending',
  unique: 'descending',
  id: 'ascending',
};

/** A reference in two parts: `registry.example.com/team/app` and `1.0` (or `sha256:…` behind an `@`). */
export interface ReferenceParts {
  readonly name: string;
  readonly tag: string | undefined;
}

/** Splits at the tag: a colon after the last slash, as a registry may carry a port. */
export function splitReference(reference: string): ReferenceParts {
  const at = reference.indexOf('@');
  if (at >= 0) return { name: reference.slice(0, at), tag: reference.slice(at + 1) };
  const colon = reference.indexOf(':', reference.lastIndexOf('/') + 1);
  return colon < 0
    ? { name: reference, tag: undefined }
    : { name: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/** The first twelve hex digits of a digest, as Docker prints image IDs. */
export function shortId(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 12);
}

/** How an image is called in a sentence: its first reference, or its short ID. */
export function imageLabel(image: Pick<ImageRow, 'references' | 'id'>): string {
  return image.references[0] ?? shortId(image.id);
}

/** Images of which a reference, the platform or the ID has every word of the text in it. */
export function filterImages(rows: readonly ImageRow[], text: string): readonly ImageRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const hay = [...row.references, row.platform, row.id].join('\n').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

// Untagged images come after all names.
const nameOf = (row: ImageRow): string => row.references[0] ?? `\u{10ffff}${row.id}`;

const COMPARE: Readonly<Record<ImageSortKey, (a: ImageRow, b: ImageRow) => number>> = {
  name: (a, b) => collator.compare(nameOf(a), nameOf(b)),
  platform: (a, b) => collator.compare(a.platform, b.platform),
  created: (a, b) => (a.created ?? '').localeCompare(b.created ?? ''),
  layers: (a, b) => a.layers - b.layers,
  size: (a, b) => a.size - b.size,
  unique: (a, b) => a.uniqueSize - b.uniqueSize,
  id: (a, b) => a.id.localeCompare(b.id),
};

/** Sorted rows; equal ones by name, so that the order is the same each time. */
export function sortImages(rows: readonly ImageRow[], sort: ImageSort): readonly ImageRow[] {
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * COMPARE[sort.by](a, b) || COMPARE.name(a, b));
}

/** Bytes that only these images have, each counted for itself. */
export function uniqueBytes(rows: readonly ImageRow[]): number {
  return rows.reduce((sum, row) => sum + row.uniqueSize, 0);
}

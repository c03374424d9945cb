/** `docker history` as rows: which entry made which layer, and what it added (rule 81). */
import type { HistoryRow, Image } from './types';

/**
 * Rows oldest first. The nth entry with a layer belongs to the nth layer; layers without an entry get rows of their own.
 * @param layerSizes content bytes of each layer, lowest first
 */
export function historyRows(image: Image, layerSizes: readonly number[]): HistoryRow[] {
  const rows: HistoryRow[] = [];
  let next = 0;
  for (const entry of image.config.history ?? []) {
    const layer = entry.empty_layer === true ? undefined : next;
    if (layer !== undefined) next += 1;
    rows.push({ ...entry, layer, size: layer === undefined ? 0 : (layerSizes[layer] ?? 0) });
  }
  for (; next < image.layers.length; next += 1) rows.push({ layer: next, size: layerSizes[next] ?? 0 });
  return rows;
}

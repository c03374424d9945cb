/** Content bytes of a layer by Docker's rule for Size (semantics 6, “Size”, graph driver store). */
import type { EntryList } from '../layer/entry';
import { baseNameOf, kindOfName, type LayerPath } from '../path/layer-path';

/**
 * Sum over all objects but directories, each once however many hard links it has; a symlink counts the length of its
 * target; whiteouts count nothing; sparse files count in full. Of two entries for one path the last counts.
 */
export function layerContentSize(layer: EntryList): number {
  const sizes = new Map<LayerPath, number>();
  for (let position = 0; position < layer.count; position += 1) {
    const { path, type, size, linkname } = layer.entry(position);
    if (kindOfName(baseNameOf(path)).kind !== 'plain') continue;
    if (type === 'file') sizes.set(path, size);
    else if (type === 'symlink') sizes.set(path, linkname.length);
    else sizes.set(path, 0);
  }
  let total = 0;
  for (const size of sizes.values()) total += size;
  return total;
}

/**
 * Merges layers into one tree by the image specification's own rules (profile `spec` of the layer semantics). Pure: it
 * sees entry lists and nothing else. A path costs about 300 bytes beside its entry, which stays in its list and is
 * read again when somebody asks for a state.
 */
import type { EntryList } from '../layer/entry';
import type { ByteString } from '../path/byte-string';
import { applyLayer } from './apply-layer';
import { begin } from './changes';
import { DiagnosticLog } from './diagnostics';
import type { Merge } from './layer-run';
import { FileObject, LayerSource, NodeRecord } from './node';
import { IMPLIED } from './state';
import { MergedTree } from './tree';
import type { UnionTree } from './types';

const NO_ENTRIES: EntryList = {
  count: 0,
  entry(position) {
    throw new RangeError(`an empty list has no entry ${position}`);
  },
};

/**
 * Applies the layers one after the other, lowest first. The lists must stay readable as long as the tree is used.
 * @throws LaminaError LAYER_INVALID when a layer cannot be applied; the message names the layer, the path and the fault
 */
export function buildUnion(layers: readonly EntryList[]): UnionTree {
  const sources = layers.map((list, layer) => new LayerSource(layer, list));
  const root = new NodeRecord(0, '' as ByteString, undefined);
  begin(
    root,
    0,
    new FileObject(0, 'dir', sources[0] ?? new LayerSource(0, NO_ENTRIES), { position: IMPLIED, size: 0 }),
  );
  const merge: Merge = { root, diagnostics: new DiagnosticLog(), nodes: 1, inodes: 1 };
  for (const source of sources) applyLayer(merge, source);
  return new MergedTree(root, { layers: layers.length, nodes: merge.nodes }, merge.diagnostics.list);
}

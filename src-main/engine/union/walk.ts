/** Walks over a tree without recursion: a layer may nest directories deeper than the call stack (security S6). */
import type { NodeRecord } from './node';

const NOTHING: readonly NodeRecord[] = [];

/** All children any layer ever had, in byte order of their names. */
export function sortedChildren(node: NodeRecord): readonly NodeRecord[] {
  if (node.children === undefined) return NOTHING;
  node.sorted ??= [...node.children.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return node.sorted;
}

/** Everything below `from` that `wanted` accepts, parents first; what is refused is left out with all below it. */
export function* walkBelow(from: NodeRecord, wanted: (node: NodeRecord) => boolean): Generator<NodeRecord> {
  const open: { readonly nodes: readonly NodeRecord[]; next: number }[] = [{ nodes: sortedChildren(from), next: 0 }];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const node = level.nodes[level.next++];
    if (node === undefined) {
      open.pop();
    } else if (wanted(node)) {
      yield node;
      if (node.children !== undefined) open.push({ nodes: sortedChildren(node), next: 0 });
    }
  }
}

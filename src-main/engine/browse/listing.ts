/** Flat listings of a tree, for command lines: what is visible, what one layer carries, what is hidden. */
import { LaminaError } from '../errors';
import type { UnionNode, UnionTree, Version } from '../union/types';

export interface ListingOptions {
  /** The filesystem as of this layer, 0-based; the topmost one by default. */
  readonly upTo?: number | undefined;
  /** Instead: what this layer alone carries, its whiteouts included. */
  readonly layer?: number | undefined;
  /** With `upTo`: also every older version up to then, after the visible one of its path, newest first. */
  readonly hidden?: boolean | undefined;
  /** Where to start: what is in this directory, or this node alone when it is none. The root by default. */
  readonly from?: UnionNode | undefined;
  /** With all that is below. */
  readonly recursive?: boolean | undefined;
}

export interface ListedEntry {
  readonly node: UnionNode;
  /** Undefined for whiteouts. */
  readonly version: Version | undefined;
  /** Not what the tree shows as of `upTo`; in a layer's listing, not what the whole image shows. */
  readonly hidden: boolean;
  /** The layer carries a whiteout of the path, or makes this directory opaque. */
  readonly whiteout: 'whiteout' | 'opaque' | undefined;
}

/**
 * Parents first, siblings in byte order of their names.
 * @throws LaminaError LAYER_NOT_FOUND
 */
export function* listEntries(tree: UnionTree, options: ListingOptions = {}): Generator<ListedEntry> {
  const { layer, from = tree.root, recursive = false, hidden = false } = options;
  const top = Math.max(tree.layerCount - 1, 0);
  const upTo = options.upTo ?? top;
  checkLayer(tree, layer ?? options.upTo);
  const isDirectory = (tree.latest(from, layer ?? upTo) ?? from.versions.at(-1))?.type === 'dir';
  const entriesOf = (node: UnionNode): Iterable<ListedEntry> =>
    layer === undefined ? versionsAsOf(tree, node, { upTo, hidden }) : entriesInLayer(tree, node, { layer, top });
  if (!isDirectory) yield* entriesOf(from);
  for (const node of recursive ? tree.walkAll(from) : childrenByName(from)) yield* entriesOf(node);
}

function childrenByName(node: UnionNode): UnionNode[] {
  return [...(node.children?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function checkLayer(tree: UnionTree, layer: number | undefined): void {
  if (layer === undefined || (Number.isInteger(layer) && layer >= 0 && layer < tree.layerCount)) return;
  throw new LaminaError('LAYER_NOT_FOUND', `There is no layer ${layer + 1}; the image has ${tree.layerCount}.`, {
    hint: 'Layers are counted from 1, the lowest one.',
  });
}

function* versionsAsOf(
  tree: UnionTree,
  node: UnionNode,
  { upTo, hidden }: { readonly upTo: number; readonly hidden: boolean },
): Generator<ListedEntry> {
  const visible = tree.visible(node, upTo);
  if (visible !== undefined) yield { node, version: visible, hidden: false, whiteout: undefined };
  if (!hidden) return;
  for (const version of [...node.versions].reverse()) {
    if (version.layer <= upTo && version !== visible) yield { node, version, hidden: true, whiteout: undefined };
  }
}

function* entriesInLayer(
  tree: UnionTree,
  node: UnionNode,
  { layer, top }: { readonly layer: number; readonly top: number },
): Generator<ListedEntry> {
  for (const { layer: marked, kind } of node.marks) {
    if (marked === layer) yield { node, version: undefined, hidden: false, whiteout: kind };
  }
  const version = tree.latest(node, layer);
  if (version?.layer !== layer || version.state.implied) return;
  yield { node, version, hidden: tree.visible(node, top) !== version, whiteout: undefined };
}

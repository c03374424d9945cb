/** Everything a view knows about one path. */
import { LaminaError } from '../errors';
import type { LayerPath } from '../path/layer-path';
import type { UnionNode, UnionTree } from '../union/types';
import type { Projection } from './projection';
import type { NodeDetails } from './types';

export function detailsOf(tree: UnionTree, projection: Projection, position: number): NodeDetails {
  const node = projection.layout.nodes[position] ?? tree.root;
  const { layer } = projection.options;
  const current = projection.versions[position] ?? tree.latest(node, layer);
  const state = current?.state;
  const isLink = state?.type === 'symlink';
  const names = tree.namesOf(node, layer);
  return {
    node,
    path: node.path,
    ghost: tree.visible(node, layer) === undefined,
    current,
    versions: [...node.versions].reverse(),
    linkname: isLink ? state.linkname : undefined,
    linkPath: isLink ? leadsTo(tree, node, layer) : undefined,
    hardlinks: names.length > 1 ? names : [],
    xattrs: state?.xattrs ?? new Map(),
  };
}

/** A link may lead nowhere or in a circle. */
function leadsTo(tree: UnionTree, node: UnionNode, layer: number): LayerPath | undefined {
  try {
    return tree.lookup(node.path, { upTo: layer, followLast: true })?.path;
  } catch (error) {
    if (error instanceof LaminaError && error.code === 'SYMLINK_LOOP') return undefined;
    throw error;
  }
}

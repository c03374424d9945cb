/** What a layer did to a path, as `types.ts` describes marks. Reads states, so it is asked for rows and not for trees. */
import { sameXattrs } from '../union/same-xattrs';
import type { UnionNode, UnionTree, Version } from '../union/types';
import type { Projection } from './projection';
import { Role } from './role';
import type { ChangeMark } from './types';

/**
 * @param container the tree is a container's: its union is marked by what the container layer did
 */
export function markOf(
  tree: UnionTree,
  { layout, options, roles, versions }: Projection,
  position: number,
  container: boolean,
): ChangeMark | undefined {
  const node = layout.nodes[position];
  const version = versions[position];
  if (node === undefined || roles[position] === Role.CONTEXT) return undefined;
  const single = options.mode !== 'union' || container;
  if (roles[position] === Role.GHOST) {
    return options.mode === 'layer' || !single || version?.endLayer === options.layer ? 'D' : undefined;
  }
  if (version === undefined) return undefined;
  return single ? markInLayer(tree, node, version, options.layer) : markInImage(tree, node, version);
}

function markInLayer(tree: UnionTree, node: UnionNode, version: Version, layer: number): ChangeMark | undefined {
  if (version.layer !== layer) return undefined;
  const before = layer === 0 ? undefined : tree.visible(node, layer - 1);
  if (before === undefined) return 'A';
  return isSameDirectory(before, version) ? undefined : 'M';
}

function markInImage(tree: UnionTree, node: UnionNode, version: Version): ChangeMark | undefined {
  const before = version.layer === 0 ? undefined : tree.latest(node, version.layer - 1);
  if (before !== undefined) return isSameDirectory(before, version) ? undefined : 'M';
  return version.layer > 0 && version.layer === tree.layerCount - 1 ? 'A' : undefined;
}

/** The entry of the directory was only written again; its time changes with whatever happens in it. */
function isSameDirectory(before: Version, after: Version): boolean {
  if (before.type !== 'dir' || after.type !== 'dir') return false;
  const [a, b] = [before.state, after.state];
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && sameXattrs(a.xattrs, b.xattrs);
}

/**
 * A tree laid out flat for viewing: every node, dead or alive, in one row of positions, parents first and siblings in
 * byte order of their names. What lies below a node is then a range, and everything a view knows about nodes is a typed
 * array. Made once a tree, shared by its views.
 */
import { toText } from '../path/byte-string';
import type { UnionNode, UnionTree } from '../union/types';

const NOT_ASCII = /[^\0-\x7f]/;

export class TreeLayout {
  /** The root is at position 0. */
  readonly nodes: readonly UnionNode[];
  /** Position of the parent; the root's is 0. */
  readonly parent: Int32Array;
  /** What is below position `i` is at `i + 1` to `end[i] - 1`. */
  readonly end: Int32Array;
  /** -1 for the root, 0 for what is in it. */
  readonly depth: Int32Array;
  readonly #positions: Int32Array;
  #folded: string[] | undefined;

  constructor(tree: UnionTree) {
    const count = tree.nodeCount;
    const nodes = [tree.root];
    for (const node of tree.walkAll()) nodes.push(node);
    this.nodes = nodes;
    this.#positions = new Int32Array(count);
    nodes.forEach((node, position) => (this.#positions[node.index] = position));
    this.parent = new Int32Array(count);
    this.end = new Int32Array(count);
    this.depth = new Int32Array(count).fill(-1);
    this.#measure();
  }

  #measure(): void {
    const { nodes, parent, end, depth } = this;
    for (let i = 1; i < nodes.length; i++) {
      const above = this.positionOf(nodes[i]?.parent);
      parent[i] = above;
      depth[i] = (depth[above] ?? 0) + 1;
    }
    for (let i = nodes.length - 1; i >= 0; i--) {
      const stop = Math.max(end[i] ?? 0, i + 1);
      const above = parent[i] ?? 0;
      end[i] = stop;
      if (i > 0 && stop > (end[above] ?? 0)) end[above] = stop;
    }
  }

  positionOf(node: UnionNode | undefined): number {
    return node === undefined ? 0 : (this.#positions[node.index] ?? 0);
  }

  /** Positions right below a position, in byte order of their names. */
  *childrenOf(position: number): Generator<number> {
    const stop = this.end[position] ?? 0;
    for (let child = position + 1; child < stop; child = this.end[child] ?? stop) yield child;
  }

  /** Names for people in lower case, for filters; made when first asked for. */
  get foldedNames(): readonly string[] {
    this.#folded ??= foldNames(this.nodes);
    return this.#folded;
  }
}

/** All names in one go, which is several times faster than one by one; then those that are not ASCII once more, as text. */
function foldNames(nodes: readonly UnionNode[]): string[] {
  const joined = nodes.map((node) => node.name).join('/');
  const folded = joined.toLowerCase().split('/');
  if (!NOT_ASCII.test(joined)) return folded;
  nodes.forEach(({ name }, position) => {
    if (NOT_ASCII.test(name)) folded[position] = toText(name).toLowerCase();
  });
  return folded;
}

const layouts = new WeakMap<UnionTree, TreeLayout>();

export function layoutOf(tree: UnionTree): TreeLayout {
  let layout = layouts.get(tree);
  if (layout === undefined) {
    layout = new TreeLayout(tree);
    layouts.set(tree, layout);
  }
  return layout;
}

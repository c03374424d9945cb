/**
 * One file tree on screen: the flat list of its visible rows, whichever window of it is shown. Knows the mode, the
 * filter, the order and what is open; the tree itself it only reads.
 */
import { LaminaError } from '../errors';
import { pathToText, type LayerPath } from '../path/layer-path';
import type { UnionTree } from '../union/types';
import { detailsOf } from './details';
import { parseFilter } from './filter';
import { layoutOf, type TreeLayout } from './layout';
import { markOf } from './marks';
import { matchesOf, typeAt, type Matches } from './matching';
import { isGhost, project, type Projection } from './projection';
import { comparatorOf, sizeAt } from './sort';
import type { ChangeMark, NodeDetails, TreeOptions, TreeRow, TreeState, TreeViewOptions } from './types';
import { VisibleRows } from './visible-rows';

const START: TreeOptions = { mode: 'union', ghosts: false, filter: '', sort: { by: 'name', descending: false } };
/** What a row shows of a whiteout of nothing. */
const NO_STATE = { mode: 0, uid: 0, gid: 0, mtime: { sec: 0, nsec: 0 } };

export class TreeView {
  readonly #container: boolean;
  #tree: UnionTree;
  #layout: TreeLayout;
  #options: TreeOptions = START;
  #projection: Projection;
  #matches: Matches;
  /** 1 for each directory that a person opened. */
  #opened: Uint8Array;
  /** What is open while a filter shows its matches: everything, until a person closes it. Undefined without a filter. */
  #openInFilter: Uint8Array | undefined;
  #rows: VisibleRows;
  #revision = 1;

  /** Starts with the union, everything closed, by name. */
  constructor(tree: UnionTree, options: TreeViewOptions = {}) {
    this.#container = options.container ?? false;
    this.#tree = tree;
    this.#layout = layoutOf(tree);
    this.#opened = new Uint8Array(this.#layout.nodes.length);
    this.#projection = this.#project();
    this.#matches = this.#match();
    this.#rows = this.#list();
  }

  get tree(): UnionTree {
    return this.#tree;
  }

  get options(): TreeOptions {
    return this.#options;
  }

  /**
   * The layer up to which the view looks, 0-based: the shown one, or the topmost one in mode `union`. A mode that shows
   * a layer the tree does not have shows the topmost one.
   */
  get layer(): number {
    const top = Math.max(this.#tree.layerCount - 1, 0);
    return this.#options.mode === 'union' ? top : Math.min(this.#options.layer ?? top, top);
  }

  /** Changes what is shown and how. What was open stays open. */
  configure(options: TreeOptions): TreeState {
    const before = this.#options;
    this.#options = options;
    const { mode, layer, ghosts, filter, sort } = options;
    const sameTree = before.mode === mode && before.layer === layer && before.ghosts === ghosts;
    if (!sameTree) this.#projection = this.#project();
    if (!sameTree || before.filter !== filter) {
      this.#matches = this.#match();
      this.#openInFilter = this.#allOpen(before.filter === filter);
    } else if (before.sort.by === sort.by && before.sort.descending === sort.descending) return this.state();
    return this.#relist();
  }

  /** Another state of the same tree, such as a container after an edit: options and open directories are kept. */
  replaceTree(tree: UnionTree): TreeState {
    const layout = layoutOf(tree);
    const place = { tree, layout };
    this.#opened = carryOver(this.#opened, 1, this.#layout, place);
    if (this.#openInFilter !== undefined) {
      this.#openInFilter = carryOver(this.#openInFilter, 0, this.#layout, place);
    }
    this.#tree = tree;
    this.#layout = layout;
    this.#projection = this.#project();
    this.#matches = this.#match();
    return this.#relist();
  }

  state(): TreeState {
    return {
      revision: this.#revision,
      rowCount: this.#rows.count,
      files: this.#projection.totals.files,
      bytes: this.#projection.totals.bytes[0] ?? 0,
      layerCount: this.#tree.layerCount,
      matches: this.#matches.count,
    };
  }

  rows(offset: number, limit: number): TreeRow[] {
    return Array.from(this.#rows.slice(offset, limit), (position) => this.#row(position));
  }

  /**
   * Opens or closes a directory; `deep` does so for everything below it. The root opens or closes everything.
   * @throws LaminaError PATH_NOT_FOUND
   */
  toggle(path: LayerPath, open: boolean, deep: boolean): TreeState {
    const position = this.#positionOf(path);
    const flags = this.#open;
    const { end } = this.#layout;
    const stop = deep ? (end[position] ?? 0) : position + 1;
    for (let i = position; i < stop; i++) if ((end[i] ?? 0) > i + 1) flags[i] = open ? 1 : 0;
    if (position === 0) return this.#relist();
    this.#rows.refresh(position);
    this.#revision++;
    return this.state();
  }

  /** Opens all parents of a path. @returns its row, -1 when the view has none for it */
  reveal(path: LayerPath): number {
    const node = this.#tree.nodeAt(path);
    const position = this.#layout.positionOf(node);
    if (node === undefined || position === 0 || this.#matches.kept[position] !== 1) return -1;
    const flags = this.#open;
    let topmostClosed: number | undefined;
    const { parent } = this.#layout;
    for (let above = parent[position] ?? 0; above > 0; above = parent[above] ?? 0) {
      if (flags[above] === 0) topmostClosed = above;
      flags[above] = 1;
    }
    if (topmostClosed !== undefined) {
      this.#rows.refresh(topmostClosed);
      this.#revision++;
    }
    return this.#rows.indexOf(position);
  }

  /** @throws LaminaError PATH_NOT_FOUND */
  details(path: LayerPath): NodeDetails {
    return detailsOf(this.#tree, this.#projection, this.#positionOf(path));
  }

  get #open(): Uint8Array {
    return this.#openInFilter ?? this.#opened;
  }

  #positionOf(path: LayerPath): number {
    const node = this.#tree.nodeAt(path);
    if (node !== undefined) return this.#layout.positionOf(node);
    const subject = pathToText(path);
    throw new LaminaError('PATH_NOT_FOUND', `No layer has “${subject}”.`, { subject });
  }

  #project(): Projection {
    const { mode, ghosts } = this.#options;
    return project(this.#tree, this.#layout, { mode, layer: this.layer, ghosts });
  }

  #match(): Matches {
    return matchesOf(this.#projection, parseFilter(this.#options.filter), (position) => this.#mark(position));
  }

  #mark(position: number): ChangeMark | undefined {
    return markOf(this.#tree, this.#projection, position, this.#container);
  }

  #allOpen(sameFilter: boolean): Uint8Array | undefined {
    if (this.#matches.count === undefined) return undefined;
    if (sameFilter && this.#openInFilter !== undefined) return this.#openInFilter;
    return new Uint8Array(this.#layout.nodes.length).fill(1);
  }

  #list(): VisibleRows {
    const order = comparatorOf(this.#projection, this.#options.sort);
    return new VisibleRows({ layout: this.#layout, matches: this.#matches, open: this.#open, order });
  }

  #relist(): TreeState {
    this.#rows = this.#list();
    this.#revision++;
    return this.state();
  }

  #row(position: number): TreeRow {
    const { nodes, depth } = this.#layout;
    const node = nodes[position] ?? this.#tree.root;
    const version = this.#projection.versions[position];
    const { mode, uid, gid, mtime } = version?.state ?? NO_STATE;
    const hasChildren = this.#matches.parents[position] === 1;
    return {
      path: node.path,
      name: node.name,
      depth: depth[position] ?? 0,
      type: typeAt(this.#projection, position),
      open: hasChildren && this.#open[position] === 1,
      hasChildren,
      ghost: isGhost(this.#projection, position),
      mark: this.#mark(position),
      size: sizeAt(this.#projection, position),
      mode,
      uid,
      gid,
      mtime,
      layer: version?.layer ?? this.layer,
      linkname: version?.type === 'symlink' ? version.state.linkname : undefined,
    };
  }
}

interface Place {
  readonly tree: UnionTree;
  readonly layout: TreeLayout;
}

/** Flags for another tree: `value` where the same path has it now, the other one elsewhere. */
function carryOver(flags: Uint8Array, value: 0 | 1, from: TreeLayout, to: Place): Uint8Array {
  const carried = new Uint8Array(to.layout.nodes.length).fill(1 - value);
  flags.forEach((flag, position) => {
    const before = flag === value ? from.nodes[position] : undefined;
    const node = before === undefined ? undefined : to.tree.nodeAt(before.path);
    if (node !== undefined) carried[to.layout.positionOf(node)] = value;
  });
  return carried;
}

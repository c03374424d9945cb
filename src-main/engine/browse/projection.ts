/** What one mode shows of a tree: which version of each node, as what, and how much is below it. */
import type { UnionNode, UnionTree, Version } from '../union/types';
import type { TreeLayout } from './layout';
import { Role } from './role';
import { addUp, type Totals } from './totals';
import type { TreeMode } from './types';

export interface ProjectionOptions {
  readonly mode: TreeMode;
  /** The shown layer: the topmost one in mode `union`. */
  readonly layer: number;
  readonly ghosts: boolean;
}

export interface Projection {
  readonly layout: TreeLayout;
  readonly options: ProjectionOptions;
  /** The Role of each position. */
  readonly roles: Uint8Array;
  /** 1 where the view has a row when nothing is filtered and all is open. */
  readonly listed: Uint8Array;
  /** The shown version of each position; undefined for a whiteout of nothing. */
  readonly versions: readonly (Version | undefined)[];
  readonly totals: Totals;
}

interface Choice {
  readonly role: Role;
  readonly version: Version | undefined;
  /** It has a part in the totals, but no row. */
  readonly unlisted?: boolean;
}

const NOTHING: Choice = { role: Role.ABSENT, version: undefined };

export function project(tree: UnionTree, layout: TreeLayout, options: ProjectionOptions): Projection {
  const { nodes } = layout;
  const choose = options.mode === 'layer' ? chooseInLayer : chooseAsOf;
  const roles = new Uint8Array(nodes.length);
  const listed = new Uint8Array(nodes.length);
  const versions: (Version | undefined)[] = new Array<Version | undefined>(nodes.length).fill(undefined);
  nodes.forEach((node, i) => {
    const { role, version, unlisted = false } = choose(tree, node, options);
    roles[i] = role;
    versions[i] = version;
    if (role !== Role.ABSENT && !unlisted) listed[i] = 1;
  });
  addContext(tree, layout, { roles, listed, versions, layer: options.layer });
  return { layout, options, roles, listed, versions, totals: addUp(layout, roles, versions) };
}

function chooseAsOf(tree: UnionTree, node: UnionNode, { layer, ghosts }: ProjectionOptions): Choice {
  const version = tree.latest(node, layer);
  if (version === undefined) return NOTHING;
  if (isVisible(version, layer)) return { role: Role.LIVE, version };
  return ghosts ? { role: Role.GHOST, version } : NOTHING;
}

/** What the layer wrote, and what it hid: its whiteouts, what they took, and on request all that went with it. */
function chooseInLayer(tree: UnionTree, node: UnionNode, { layer, ghosts }: ProjectionOptions): Choice {
  const version = tree.latest(node, layer);
  if (version !== undefined && isVisible(version, layer)) {
    return version.layer === layer ? { role: Role.LIVE, version } : NOTHING;
  }
  if (version?.endLayer === layer) {
    return { role: Role.GHOST, version, unlisted: version.endReason === 'parent' && !ghosts };
  }
  const hidesNothing = node.marks.some((mark) => mark.layer === layer && mark.kind === 'whiteout');
  return hidesNothing ? { role: Role.GHOST, version: undefined } : NOTHING;
}

function isVisible(version: Version, layer: number): boolean {
  return version.endLayer === undefined || version.endLayer > layer;
}

interface Choices {
  readonly roles: Uint8Array;
  readonly listed: Uint8Array;
  readonly versions: (Version | undefined)[];
  readonly layer: number;
}

/** Whatever is shown needs its parents to be shown. */
function addContext(tree: UnionTree, { nodes, parent }: TreeLayout, { roles, listed, versions, layer }: Choices): void {
  for (let i = nodes.length - 1; i > 0; i--) {
    if (roles[i] === Role.ABSENT) continue;
    const above = parent[i] ?? 0;
    const node = nodes[above];
    if (roles[above] === Role.ABSENT && node !== undefined) {
      roles[above] = Role.CONTEXT;
      versions[above] = tree.latest(node, layer);
    }
    if (listed[i] === 1) listed[above] = 1;
  }
}

/** Not there as of the shown layer; what is only context may be gone, too. */
export function isGhost({ roles, versions, options }: Projection, position: number): boolean {
  const role = roles[position];
  if (role === Role.LIVE || role === Role.GHOST) return role === Role.GHOST;
  const version = versions[position];
  return version === undefined || !isVisible(version, options.layer);
}

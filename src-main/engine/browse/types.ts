/**
 * What a file tree on screen is asked and answers. The shapes follow the window's contract, but layers are positions in
 * the stack, 0-based, lowest first, paths and names are byte strings, and times are timestamps: whoever sends rows to
 * the window turns them into what people read. Only the filter's text, which a person types, counts layers from 1.
 */
import type { Timestamp } from '../layer/entry';
import type { ByteString } from '../path/byte-string';
import type { LayerPath } from '../path/layer-path';
import type { FileState, UnionNode, Version } from '../union/types';

type NodeType = FileState['type'];
/** Everything, what one layer alone did, or the filesystem as of one layer. */
export type TreeMode = 'union' | 'layer' | 'upTo';
export type SortKey = 'name' | 'size' | 'mode' | 'owner' | 'mtime' | 'layer';

/**
 * What the shown layer did to the path.
 *
 * - `upTo` and `layer`: the layer of the options. In a container's union: its container layer.
 * - An image's union is no single layer's work, so there `M` says that the path hides at least one older version,
 *   `A` that the topmost layer brought it, `D` (on ghosts) that a layer took it away.
 * - A directory whose entry was written again with the same mode, owner and extended attributes has no mark: almost
 *   every layer carries such entries only to reach what is below them.
 */
export type ChangeMark = 'A' | 'M' | 'D';

export interface TreeOptions {
  readonly mode: TreeMode;
  /** 0-based; the topmost layer when left out. Not looked at in mode `union`. */
  readonly layer?: number | undefined;
  /**
   * In `union` and `upTo`: also list what is gone as of the shown layer. In `layer`, which always lists what the layer
   * hides: also list everything that went with it.
   */
  readonly ghosts: boolean;
  /** See `filter.ts`. */
  readonly filter: string;
  readonly sort: { readonly by: SortKey; readonly descending: boolean };
}

export interface TreeState {
  /** Changes whenever row positions may have. */
  readonly revision: number;
  readonly rowCount: number;
  /** Paths that are no directories, and bytes of content, of the whole tree in this mode, whatever the filter; ghosts excluded. */
  readonly files: number;
  readonly bytes: number;
  readonly layerCount: number;
  /** How many paths match the filter; undefined without one. */
  readonly matches: number | undefined;
}

export interface TreeRow {
  readonly path: LayerPath;
  readonly name: ByteString;
  /** 0 for what is in the image root. */
  readonly depth: number;
  readonly type: NodeType;
  readonly open: boolean;
  /** Also true for a file that was a directory once and whose ghosts are shown below it. */
  readonly hasChildren: boolean;
  /** Not there as of the shown layer. */
  readonly ghost: boolean;
  readonly mark: ChangeMark | undefined;
  /**
   * Of a directory: bytes of everything below it in this mode, each hard-linked object once, whatever the filter.
   * What is there counts what is there, a ghost counts its ghosts.
   */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: Timestamp;
  /** Layer that wrote the shown state; for a whiteout of nothing, the layer that carries it. */
  readonly layer: number;
  /** Target of a symlink, verbatim. */
  readonly linkname: ByteString | undefined;
}

export interface NodeDetails {
  readonly node: UnionNode;
  readonly path: LayerPath;
  readonly ghost: boolean;
  /** The shown version; undefined for a whiteout of nothing. */
  readonly current: Version | undefined;
  /** All versions of the path in all layers, newest first. */
  readonly versions: readonly Version[];
  /** Target of a symlink, verbatim. */
  readonly linkname: ByteString | undefined;
  /** Where the symlink leads inside the image as of the shown layer, if anywhere. */
  readonly linkPath: LayerPath | undefined;
  /** All names of the object as of the shown layer when it has more than one. */
  readonly hardlinks: readonly LayerPath[];
  readonly xattrs: FileState['xattrs'];
}

export interface TreeViewOptions {
  /** The container layer, when the tree is a container's: always the topmost one. */
  readonly container?: boolean | undefined;
}

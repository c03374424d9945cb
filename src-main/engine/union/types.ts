/**
 * What the union engine answers. One tree holds every path that any layer ever had; each node remembers its whole
 * history, so the filesystem as of layer *k*, the ghosts and every older version are reads of the same tree.
 * Layers are positions in the stack, 0-based, lowest first. Windows and command lines show them 1-based.
 */
import type { Diagnostic, EntryType, Timestamp, Xattrs } from '../layer/entry';
import type { ByteString } from '../path/byte-string';
import type { LayerPath } from '../path/layer-path';

/** Where the bytes of a regular file are: the entry at `position` of the layer at `layer`. */
export interface ContentLocation {
  readonly layer: number;
  readonly position: number;
  readonly size: number;
  readonly sha256: string;
}

/** A filesystem object as a person sees it: hard links are resolved to what they link to. */
export interface FileState {
  readonly type: Exclude<EntryType, 'hardlink'>;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: Timestamp;
  /** Symlink target, verbatim. */
  readonly linkname: ByteString;
  readonly xattrs: Xattrs;
  readonly devMajor: number;
  readonly devMinor: number;
  /** Present for regular files. */
  readonly content: ContentLocation | undefined;
  /** The directory exists only because something below it does (rule 34). */
  readonly implied: boolean;
  /** Names with the same inode number are hard links of one object. */
  readonly inode: number;
}

export type EndReason = 'replaced' | 'whiteout' | 'opaque' | 'parent';

/** One state of one path, from the layer that wrote it to the layer that ended it. */
export interface Version {
  /** Layer that wrote this state. */
  readonly layer: number;
  /** Plain data, read from the layer's index each time; `type`, `size` and `inode` are at hand without it. */
  readonly state: FileState;
  readonly type: FileState['type'];
  readonly size: number;
  readonly inode: number;
  /** The object has, or once had, more names than one. */
  readonly hardlinked: boolean;
  /** Layer that hid or replaced it; undefined while it is what the whole image shows. */
  readonly endLayer: number | undefined;
  readonly endReason: EndReason | undefined;
}

/** A path in the tree; identity is the object. */
export interface UnionNode {
  /** Unique in its tree, 0 (the root) to `nodeCount - 1`; a parent has a smaller one than its children. */
  readonly index: number;
  readonly name: ByteString;
  readonly path: LayerPath;
  readonly parent: UnionNode | undefined;
  /** Oldest first; empty for nodes that only a whiteout names, and for what one layer wrote and took back. */
  readonly versions: readonly Version[];
  /** Layers that carry a whiteout of this path or make this directory opaque, with or without effect. */
  readonly marks: readonly { readonly layer: number; readonly kind: 'whiteout' | 'opaque' }[];
  /** All children any layer ever had, unsorted; undefined for nodes that never had any. */
  readonly children: ReadonlyMap<ByteString, UnionNode> | undefined;
}

export interface LookupOptions {
  /** Look at the filesystem as of this layer; the top layer by default. */
  readonly upTo?: number | undefined;
  /** Follow a symlink in the last component as well (inside the image root, at most 40 hops). */
  readonly followLast?: boolean | undefined;
}

export interface UnionTree {
  readonly root: UnionNode;
  readonly layerCount: number;
  /** All nodes, dead or alive, the root included. */
  readonly nodeCount: number;
  /** What the merge noticed, lowest layer first; what a layer's scan noticed stands in its index. */
  readonly diagnostics: readonly Diagnostic[];
  /** The version of the node that is visible as of layer `upTo` (default: top), or undefined when there is none. */
  visible(node: UnionNode, upTo?: number): Version | undefined;
  /** The newest version that layers up to `upTo` wrote, whether it is still visible then or not. */
  latest(node: UnionNode, upTo?: number): Version | undefined;
  /** The node at exactly this path, dead or alive, following no symlink at all. */
  nodeAt(path: LayerPath): UnionNode | undefined;
  /**
   * The visible node a path leads to, following symlinks in all but (by default) the last component.
   * @throws LaminaError SYMLINK_LOOP
   */
  lookup(path: LayerPath, options?: LookupOptions): UnionNode | undefined;
  /** Visible children as of `upTo`, in byte order of their names. */
  childrenOf(node: UnionNode, upTo?: number): UnionNode[];
  /** All visible names of the object, in byte order; one name when it has no hard links. */
  namesOf(node: UnionNode, upTo?: number): LayerPath[];
  /** Every visible node below `from` (default root; not `from` itself), parents first, siblings in byte order of their names. */
  walk(options?: { readonly upTo?: number | undefined; readonly from?: UnionNode | undefined }): Iterable<UnionNode>;
  /** Every node, dead or alive, below `from`, in the same order. */
  walkAll(from?: UnionNode): Iterable<UnionNode>;
}

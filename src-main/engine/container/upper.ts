/**
 * The container layer in memory: for each changed path the object that stands there now, or a whiteout.
 *
 * It has the shape that the kernel's overlay gives its upper directory, with two differences. A file's content may
 * still lie in a lower layer (a chmod copies no bytes), and a directory that was removed and made again is not opaque
 * but carries a whiteout for each child that the layers below have (semantics 2.1 rule 5), so a directory here always
 * merges with the one below it.
 *
 * Invariant: every ancestor of a path that is present is itself present, as a directory. The root is never present.
 */
import type { EntryType, Timestamp, Xattrs } from '../layer/entry';
import type { ByteString } from '../path/byte-string';
import { baseNameOf, joinPath, parentOf, ROOT, type LayerPath } from '../path/layer-path';

/** Where the bytes of a file are: in the container's own content folder, or still in a layer of the image. */
export type UpperContent =
  | { readonly from: 'container'; readonly sha256: string; readonly size: number }
  | {
      readonly from: 'layer';
      readonly layer: number;
      readonly position: number;
      readonly sha256: string;
      readonly size: number;
    };

export interface UpperObject {
  readonly type: Exclude<EntryType, 'hardlink'>;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: Timestamp;
  /** Symlink target, verbatim; otherwise empty. */
  readonly linkname: ByteString;
  readonly xattrs: Xattrs;
  readonly devMajor: number;
  readonly devMinor: number;
  /** Present for regular files. */
  readonly content: UpperContent | undefined;
  /** Paths with the same number are hard links of one object; 0 for an object with one name. */
  readonly linkGroup: number;
}

export const WHITEOUT = 'whiteout';
export type UpperNode = UpperObject | typeof WHITEOUT;

/** The one primitive change: what stands at a path from now on; undefined lets the layers below show again. */
export interface Mutation {
  readonly path: LayerPath;
  readonly node: UpperNode | undefined;
}

/** A path of the container layer with what stands there. */
export interface Present {
  readonly path: LayerPath;
  readonly node: UpperNode;
}

const NO_NAMES: ReadonlySet<ByteString> = new Set();
const NO_PATHS: ReadonlySet<LayerPath> = new Set();

export class Upper {
  readonly #nodes = new Map<LayerPath, UpperNode>();
  readonly #names = new Map<LayerPath, Set<ByteString>>();
  readonly #groups = new Map<number, Set<LayerPath>>();
  #highestGroup = 0;

  /** Number of paths present, whiteouts included. */
  get size(): number {
    return this.#nodes.size;
  }

  get(path: LayerPath): UpperNode | undefined {
    return this.#nodes.get(path);
  }

  /** Puts, replaces or (undefined) takes away the node at a path; answers what was there. */
  set(path: LayerPath, node: UpperNode | undefined): UpperNode | undefined {
    const before = this.#nodes.get(path);
    if (before !== undefined && before !== WHITEOUT) this.#leaveGroup(path, before);
    if (node === undefined) {
      this.#nodes.delete(path);
      this.#forgetName(path);
      return before;
    }
    this.#nodes.set(path, node);
    if (before === undefined) this.#rememberName(path);
    if (node !== WHITEOUT) this.#joinGroup(path, node);
    return before;
  }

  /** Names present in a directory, whiteouts included, in no order. */
  namesIn(directory: LayerPath): ReadonlySet<ByteString> {
    return this.#names.get(directory) ?? NO_NAMES;
  }

  /** All names of a hard-linked object. */
  pathsOfGroup(group: number): ReadonlySet<LayerPath> {
    return this.#groups.get(group) ?? NO_PATHS;
  }

  /** A number that no object of this layer has had since it was loaded. */
  newGroup(): number {
    this.#highestGroup += 1;
    return this.#highestGroup;
  }

  /** Every path present, in the order of the layer's tar: a directory, its whiteouts, then its children. */
  *walk(directory: LayerPath = ROOT): Iterable<Present> {
    // No recursion: a hostile layer nests deeper than the stack.
    const pending = this.#presentIn(directory).reverse();
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      yield next;
      if (next.node === WHITEOUT || next.node.type !== 'dir') continue;
      for (const child of this.#presentIn(next.path).reverse()) pending.push(child);
    }
  }

  /** Bytes of content that a commit would write: each object once. */
  contentBytes(): number {
    let bytes = 0;
    const counted = new Set<number>();
    for (const node of this.#nodes.values()) {
      if (node === WHITEOUT || counted.has(node.linkGroup)) continue;
      if (node.linkGroup !== 0) counted.add(node.linkGroup);
      bytes += node.content?.size ?? 0;
    }
    return bytes;
  }

  #presentIn(directory: LayerPath): Present[] {
    const whiteouts: Present[] = [];
    const objects: Present[] = [];
    for (const name of [...this.namesIn(directory)].sort()) {
      const path = joinPath(directory, name);
      const node = this.#nodes.get(path);
      if (node === WHITEOUT) whiteouts.push({ path, node });
      else if (node !== undefined) objects.push({ path, node });
    }
    return [...whiteouts, ...objects];
  }

  #rememberName(path: LayerPath): void {
    const parent = parentOf(path);
    const names = this.#names.get(parent);
    if (names === undefined) this.#names.set(parent, new Set([baseNameOf(path)]));
    else names.add(baseNameOf(path));
  }

  #forgetName(path: LayerPath): void {
    const parent = parentOf(path);
    const names = this.#names.get(parent);
    names?.delete(baseNameOf(path));
    if (names?.size === 0) this.#names.delete(parent);
  }

  #joinGroup(path: LayerPath, { linkGroup }: UpperObject): void {
    if (linkGroup === 0) return;
    this.#highestGroup = Math.max(this.#highestGroup, linkGroup);
    const paths = this.#groups.get(linkGroup);
    if (paths === undefined) this.#groups.set(linkGroup, new Set([path]));
    else paths.add(path);
  }

  #leaveGroup(path: LayerPath, { linkGroup }: UpperObject): void {
    const paths = this.#groups.get(linkGroup);
    paths?.delete(path);
    if (paths?.size === 0) this.#groups.delete(linkGroup);
  }
}

/**
 * What a person sees in the container: the image's tree with the container layer on top. It answers one path at a
 * time from the two, so an edit costs the depth of its path and not a merge of the whole image.
 */
import { LaminaError } from '../errors';
import { fromText, type ByteString } from '../path/byte-string';
import { componentsOf, joinPath, parentOf, pathToText, ROOT, type LayerPath } from '../path/layer-path';
import type { FileState, UnionNode, UnionTree } from '../union/types';
import { WHITEOUT, type Upper, type UpperObject } from './upper';

/** The part of the image's tree that the container layer lies on. */
export type LowerTree = Pick<UnionTree, 'root' | 'nodeAt' | 'visible' | 'childrenOf'>;

/** An object seen at a path. */
export interface Seen {
  readonly object: UpperObject;
  /** Inode number in the image's tree, for an object that the container layer does not have. */
  readonly lowerInode: number | undefined;
}

export interface Placed {
  readonly path: LayerPath;
  readonly seen: Seen;
}

/** Where a path leads when the symlinks on its way are followed; `path` itself has none before its last component. */
export interface Resolved {
  readonly path: LayerPath;
  /** Undefined when nothing is there; its directory is. */
  readonly seen: Seen | undefined;
}

/** Linux's limit (semantics rule 42). */
const MAX_HOPS = 40;

const ROOT_OBJECT: UpperObject = {
  type: 'dir',
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtime: { sec: 0, nsec: 0 },
  linkname: fromText(''),
  xattrs: new Map(),
  devMajor: 0,
  devMinor: 0,
  content: undefined,
  linkGroup: 0,
};

/** A lower object as it is copied up: all attributes, the content left where it is. */
export function objectOfState(state: FileState): UpperObject {
  const { type, mode, uid, gid, mtime, linkname, xattrs, devMajor, devMinor, content } = state;
  return {
    ...{ type, mode, uid, gid, mtime, linkname, xattrs, devMajor, devMinor, linkGroup: 0 },
    content: content === undefined ? undefined : { from: 'layer', ...content },
  };
}

export class MergedView {
  readonly lower: LowerTree;
  readonly upper: Upper;

  constructor(lower: LowerTree, upper: Upper) {
    this.lower = lower;
    this.upper = upper;
  }

  /** What is at exactly this path, following no symlink. */
  at(path: LayerPath): Seen | undefined {
    const node = this.upper.get(path);
    if (node === WHITEOUT) return undefined;
    if (node !== undefined) return { object: node, lowerInode: undefined };
    if (this.#isCovered(path)) return undefined;
    const state = this.lowerState(path);
    if (state !== undefined) return { object: objectOfState(state), lowerInode: state.inode };
    return path === ROOT ? { object: ROOT_OBJECT, lowerInode: undefined } : undefined;
  }

  /** What the image has at this path, whatever the container layer says. */
  lowerState(path: LayerPath): FileState | undefined {
    const node = this.lower.nodeAt(path);
    return node === undefined ? undefined : this.lower.visible(node)?.state;
  }

  /** Children that the image shows in its directory at this path; none when it is no directory there. */
  lowerChildren(path: LayerPath): readonly UnionNode[] {
    const node = this.lower.nodeAt(path);
    if (node === undefined || this.lower.visible(node)?.state.type !== 'dir') return [];
    return this.lower.childrenOf(node);
  }

  /** Names in a directory that is seen at this path, in byte order. */
  namesIn(path: LayerPath): ByteString[] {
    const names: ByteString[] = [];
    const above = this.upper.namesIn(path);
    for (const name of above) if (this.upper.get(joinPath(path, name)) !== WHITEOUT) names.push(name);
    for (const { name } of this.lowerChildren(path)) if (!above.has(name)) names.push(name);
    return names.sort();
  }

  /** Everything below a directory, parents first. */
  *walk(directory: LayerPath): Iterable<Placed> {
    const pending = this.#seenIn(directory).reverse();
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      yield next;
      if (next.seen.object.type !== 'dir') continue;
      for (const child of this.#seenIn(next.path).reverse()) pending.push(child);
    }
  }

  /**
   * Follows the symlinks in all but the last component, and in the last one too with `followLast`, inside the image
   * root: `..` stops there and absolute targets start there.
   * @throws LaminaError PATH_NOT_FOUND or PATH_NOT_DIRECTORY for a component on the way, SYMLINK_LOOP
   */
  resolve(path: LayerPath, options: { readonly followLast?: boolean } = {}): Resolved {
    const pending = componentsOf(path).reverse();
    let place = ROOT;
    let hops = 0;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        place = parentOf(place);
        continue;
      }
      const next = joinPath(place, name);
      const seen = this.at(next);
      const isLast = pending.every((rest) => rest === '' || rest === '.');
      if (seen?.object.type === 'symlink' && (!isLast || options.followLast === true)) {
        hops += 1;
        if (hops > MAX_HOPS) throw loopError(path);
        const target = seen.object.linkname;
        if (target.startsWith('/')) place = ROOT;
        pending.push(...(target.split('/') as ByteString[]).reverse());
        continue;
      }
      if (isLast) return { path: next, seen };
      if (seen === undefined) throw missingError(next);
      if (seen.object.type !== 'dir') throw notDirectoryError(next);
      place = next;
    }
    return { path: place, seen: this.at(place) };
  }

  /**
   * Like `resolve` for something that must exist.
   * @throws LaminaError PATH_NOT_FOUND too when nothing is at the path itself
   */
  require(path: LayerPath, options: { readonly followLast?: boolean } = {}): Resolved & { readonly seen: Seen } {
    const { path: place, seen } = this.resolve(path, options);
    if (seen === undefined) throw missingError(path);
    return { path: place, seen };
  }

  #seenIn(directory: LayerPath): Placed[] {
    return this.namesIn(directory).flatMap((name) => {
      const path = joinPath(directory, name);
      const seen = this.at(path);
      return seen === undefined ? [] : [{ path, seen }];
    });
  }

  /** A whiteout or a non-directory of the container layer stands above the path. */
  #isCovered(path: LayerPath): boolean {
    for (let ancestor = path; ancestor !== ROOT;) {
      ancestor = parentOf(ancestor);
      const node = this.upper.get(ancestor);
      if (node !== undefined) return node === WHITEOUT || node.type !== 'dir';
    }
    return false;
  }
}

function missingError(path: LayerPath): LaminaError {
  const subject = pathToText(path);
  return new LaminaError('PATH_NOT_FOUND', `There is no ${subject} in the container.`, { subject });
}

export function notDirectoryError(path: LayerPath): LaminaError {
  const subject = pathToText(path);
  return new LaminaError('PATH_NOT_DIRECTORY', `${subject} is not a directory.`, { subject });
}

function loopError(path: LayerPath): LaminaError {
  const subject = pathToText(path);
  return new LaminaError('SYMLINK_LOOP', `${subject} leads through more than ${MAX_HOPS} symbolic links.`, {
    subject,
    hint: 'The links point at each other; remove or change one of them.',
  });
}

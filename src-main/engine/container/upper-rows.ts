/**
 * The container layer as the entries of a layer: what a commit writes, and what the union merges on top of the image
 * (semantics 2.1, 2.2 rule 15). Order: a directory, its whiteouts, its children in byte order, each with its subtree.
 */
import { createHash } from 'node:crypto';
import { entryList } from '../layer/build-list';
import type { EntryList, LayerEntry } from '../layer/entry';
import { fromText, type ByteString } from '../path/byte-string';
import { baseNameOf, joinPath, parentOf, WHITEOUT_PREFIX, type LayerPath } from '../path/layer-path';
import { WHITEOUT, type Upper, type UpperContent, type UpperObject } from './upper';

/** One entry with the place of its bytes; its `offset` means nothing, for there is no tar. */
export interface UpperRow {
  readonly entry: LayerEntry;
  /** Undefined for everything that has no content of its own: hard links to an earlier entry too. */
  readonly content: UpperContent | undefined;
}

const EMPTY_SHA256 = createHash('sha256').digest('hex');
const NO_LINK = fromText('');

export function rowsOf(upper: Upper): UpperRow[] {
  const firstOfGroup = new Map<number, LayerPath>();
  const rows: UpperRow[] = [];
  for (const { path, node } of upper.walk()) {
    if (node === WHITEOUT) {
      rows.push({ entry: whiteoutEntry(path), content: undefined });
      continue;
    }
    const first = firstOfGroup.get(node.linkGroup);
    if (first !== undefined) rows.push({ entry: hardLinkEntry(path, node, first), content: undefined });
    else rows.push({ entry: objectEntry(path, node), content: node.content });
    if (node.linkGroup !== 0 && first === undefined) firstOfGroup.set(node.linkGroup, path);
  }
  return rows;
}

/** For the union. */
export function listOf(rows: readonly UpperRow[]): EntryList {
  return entryList(rows.map(({ entry }) => entry));
}

function objectEntry(path: LayerPath, node: UpperObject): LayerEntry {
  const { type, mode, uid, gid, mtime, linkname, xattrs, devMajor, devMinor, content } = node;
  return {
    ...{ path, type, mode, uid, gid, mtime, linkname, xattrs, devMajor, devMinor },
    size: content?.size ?? 0,
    offset: 0,
    sha256: content?.sha256 ?? '',
  };
}

function hardLinkEntry(path: LayerPath, node: UpperObject, first: LayerPath): LayerEntry {
  return { ...objectEntry(path, node), type: 'hardlink', size: 0, sha256: '', linkname: first };
}

/** Regular, empty, mode 0, epoch: as containerd and umoci write it (semantics 2.1 rule 2). */
function whiteoutEntry(path: LayerPath): LayerEntry {
  return {
    path: joinPath(parentOf(path), `${WHITEOUT_PREFIX}${baseNameOf(path)}` as ByteString),
    ...{ type: 'file', mode: 0, uid: 0, gid: 0, size: 0, mtime: { sec: 0, nsec: 0 }, linkname: NO_LINK },
    ...{ xattrs: new Map(), devMajor: 0, devMinor: 0, offset: 0, sha256: EMPTY_SHA256 },
  };
}

/** The three things that happen to a node while layers are applied: it begins a version, ends one, or ends with all below it. */
import { NodeRecord, VersionRecord, type FileObject } from './node';
import { fromBytes, toBytes, type ByteString } from '../path/byte-string';
import type { EndReason } from './types';

/** V8 copies what is shorter than this. */
const SHORTEST_SLICE = 13;

/** The child of that name, made when there is none yet. */
export function childNamed(parent: NodeRecord, name: ByteString, nextIndex: () => number): NodeRecord {
  parent.children ??= new Map();
  let child = parent.children.get(name);
  if (child === undefined) {
    const own = ownCopy(name);
    child = new NodeRecord(nextIndex(), own, parent);
    parent.children.set(own, child);
  }
  return child;
}

/** V8 cuts a long name out of its path by pointing into it, which would keep every path in memory. */
function ownCopy(name: ByteString): ByteString {
  return name.length < SHORTEST_SLICE ? name : fromBytes(toBytes(name));
}

/** Starts a version; the one before must have ended. */
export function begin(node: NodeRecord, layer: number, object: FileObject): void {
  node.newest = new VersionRecord(layer, object, node.newest);
}

/** Ends what is alive at the node. What the same layer wrote was never seen by anybody: it goes without a trace. */
export function end(node: NodeRecord, layer: number, reason: EndReason): void {
  const version = node.alive;
  if (version === undefined) return;
  if (version.layer < layer) {
    version.endLayer = layer;
    version.endReason = reason;
    return;
  }
  const before = version.older;
  node.newest = before;
  if (before?.endLayer === layer) before.endReason = reason;
}

/** Ends everything alive below the node with reason `parent`, not the node itself. */
export function endBelow(node: NodeRecord, layer: number): void {
  const directories = [node];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const child of directory.children?.values() ?? []) {
      if (child.alive === undefined) continue;
      end(child, layer, 'parent');
      if (child.children !== undefined) directories.push(child);
    }
  }
}

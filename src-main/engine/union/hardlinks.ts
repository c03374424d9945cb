/** Hard links: one object, several names (semantics 1.6). */
import type { LayerEntry, Xattrs } from '../layer/entry';
import { baseNameOf, parentOf, pathToText, ROOT, type LayerPath } from '../path/layer-path';
import { begin, end } from './changes';
import { layerError, type LayerFault } from './layer-error';
import type { LayerRun } from './layer-run';
import { FileObject, type NodeRecord } from './node';
import { sameXattrs } from './same-xattrs';
import { stateOf } from './state';

/**
 * Makes the node another name of the object that the entry links to.
 * @throws LaminaError LAYER_INVALID (HARDLINK_FORWARD, HARDLINK_TO_DIR, HARDLINK_TO_SELF, SYMLINK_LOOP)
 */
export function addHardLink(run: LayerRun, node: NodeRecord, position: number): void {
  const entry = run.source.list.entry(position);
  const linked = linkedObject(run, node, entry);
  const object = withAttributesOf(run, linked, position);
  run.place(node, object, entry);
  object.links ??= [];
  object.links.push(node);
}

/** The object a link leads to; its `links` are set, so that the names it has so far are known. */
function linkedObject(run: LayerRun, node: NodeRecord, entry: LayerEntry): FileObject {
  // The scanner brings targets into the normal form of paths.
  const targetPath = entry.linkname as string as LayerPath;
  const aufs = run.aufsObjects.get(targetPath);
  if (aufs !== undefined) return aufs;
  const target = targetNode(run, entry, targetPath);
  const version = target.alive;
  if (version === undefined) {
    throw fault(run, entry, 'HARDLINK_FORWARD', 'which does not exist at that point of the layer');
  }
  if (version.object.type === 'dir') throw fault(run, entry, 'HARDLINK_TO_DIR', 'which is a directory');
  if (target === node) throw fault(run, entry, 'HARDLINK_TO_SELF', 'which is itself');
  if (isBelow(target, node)) throw fault(run, entry, 'HARDLINK_FORWARD', 'which the link itself replaces');
  if (!run.wrote(target)) {
    run.report(
      'HARDLINK_LOWER',
      entry,
      'is a hard link to a file of a lower layer; Docker, containerd and Podman refuse the layer.',
    );
  }
  version.object.links ??= [target];
  return version.object;
}

function targetNode(run: LayerRun, entry: LayerEntry, path: LayerPath): NodeRecord {
  if (path === ROOT) return run.merge.root;
  const { directory, missing } = run.resolve(parentOf(path));
  const node = missing.length === 0 ? directory.children?.get(baseNameOf(path)) : undefined;
  if (node === undefined) {
    throw fault(run, entry, 'HARDLINK_FORWARD', 'which does not exist at that point of the layer');
  }
  return node;
}

function fault(run: LayerRun, entry: LayerEntry, kind: LayerFault, reason: string): Error {
  const target = pathToText(entry.linkname as string as LayerPath);
  return layerError(kind, run.layer, entry.path, `is a hard link to “${target}”, ${reason}`);
}

function isBelow(node: NodeRecord, ancestor: NodeRecord): boolean {
  for (let above = node.parent; above !== undefined; above = above.parent) if (above === ancestor) return true;
  return false;
}

/** The object with the attributes of the link's header: as most engines do, the last header wins (rule 48). */
function withAttributesOf(run: LayerRun, object: FileObject, position: number): FileObject {
  const { source } = run;
  const entry = source.list.entry(position);
  const before = stateOf(object);
  const xattrs = new Map([...before.xattrs, ...entry.xattrs]);
  if (hasAttributesOf(object, entry, xattrs)) return object;
  run.report(
    'HARDLINK_META_DIFFERS',
    entry,
    'is a hard link with other attributes than its target has; they become those of all its names, except in umoci.',
  );
  const changed = object.attributeLayer === run.layer ? object : renewed(run, object);
  changed.linkHeader = { source, position, xattrs: xattrs.size === 0 ? undefined : xattrs };
  changed.source.lastObject = undefined;
  return changed;
}

function hasAttributesOf(object: FileObject, entry: LayerEntry, xattrs: Xattrs): boolean {
  const now = stateOf(object);
  return (
    (object.type === 'symlink' || now.mode === entry.mode) &&
    now.uid === entry.uid &&
    now.gid === entry.gid &&
    now.mtime.sec === entry.mtime.sec &&
    now.mtime.nsec === entry.mtime.nsec &&
    sameXattrs(now.xattrs, xattrs)
  );
}

/** The same object as a new version of all its names, so that the layers below keep the attributes they had. */
function renewed(run: LayerRun, object: FileObject): FileObject {
  const { source, position, size } = object;
  const fresh = new FileObject(object.inode, object.type, source, { position, size });
  fresh.links = [...new Set(object.links)].filter((name) => name.alive?.object === object);
  for (const name of fresh.links) {
    if (!run.wrote(name)) run.renewed.add(name);
    end(name, run.layer, 'replaced');
    begin(name, run.layer, fresh);
  }
  return fresh;
}

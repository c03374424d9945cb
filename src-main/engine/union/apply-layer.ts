/** Applies one layer onto the tree of the layers below it, profile `spec` (semantics 0, 1.1–1.6). */
import type { LayerEntry } from '../layer/entry';
import { baseNameOf, parentOf, ROOT } from '../path/layer-path';
import { addHardLink } from './hardlinks';
import { layerError } from './layer-error';
import { LayerRun, type Merge } from './layer-run';
import { isAufsLink, roleOfName } from './names';
import type { FileObject, LayerSource, NodeRecord } from './node';
import { IMPLIED, IMPLIED_MODE, isOverlayXattr } from './state';
import { applyWhiteouts, reportWhiteouts } from './whiteouts';

/** @throws LaminaError LAYER_INVALID naming the layer and the path, see `layer-error.ts` */
export function applyLayer(merge: Merge, source: LayerSource): void {
  const run = new LayerRun(merge, source);
  const whiteouts = applyWhiteouts(run);
  for (let position = 0; position < source.list.count; position++) addEntry(run, position);
  reportWhiteouts(run, whiteouts);
  reportParents(run);
}

function addEntry(run: LayerRun, position: number): void {
  const entry = run.source.list.entry(position);
  const role = roleOfName(entry.path);
  if (role === 'whiteout' || role === 'opaque') return;
  if (role !== 'plain') {
    skip(run, entry, position);
    return;
  }
  reportOddities(run, entry);
  if (entry.path === ROOT) {
    setRoot(run, entry, position);
    return;
  }
  const node = run.child(run.directory(parentOf(entry.path)), baseNameOf(entry.path));
  if (entry.type === 'hardlink') addHardLink(run, node, position);
  else run.place(node, run.newObject(entry.type, position, sizeOf(entry)), entry);
}

function sizeOf(entry: LayerEntry): number {
  return entry.type === 'file' ? entry.size : 0;
}

/** The topmost root entry gives the root its attributes; as anything but a directory it is an attack (rule 53). */
function setRoot(run: LayerRun, entry: LayerEntry, position: number): void {
  if (entry.type !== 'dir') throw layerError('ROOT_NOT_DIR', run.layer, ROOT, 'is the image root, but no directory');
  run.place(run.merge.root, run.newObject('dir', position, 0), entry);
}

/** Names that nobody can make: dropped, but for the content AUFS kept for hard links (rules 12, 15). */
function skip(run: LayerRun, entry: LayerEntry, position: number): void {
  if (roleOfName(entry.path) === 'reserved') {
    run.report('RESERVED_NAME', entry, 'lies below a name kept for whiteouts; it is left out.');
    return;
  }
  if (entry.type === 'file' && isAufsLink(entry.path)) {
    run.aufsObjects.set(entry.path, run.newObject('file', position, entry.size));
  }
  run.report('RESERVED_AUFS', entry, 'is a note of the AUFS driver; it is left out.');
}

function reportOddities(run: LayerRun, entry: LayerEntry): void {
  if (entry.type === 'char' && entry.devMajor === 0 && entry.devMinor === 0) {
    run.report(
      'CHARDEV_0_0',
      entry,
      'is a character device 0:0; Docker, containerd and Podman take it for a whiteout.',
    );
  }
  if (entry.xattrs.size === 0) return;
  for (const name of entry.xattrs.keys()) {
    if (!isOverlayXattr(name)) continue;
    run.report(
      'XATTR_OVERLAY',
      entry,
      `carries ${name}, a private note of overlay drivers; Docker and Podman obey it, here it is left out.`,
    );
  }
}

/** Directories that the layer wrote into without having an entry for them (rules 33, 34). */
function reportParents(run: LayerRun): void {
  const implied = new Set(
    run.implied.filter(({ alive }) => alive?.layer === run.layer && alive.object.position === IMPLIED),
  );
  for (const node of implied) {
    if (node.parent !== undefined && implied.has(node.parent)) continue;
    run.report(
      'IMPLIED_PARENT_NEW',
      node,
      'has no entry, though the layer writes below it; engines make such directories up, 0755 and owned by root.',
    );
  }
  const seen = new Set<NodeRecord>();
  for (const directory of run.writtenIn) {
    for (let node: NodeRecord | undefined = directory; node !== undefined && !seen.has(node); node = node.parent) {
      seen.add(node);
      if (node.alive !== undefined && node.alive.layer < run.layer && !looksImplied(node.alive.object)) {
        reportKeptParent(run, node);
      }
    }
  }
}

/** Docker and Buildah would give such a directory the attributes it has anyway. */
function looksImplied(object: FileObject): boolean {
  if (object.position === IMPLIED) return true;
  const { mode, uid, gid } = object.source.list.entry(object.position);
  return mode === IMPLIED_MODE && uid === 0 && gid === 0;
}

function reportKeptParent(run: LayerRun, node: NodeRecord): void {
  if (node.parent === undefined) return; // the root always has its own attributes
  run.report(
    'IMPLIED_PARENT_EXISTS',
    node,
    'has no entry, though the layer writes below it; its attributes stay, where Docker and Podman make it 0755 and owned by root.',
  );
}

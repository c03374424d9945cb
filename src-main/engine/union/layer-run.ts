/** What is at hand while one layer is applied: the tree so far, and where this layer's entries go. */
import type { LayerEntry } from '../layer/entry';
import type { ByteString } from '../path/byte-string';
import { componentsOf, type LayerPath } from '../path/layer-path';
import { begin, childNamed, end, endBelow } from './changes';
import type { DiagnosticLog } from './diagnostics';
import { layerError } from './layer-error';
import { FileObject, type LayerSource, type NodeRecord } from './node';
import { resolvePath, type Resolved, type ResolveOptions } from './resolve';
import { IMPLIED } from './state';

/** The tree that grows from layer to layer. */
export interface Merge {
  readonly root: NodeRecord;
  readonly diagnostics: DiagnosticLog;
  nodes: number;
  inodes: number;
}

export class LayerRun {
  readonly merge: Merge;
  readonly source: LayerSource;
  readonly layer: number;
  /** Directories in which this layer wrote something, those it has no entry for included. */
  readonly writtenIn = new Set<NodeRecord>();
  /** Directories made only because something below them was written. */
  readonly implied: NodeRecord[] = [];
  /** Names that have a new version only because a hard link elsewhere brought new attributes for their object. */
  readonly renewed = new Set<NodeRecord>();
  /** Objects under `.wh..wh.plnk`, which only hard links show (rule 15). */
  readonly aufsObjects = new Map<LayerPath, FileObject>();
  /** Where parent paths led; emptied whenever something goes that a path may have led through. */
  readonly #parents = new Map<LayerPath, NodeRecord>();

  constructor(merge: Merge, source: LayerSource) {
    this.merge = merge;
    this.source = source;
    this.layer = source.layer;
  }

  /** @param consequence the rest of a sentence that begins with the path */
  report(code: string, where: { readonly path: LayerPath }, consequence: string): void {
    this.merge.diagnostics.add(code, this.layer, where, consequence);
  }

  /** An entry of this layer, or a directory it implies, is what the node shows. */
  wrote(node: NodeRecord): boolean {
    return node.alive?.layer === this.layer && !this.renewed.has(node);
  }

  child(parent: NodeRecord, name: ByteString): NodeRecord {
    return childNamed(parent, name, () => this.merge.nodes++);
  }

  /**
   * Where a path leads at this moment, or in the eyes of `versionOf`.
   * @throws LaminaError LAYER_INVALID (SYMLINK_LOOP)
   */
  resolve(path: LayerPath, versionOf: ResolveOptions['versionOf'] = aliveVersion): Resolved {
    const found = resolvePath(this.merge.root, componentsOf(path), { versionOf, followLast: true });
    if (found === undefined) {
      throw layerError('SYMLINK_LOOP', this.layer, path, 'leads through more than 40 symbolic links');
    }
    if (found.symlinks.some((symlink) => symlink.layer < this.layer)) {
      this.report(
        'THROUGH_LOWER_SYMLINK',
        { path },
        'leads through a symbolic link of a lower layer; under Docker, containerd and Podman the link becomes a directory instead.',
      );
    }
    if (found.clamped) {
      this.report(
        'DOTDOT_CLAMPED',
        { path },
        'leads through a symbolic link that climbs above the image root; it was stopped there.',
      );
    }
    return found;
  }

  /**
   * The directory that a path leads to at this moment, made where it is missing (rules 33, 34, 36–41).
   * @throws LaminaError LAYER_INVALID (PARENT_NOT_DIR, SYMLINK_LOOP)
   */
  directory(path: LayerPath): NodeRecord {
    const known = this.#parents.get(path);
    if (known !== undefined) return known;
    const { directory, missing, symlinks } = this.resolve(path);
    if (missing.length > 0 && symlinks.length > 0) {
      this.report(
        'THROUGH_DANGLING_SYMLINK',
        { path },
        'leads through a symbolic link to a directory that does not exist; it was made, where Docker refuses the layer or replaces the link.',
      );
    }
    let node = directory;
    for (const name of missing) {
      node = this.child(node, name);
      this.#makeDirectory(node, path);
    }
    this.writtenIn.add(node);
    this.#parents.set(path, node);
    return node;
  }

  #makeDirectory(node: NodeRecord, path: LayerPath): void {
    const there = node.alive;
    if (this.wrote(node)) {
      throw layerError(
        'PARENT_NOT_DIR',
        this.layer,
        path,
        'is used as a directory, but this layer made it something else',
      );
    }
    if (there !== undefined) {
      this.report(
        'PARENT_REPLACED',
        node,
        'is no directory in the layers below, yet this layer writes into it; it became a directory, where some engines refuse the layer.',
      );
    }
    this.imply(node);
  }

  /** Puts a directory without an entry at the node, over whatever is there. */
  imply(node: NodeRecord): void {
    this.renewed.delete(node);
    end(node, this.layer, 'replaced');
    begin(node, this.layer, this.newObject('dir', IMPLIED, 0));
    this.implied.push(node);
  }

  newObject(type: FileObject['type'], position: number, size: number): FileObject {
    return new FileObject(this.merge.inodes++, type, this.source, { position, size });
  }

  /** Gives the node a new object: a directory over a directory keeps what is below, all else starts from zero (rules 27–31). */
  place(node: NodeRecord, object: FileObject, entry: LayerEntry): void {
    const there = node.alive;
    if (there !== undefined) {
      if (this.wrote(node) && there.object.position !== IMPLIED) {
        this.report('DUP_ENTRY', entry, 'is in the layer more than once; the last one counts. Docker cannot load it.');
      }
      this.#remove(node, object);
    }
    this.renewed.delete(node);
    begin(node, this.layer, object);
  }

  #remove(node: NodeRecord, successor: FileObject): void {
    const type = node.alive?.object.type;
    end(node, this.layer, 'replaced');
    if (type === 'dir' && successor.type === 'dir') return;
    if (type === 'dir') endBelow(node, this.layer);
    if (type === 'dir' || type === 'symlink') this.#parents.clear();
  }
}

function aliveVersion(node: NodeRecord): NodeRecord['alive'] {
  return node.alive;
}

/**
 * The records a merged tree is made of. They are kept small, because an image may have a million paths: what a layer
 * says about a file stays in its index and is read when somebody asks (`state.ts`), and the versions of a path are a
 * chain from the newest to the oldest instead of an array.
 */
import type { EntryList, EntryType, Xattrs } from '../layer/entry';
import type { ByteString } from '../path/byte-string';
import type { LayerPath } from '../path/layer-path';
import { stateOf } from './state';
import type { EndReason, FileState, UnionNode, Version } from './types';

export type ObjectType = Exclude<EntryType, 'hardlink'>;

/** One layer of the stack and its entries, with the state that was asked for last. */
export class LayerSource {
  readonly layer: number;
  readonly list: EntryList;
  /** Most callers read several fields of one state in a row; one remembered state saves decoding the entry each time. */
  lastObject: FileObject | undefined = undefined;
  lastState: FileState | undefined = undefined;

  constructor(layer: number, list: EntryList) {
    this.layer = layer;
    this.list = list;
  }
}

/** A hard link's header changes the attributes of the object it links to (rule 48). */
export interface LinkHeader {
  readonly source: LayerSource;
  readonly position: number;
  /** Extended attributes of the object with those of the link header put over them; undefined when it has none. */
  readonly xattrs: Xattrs | undefined;
}

/** A filesystem object (an inode); several names share it when they are hard links. */
export class FileObject {
  readonly inode: number;
  readonly type: ObjectType;
  readonly source: LayerSource;
  /** Of its entry in the layer, or IMPLIED. */
  readonly position: number;
  readonly size: number;
  /** Every name that ever was made for it, once there is a second one; may hold names that have gone since. */
  links: NodeRecord[] | undefined = undefined;
  linkHeader: LinkHeader | undefined = undefined;

  constructor(inode: number, type: ObjectType, source: LayerSource, at: { position: number; size: number }) {
    this.inode = inode;
    this.type = type;
    this.source = source;
    this.position = at.position;
    this.size = at.size;
  }

  /** Layer whose entry gave the attributes. */
  get attributeLayer(): number {
    return this.linkHeader === undefined ? this.source.layer : this.linkHeader.source.layer;
  }
}

export class VersionRecord implements Version {
  readonly layer: number;
  object: FileObject;
  readonly older: VersionRecord | undefined;
  endLayer: number | undefined = undefined;
  endReason: EndReason | undefined = undefined;

  constructor(layer: number, object: FileObject, older: VersionRecord | undefined) {
    this.layer = layer;
    this.object = object;
    this.older = older;
  }

  get state(): FileState {
    return stateOf(this.object);
  }

  get type(): ObjectType {
    return this.object.type;
  }

  get size(): number {
    return this.object.size;
  }

  get inode(): number {
    return this.object.inode;
  }

  get hardlinked(): boolean {
    return this.object.links !== undefined;
  }
}

export interface Mark {
  readonly layer: number;
  readonly kind: 'whiteout' | 'opaque';
}

const NO_MARKS: readonly Mark[] = [];

export class NodeRecord implements UnionNode {
  readonly index: number;
  readonly name: ByteString;
  readonly parent: NodeRecord | undefined;
  newest: VersionRecord | undefined = undefined;
  children: Map<ByteString, NodeRecord> | undefined = undefined;
  markList: Mark[] | undefined = undefined;
  /** All children by name, made when first asked for; the merge is over by then. */
  sorted: readonly NodeRecord[] | undefined = undefined;

  constructor(index: number, name: ByteString, parent: NodeRecord | undefined) {
    this.index = index;
    this.name = name;
    this.parent = parent;
  }

  get path(): LayerPath {
    const names: ByteString[] = [this.name];
    for (let node = this.parent; node?.parent !== undefined; node = node.parent) names.push(node.name);
    return names.reverse().join('/') as LayerPath;
  }

  get versions(): readonly Version[] {
    const versions: Version[] = [];
    for (let version = this.newest; version !== undefined; version = version.older) versions.push(version);
    return versions.reverse();
  }

  get marks(): readonly Mark[] {
    return this.markList ?? NO_MARKS;
  }

  /** The version that nothing has ended so far. */
  get alive(): VersionRecord | undefined {
    return this.newest?.endLayer === undefined ? this.newest : undefined;
  }

  /** The newest version that layers up to `upTo` wrote. */
  latestAt(upTo: number): VersionRecord | undefined {
    let version = this.newest;
    while (version !== undefined && version.layer > upTo) version = version.older;
    return version;
  }

  /** The version that is visible as of layer `upTo`. */
  visibleAt(upTo: number): VersionRecord | undefined {
    const version = this.latestAt(upTo);
    return version?.endLayer === undefined || version.endLayer > upTo ? version : undefined;
  }
}

/** Entries of a tree as lines of `lamina ls`: JSON for programs, a long listing for people. Layers count from 1. */
import {
  isUtf8,
  toBytes,
  toText,
  type ByteString,
  type FileState,
  type ListedEntry,
  type UnionTree,
  type Version,
} from '../engine';
import { printable, sizeText } from './text';

export interface EntryFormatOptions {
  /** The listing is of this layer alone, 0-based. */
  readonly layer: number | undefined;
  /** The listing is as of this layer, 0-based. */
  readonly upTo: number | undefined;
}

const TYPE_LETTERS: Readonly<Record<FileState['type'], string>> = {
  file: '-',
  dir: 'd',
  symlink: 'l',
  char: 'c',
  block: 'b',
  fifo: 'p',
};

export class EntryFormat {
  private readonly tree: UnionTree;
  private readonly options: EntryFormatOptions;
  /** In the listing of one layer: the first name of each object with several. */
  private firstNames: ReadonlyMap<number, string> | undefined;

  constructor(tree: UnionTree, options: EntryFormatOptions) {
    this.tree = tree;
    this.options = options;
  }

  json(entry: ListedEntry): Record<string, unknown> {
    const { node, version, hidden, whiteout } = entry;
    const path = named('path', node.path);
    if (version === undefined) {
      const layer = (this.options.layer ?? 0) + 1;
      return { ...path, whiteout: true, ...(whiteout === 'opaque' ? { opaque: true } : {}), layer };
    }
    return {
      ...path,
      ...stateFields(version.state),
      ...this.hardlink(entry, version),
      layer: version.layer + 1,
      ...(this.options.layer === undefined && hidden ? { hidden: true } : {}),
      ...endFields(version, hidden),
    };
  }

  text(entry: ListedEntry): string {
    const { node, version, hidden, whiteout } = entry;
    const name = printable(toText(node.path));
    if (version === undefined) return `${whiteout === 'opaque' ? 'opaque' : 'whiteout'} ${name}`;
    const { state } = version;
    const target = state.type === 'symlink' ? ` -> ${printable(toText(state.linkname))}` : '';
    return [
      modeText(state),
      `${state.uid}:${state.gid}`.padEnd(9),
      (state.type === 'char' || state.type === 'block'
        ? `${state.devMajor},${state.devMinor}`
        : sizeText(state.size)
      ).padStart(8),
      isoMinutes(state.mtime.sec),
      `L${version.layer + 1}`.padEnd(4),
      `${name}${target}${hidden ? `  (${endText(version)})` : ''}`,
    ].join('  ');
  }

  private hardlink({ node, hidden }: ListedEntry, version: Version): Record<string, unknown> {
    if (!version.hardlinked || (hidden && this.options.layer === undefined)) return {};
    const first =
      this.options.layer === undefined
        ? this.tree.namesOf(node, this.options.upTo)[0]
        : this.firstNameInLayer(version.inode, this.options.layer);
    return first === undefined || first === node.path ? {} : named('hardlink', first);
  }

  private firstNameInLayer(inode: number, layer: number): ByteString | undefined {
    this.firstNames ??= firstNamesIn(this.tree, layer);
    return this.firstNames.get(inode) as ByteString | undefined;
  }
}

function firstNamesIn(tree: UnionTree, layer: number): ReadonlyMap<number, ByteString> {
  const first = new Map<number, ByteString>();
  for (const node of tree.walkAll()) {
    const version = tree.latest(node, layer);
    if (version?.layer !== layer || !version.hardlinked) continue;
    const known = first.get(version.inode);
    if (known === undefined || node.path < known) first.set(version.inode, node.path);
  }
  return first;
}

/** What is known of a state, by the names that `lamina ls --json` gives it. */
export function stateFields(state: FileState): Record<string, unknown> {
  const { type, uid, gid, size, mtime } = state;
  return {
    type,
    mode: (state.mode & 0o7777).toString(8).padStart(4, '0'),
    uid,
    gid,
    size,
    mtime: mtime.sec + mtime.nsec / 1e9,
    ...(type === 'symlink' ? named('linkname', state.linkname) : {}),
    ...(state.content === undefined ? {} : { sha256: state.content.sha256 }),
    xattrs: Object.fromEntries([...state.xattrs].map(([name, value]) => [name, Buffer.from(value).toString('base64')])),
    ...(type === 'char' || type === 'block' ? { dev: [state.devMajor, state.devMinor] } : {}),
    ...(state.implied ? { implied: true } : {}),
  };
}

/** What ended a version that is not shown any more. */
function endFields({ endLayer, endReason }: Version, hidden: boolean): Record<string, unknown> {
  if (!hidden || endLayer === undefined) return {};
  return { endedBy: { layer: endLayer + 1, reason: endReason } };
}

/** For people: `replaced by layer 3`. */
export function endText({ endLayer, endReason }: Version): string {
  if (endLayer === undefined) return 'shown';
  const deeds = { replaced: 'replaced', whiteout: 'deleted', opaque: 'hidden', parent: 'gone with its directory' };
  return `${endReason === undefined ? 'ended' : deeds[endReason]} by layer ${endLayer + 1}`;
}

/** The name as text, and as hex as well when it is not UTF-8. */
function named(field: string, name: ByteString): Record<string, string> {
  const text = toText(name);
  return isUtf8(name) ? { [field]: text } : { [field]: text, [`${field}Hex`]: toBytes(name).toString('hex') };
}

export function modeText({ type, mode }: Pick<FileState, 'type' | 'mode'>): string {
  const bits = ['x', 'w', 'r'];
  let text = '';
  for (let bit = 8; bit >= 0; bit -= 1) text += mode & (1 << bit) ? (bits[bit % 3] ?? '') : '-';
  const special = (at: number, set: boolean, letter: string): void => {
    if (!set) return;
    text = text.slice(0, at) + (text[at] === 'x' ? letter : letter.toUpperCase()) + text.slice(at + 1);
  };
  special(2, (mode & 0o4000) !== 0, 's');
  special(5, (mode & 0o2000) !== 0, 's');
  special(8, (mode & 0o1000) !== 0, 't');
  return TYPE_LETTERS[type] + text;
}

/** UTC; a time that no calendar has is given in seconds. */
function isoMinutes(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `@${seconds}` : date.toISOString().slice(0, 16).replace('T', ' ');
}

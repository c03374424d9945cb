/**
 * Trees in a short notation, so that a test shows at a glance what it expects:
 * `a=text` a file, `d/` a directory, `s->t` a symlink, `n:c1,3` a character device, `n:b7,0` a block device, `p|` a fifo.
 */
import { LaminaError } from '../../src-main/engine/errors';
import { entryList } from '../../src-main/engine/layer/build-list';
import type { LayerEntry } from '../../src-main/engine/layer/entry';
import { toText } from '../../src-main/engine/path/byte-string';
import { buildUnion } from '../../src-main/engine/union/merge';
import type { FileState, UnionNode, UnionTree } from '../../src-main/engine/union/types';
import { pathFromText } from '../../src-main/engine/path/layer-path';
import { tarEntries, type EntryPart } from './tar-builder';

/** A stack of layers; what is in each one can be looked up for the content of a file. */
export interface Stack {
  readonly tree: UnionTree;
  readonly entries: readonly (readonly LayerEntry[])[];
  /** All visible paths in order. */
  readonly show: (upTo?: number) => string[];
  readonly state: (path: string, upTo?: number) => FileState;
  readonly node: (path: string) => UnionNode;
}

export function stack(...layers: readonly (readonly EntryPart[])[]): Stack {
  const entries = layers.map((parts) => tarEntries(parts));
  const tree = buildUnion(entries.map((list) => entryList(list)));
  const text = (state: FileState): string => {
    const { content } = state;
    return content === undefined ? '' : (layers[content.layer]?.[content.position]?.content.toString() ?? '?');
  };
  const node = (path: string): UnionNode => {
    const found = tree.nodeAt(pathFromText(path));
    if (found === undefined) throw new Error(`no node at ${path}`);
    return found;
  };
  const state = (path: string, upTo?: number): FileState => {
    const version = tree.visible(node(path), upTo);
    if (version === undefined) throw new Error(`nothing visible at ${path}`);
    return version.state;
  };
  const show = (upTo?: number): string[] =>
    [...tree.walk({ upTo })].map((one) => {
      const seen = tree.visible(one, upTo)?.state;
      return seen === undefined ? `${toText(one.path)} is not visible` : toText(one.path) + suffix(seen, text(seen));
    });
  return { tree, entries, show, state, node };
}

function suffix(state: FileState, content: string): string {
  switch (state.type) {
    case 'file':
      return `=${content}`;
    case 'dir':
      return '/';
    case 'symlink':
      return `->${toText(state.linkname)}`;
    case 'char':
      return `:c${state.devMajor},${state.devMinor}`;
    case 'block':
      return `:b${state.devMajor},${state.devMinor}`;
    case 'fifo':
      return '|';
  }
}

/** The diagnostics of a tree as `layer CODE path`, the layer from 0. */
export function codes(tree: UnionTree): string[] {
  return tree.diagnostics.map(({ code, layer, path }) => `${String(layer)} ${code} ${toText(path)}`);
}

/** The error that refuses these layers. */
export function faultOf(...layers: readonly (readonly EntryPart[])[]): LaminaError {
  try {
    stack(...layers);
  } catch (error) {
    if (error instanceof LaminaError) return error;
    throw error;
  }
  throw new Error('the layers were accepted');
}

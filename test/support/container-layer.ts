/** A container layer in memory on layers in code: edits without a store, shown in the notation of tree-text. */
import { createHash } from 'node:crypto';
import { changesOf } from '../../src-main/engine/container/changes';
import { Draft } from '../../src-main/engine/container/draft';
import { makeDirectory } from '../../src-main/engine/container/edits/make-directory';
import { makeSymlink } from '../../src-main/engine/container/edits/make-symlink';
import { movePath } from '../../src-main/engine/container/edits/move';
import { removePath } from '../../src-main/engine/container/edits/remove';
import { setAttributes } from '../../src-main/engine/container/edits/set-attributes';
import { writeFile } from '../../src-main/engine/container/edits/write-file';
import { MergedView } from '../../src-main/engine/container/merged-view';
import type { AttributeChange } from '../../src-main/engine/container/types';
import { Upper, type UpperContent, type UpperObject } from '../../src-main/engine/container/upper';
import { listOf, rowsOf } from '../../src-main/engine/container/upper-rows';
import { entryList } from '../../src-main/engine/layer/build-list';
import { fromText, toText } from '../../src-main/engine/path/byte-string';
import { pathFromText } from '../../src-main/engine/path/layer-path';
import { buildUnion } from '../../src-main/engine/union/merge';
import type { UnionTree } from '../../src-main/engine/union/types';
import type { EntryPart } from './tar-builder';
import { stack } from './tree-text';

/** The time of the first edit; each later one is a second after the one before. */
export const FIRST_EDIT = 1_000_000;

interface Step {
  mkdir(path: string, options?: { readonly parents?: boolean }): void;
  write(path: string, text: string): void;
  rm(path: string): void;
  mv(from: string, to: string): void;
  set(path: string, change: AttributeChange & { readonly recursive?: boolean }): void;
  ln(target: string, path: string): void;
}

export interface LayerInMemory extends Step {
  readonly view: MergedView;
  readonly upper: Upper;
  readonly lower: UnionTree;
  /** Entries of the layer in order: `d/`, `f=text`, `s->t`, `h=>t`, `-deleted`. */
  layer(): string[];
  /** What is seen in the container, walked by its own view. */
  seen(): string[];
  /** The same out of the union of the image's layers and this one. */
  merged(): UnionTree;
  /** `C /etc`, `A /etc/x`, … */
  changes(): string[];
  at(path: string): UpperObject;
}

export function layerOn(...layers: readonly (readonly EntryPart[])[]): LayerInMemory {
  const { tree, entries } = stack(...layers);
  const upper = new Upper();
  const view = new MergedView(tree, upper);
  const texts = new Map<string, string>();
  for (const part of layers.flat()) texts.set(sha256(part.content), part.content.toString());
  let edits = 0;
  const edit = (apply: (draft: Draft) => void): void => {
    const draft = new Draft(view, { sec: FIRST_EDIT + edits, nsec: 0 });
    edits += 1;
    try {
      apply(draft);
    } catch (error) {
      draft.revert();
      throw error;
    }
  };
  const content = (text: string): UpperContent => {
    const bytes = Buffer.from(text);
    texts.set(sha256(bytes), text);
    return { from: 'container', sha256: sha256(bytes), size: bytes.length };
  };
  const suffix = (object: UpperObject): string => {
    if (object.type === 'dir') return '/';
    if (object.type === 'symlink') return `->${toText(object.linkname)}`;
    return object.type === 'file' ? `=${texts.get(object.content?.sha256 ?? '') ?? '?'}` : `:${object.type}`;
  };
  return {
    ...{ view, upper, lower: tree },
    mkdir: (path, options) => edit((draft) => makeDirectory(draft, pathFromText(path), options)),
    write: (path, text) => edit((draft) => writeFile(draft, pathFromText(path), content(text))),
    rm: (path) => edit((draft) => removePath(draft, pathFromText(path))),
    mv: (from, to) => edit((draft) => movePath(draft, pathFromText(from), pathFromText(to))),
    set: (path, change) => edit((draft) => setAttributes(draft, pathFromText(path), change)),
    ln: (target, path) => edit((draft) => makeSymlink(draft, fromText(target), pathFromText(path))),
    layer: () =>
      rowsOf(upper).map(({ entry }) => {
        const path = toText(entry.path);
        if (/(^|\/)\.wh\.[^/]*$/.test(path)) return path.replace(/\.wh\.([^/]*)$/, '-$1');
        if (entry.type === 'hardlink') return `${path}=>${toText(entry.linkname)}`;
        const node = upper.get(entry.path);
        return path + (node === undefined || node === 'whiteout' ? '?' : suffix(node));
      }),
    seen: () => [...view.walk(pathFromText(''))].map(({ path, seen }) => toText(path) + suffix(seen.object)),
    merged: () => buildUnion([...entries.map((list) => entryList(list)), listOf(rowsOf(upper))]),
    changes: () => changesOf(view).map(({ kind, path }) => `${kind} /${toText(path)}`),
    at(path) {
      const object = view.at(pathFromText(path))?.object;
      if (object === undefined) throw new Error(`nothing at ${path}`);
      return object;
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

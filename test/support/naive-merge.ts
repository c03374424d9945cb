/**
 * A second opinion on merging: layers applied one after the other onto a map from path to object, as slowly and
 * plainly as the rules read. It remembers nothing but what is there, and shares no code with the union engine.
 */
import type { EntryPart } from './tar-builder';

interface NaiveObject {
  type: EntryPart['type'];
  mode: number;
  uid: number;
  content: string;
  target: string;
}

export type NaiveTree = Map<string, NaiveObject>;

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
const nameOf = (part: EntryPart): string => partsOf(Buffer.from(part.name).toString()).join('/');
const parentOf = (path: string): string => partsOf(path).slice(0, -1).join('/');
const baseOf = (path: string): string => partsOf(path).at(-1) ?? '';
const join = (parent: string, name: string): string => (parent === '' ? name : `${parent}/${name}`);

/** @throws Error for a layer that cannot be applied */
export function naiveMerge(layers: readonly (readonly EntryPart[])[]): NaiveTree {
  const tree: NaiveTree = new Map([['', { type: 'dir', mode: 0o755, uid: 0, content: '', target: '' }]]);
  for (const layer of layers) applyLayer(tree, layer);
  return tree;
}

function applyLayer(tree: NaiveTree, layer: readonly EntryPart[]): void {
  const isWhiteout = (part: EntryPart): boolean => baseOf(nameOf(part)).startsWith('.wh.');
  // All whiteouts look at the tree of the layers below, before any of them changes it.
  const seen = withReplacedLinks(tree, layer);
  const removals: string[] = [];
  const emptied: string[] = [];
  for (const part of layer.filter(isWhiteout)) {
    const base = baseOf(nameOf(part)).slice(4);
    const parent = resolve(seen, parentOf(nameOf(part)));
    if (base === '.wh..opq') emptied.push(parent);
    else removals.push(join(parent, base));
  }
  for (const path of removals) remove(tree, path);
  for (const path of emptied) empty(tree, path);
  const fresh = new Set<string>();
  for (const part of layer) if (!isWhiteout(part)) add(tree, part, fresh);
}

/** For whiteouts, a symlink that the layer hides or replaces leads where the layer's own entry does, if anywhere. */
function withReplacedLinks(tree: NaiveTree, layer: readonly EntryPart[]): NaiveTree {
  const seen: NaiveTree = new Map(tree);
  for (const part of layer) {
    const name = nameOf(part);
    const hidden = baseOf(name).startsWith('.wh.') && !baseOf(name).startsWith('.wh..wh.');
    const target = join(parentOf(name), baseOf(name).slice(4));
    if (hidden && tree.get(target)?.type === 'symlink') seen.delete(target);
  }
  for (const part of layer) if (tree.get(nameOf(part))?.type === 'symlink') seen.set(nameOf(part), objectOf(part));
  return seen;
}

function remove(tree: NaiveTree, path: string): void {
  for (const other of [...tree.keys()]) if (other === path || other.startsWith(`${path}/`)) tree.delete(other);
}

function empty(tree: NaiveTree, path: string): void {
  const there = tree.get(path);
  if (there === undefined) return;
  for (const other of [...tree.keys()])
    if (other !== path && (path === '' || other.startsWith(`${path}/`))) tree.delete(other);
  if (there.type !== 'dir') tree.set(path, { type: 'dir', mode: 0o755, uid: 0, content: '', target: '' });
}

/** The path without symlinks; what does not exist is taken as it is spelled. */
function resolve(tree: NaiveTree, path: string): string {
  let hops = 0;
  let done: string[] = [];
  const todo = partsOf(path);
  for (let part = todo.shift(); part !== undefined; part = todo.shift()) {
    if (part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const there = tree.get([...done, part].join('/'));
    if (there?.type !== 'symlink') {
      done.push(part);
      continue;
    }
    if (++hops > 40) throw new Error('loop');
    if (there.target.startsWith('/')) done = [];
    todo.unshift(...partsOf(there.target));
  }
  return done.join('/');
}

/** @param fresh paths that this layer wrote so far */
function add(tree: NaiveTree, part: EntryPart, fresh: Set<string>): void {
  const parent = resolve(tree, parentOf(nameOf(part)));
  const parents = partsOf(parent);
  parents.forEach((_name, i) => {
    const above = parents.slice(0, i + 1).join('/');
    const there = tree.get(above);
    if (there?.type === 'dir') return;
    if (there !== undefined && fresh.has(above)) throw new Error('parent is no directory');
    tree.set(above, { type: 'dir', mode: 0o755, uid: 0, content: '', target: '' });
    fresh.add(above);
  });
  const path = join(parent, baseOf(nameOf(part)));
  const before = tree.get(path);
  const object = part.type === 'hardlink' ? linked(tree, part, path) : objectOf(part);
  if (before !== undefined && !(before.type === 'dir' && object.type === 'dir')) {
    remove(tree, path);
    if (part.type === 'hardlink' && ![...tree.values()].includes(object)) {
      // The only other name may have been this one; then the object lives on under it.
      if (before !== object) throw new Error('target was replaced');
    }
  }
  tree.set(path, object);
  fresh.add(path);
}

function objectOf(part: EntryPart): NaiveObject {
  return {
    type: part.type,
    mode: part.type === 'symlink' ? 0o777 : (part.mode ?? (part.type === 'dir' ? 0o755 : 0o644)),
    uid: part.uid ?? 0,
    content: Buffer.from(part.content).toString(),
    target: Buffer.from(part.link).toString(),
  };
}

function linked(tree: NaiveTree, part: EntryPart, path: string): NaiveObject {
  const target = partsOf(Buffer.from(part.link).toString()).join('/');
  const at = join(resolve(tree, parentOf(target)), baseOf(target));
  const object = tree.get(at);
  if (object === undefined || object.type === 'dir' || at === path || at.startsWith(`${path}/`))
    throw new Error('bad link');
  object.uid = part.uid ?? 0;
  if (object.type !== 'symlink') object.mode = part.mode ?? 0o644;
  return object;
}

/** Random edit scripts over a small world of paths, so that edits meet each other. */
import fc from 'fast-check';
import type { LayerInMemory } from './container-layer';
import { dir, file, hardlink, symlink, whiteout, type EntryPart } from './tar-builder';

export type Edit =
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  | { readonly do: 'mkdir'; readonly path: string; readonly parents: boolean }
  | { readonly do: 'rm'; readonly path: string }
  | { readonly do: 'mv'; readonly from: string; readonly to: string }
  | { readonly do: 'chmod'; readonly path: string; readonly mode: number; readonly recursive: boolean }
  | {
      readonly do: 'chown';
      readonly path: string;
      readonly uid: number;
      readonly gid: number;
      readonly recursive: boolean;
    }
  | { readonly do: 'ln'; readonly path: string; readonly target: string };

/** Two layers with what edits can stumble over: nested directories, links of both kinds, whiteouts, odd names. */
export const WORLD: readonly (readonly EntryPart[])[] = [
  [
    dir('a', { mode: 0o750, mtime: 1 }),
    dir('a/b', { mode: 0o1777, uid: 3, mtime: 2 }),
    file('a/b/f', 'one', { mode: 0o4755, mtime: 3 }),
    file('a/f', 'two', { uid: 1, gid: 2, mtime: 4 }),
    dir('a/b/c', { mtime: 4 }),
    file('a/b/c/f', 'deep', { mtime: 4 }),
    dir('b', { mtime: 5 }),
    file('b/f', 'three', { mtime: 6 }),
    hardlink('b/c', 'b/f', { mtime: 6 }),
    file('c', 'four', { mtime: 7 }),
    file('gone', 'x', { mtime: 7 }),
    dir('b-c', { mtime: 8 }),
    file('b-c/f', 'five', { mtime: 8 }),
  ],
  [
    dir('a', { mode: 0o750, mtime: 1 }),
    symlink('f', 'a/b', { mtime: 9 }),
    whiteout('gone'),
    dir('b', { mode: 0o700, mtime: 10 }),
    symlink('b/a', '/a', { mtime: 11 }),
    file('a/f', 'two again', { mtime: 12 }),
  ],
];

const name = fc.constantFrom('a', 'b', 'c', 'f', 'gone', 'b-c');
const anyPath = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
/** Mostly near what is there. */
const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'a/b', 'a/b/c', 'a/b/f', 'a/f', 'b', 'b/c', 'b/f', 'c', 'f', 'b-c') },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('a', 'a/b', 'b', 'f', 'b/a', 'b-c'), name).map((two) => two.join('/')),
  },
  { weight: 1, arbitrary: anyPath },
);
const text = fc.constantFrom('', 'x', 'one', 'some longer text');
const mode = fc.constantFrom(0o600, 0o755, 0o4711, 0o2750);
const owner = fc.integer({ min: 0, max: 3 });

/** The kinds weigh alike, so that directories are removed about as often as they are made. */
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ do: fc.constant('write' as const), path, text }),
  fc.record({ do: fc.constant('mkdir' as const), path, parents: fc.boolean() }),
  fc.record({ do: fc.constant('rm' as const), path }),
  fc.record({ do: fc.constant('mv' as const), from: path, to: path }),
  fc.record({ do: fc.constant('chmod' as const), path, mode, recursive: fc.boolean() }),
  fc.record({ do: fc.constant('chown' as const), path, uid: owner, gid: owner, recursive: fc.boolean() }),
  fc.record({
    do: fc.constant('ln' as const),
    path,
    target: fc.oneof(
      path,
      path.map((to) => `/${to}`),
      fc.constant('..'),
    ),
  }),
);

export const script: fc.Arbitrary<Edit[]> = fc.array(edit, { minLength: 1, maxLength: 30, size: 'max' });

/** Does one edit; throws what the engine throws. */
export function apply(on: LayerInMemory, one: Edit): void {
  const deeds: { readonly [K in Edit['do']]: (edit: Extract<Edit, { readonly do: K }>) => void } = {
    write: ({ path: at, text: content }) => on.write(at, content),
    mkdir: ({ path: at, parents }) => on.mkdir(at, { parents }),
    rm: ({ path: at }) => on.rm(at),
    mv: ({ from, to }) => on.mv(from, to),
    chmod: ({ path: at, ...change }) => on.set(at, { mode: change.mode, recursive: change.recursive }),
    chown: ({ path: at, uid, gid, recursive }) => on.set(at, { uid, gid, recursive }),
    ln: ({ target, path: at }) => on.ln(target, at),
  };
  const deed = deeds[one.do] as (edit: Edit) => void;
  deed(one);
}

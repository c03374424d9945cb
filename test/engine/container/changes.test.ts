import { describe, expect, it } from 'vitest';
import { layerOn, type LayerInMemory } from '../../support/container-layer';
import { dir, file, hardlink, symlink } from '../../support/tar-builder';

const BASE = [
  dir('etc'),
  file('etc/conf', 'c'),
  dir('usr'),
  dir('usr/share'),
  dir('usr/share/doc'),
  file('usr/share/doc/a', 'a'),
  file('usr/share/doc/b', 'b'),
  file('f2d', 'f'),
  dir('d2f'),
  file('d2f/x', 'x'),
  dir('opq'),
  file('opq/1', '1'),
  file('opq/2', '2'),
  symlink('ln', 'etc'),
  file('hl1', 'h'),
  hardlink('hl2', 'hl1'),
  dir('tmpd'),
  file('chm', 'm'),
];

/** The cases of semantics 2.4, each as `docker diff` printed it. */
const CASES: readonly [title: string, edit: (on: LayerInMemory) => void, lines: readonly string[]][] = [
  ['nothing done', () => undefined, []],
  ['a new file in the root', (on) => on.write('new', ''), ['A /new']],
  [
    'every ancestor of a change is C, but not the root',
    (on) => on.write('usr/share/doc/a', 'changed'),
    ['C /usr', 'C /usr/share', 'C /usr/share/doc', 'C /usr/share/doc/a'],
  ],
  [
    'a new directory and each thing in it is A',
    (on) => {
      on.mkdir('srv');
      on.mkdir('srv/www');
      on.write('srv/www/i', '');
    },
    ['A /srv', 'A /srv/www', 'A /srv/www/i'],
  ],
  ['a removed directory is one D', (on) => on.rm('usr'), ['D /usr']],
  ['a removed file', (on) => on.rm('etc/conf'), ['C /etc', 'D /etc/conf']],
  [
    'a directory made again',
    (on) => {
      on.rm('opq');
      on.mkdir('opq');
      on.write('opq/3', '3');
    },
    ['C /opq', 'D /opq/1', 'D /opq/2', 'A /opq/3'],
  ],
  [
    'a file that became a directory',
    (on) => {
      on.rm('f2d');
      on.mkdir('f2d');
      on.write('f2d/in', '');
    },
    ['C /f2d', 'A /f2d/in'],
  ],
  [
    'a directory that became a file',
    (on) => {
      on.rm('d2f');
      on.write('d2f', 'f');
    },
    ['C /d2f'],
  ],
  [
    'a symlink with another target',
    (on) => {
      on.rm('ln');
      on.ln('usr', 'ln');
    },
    ['C /ln'],
  ],
  ['another mode', (on) => on.set('chm', { mode: 0o600 }), ['C /chm']],
  ['another owner', (on) => on.set('chm', { uid: 4 }), ['C /chm']],
  ['a write to one of two hard links', (on) => on.write('hl1', 'w'), ['C /hl1']],
  ['a renamed file', (on) => on.mv('chm', 'chm2'), ['D /chm', 'A /chm2']],
  ['a renamed directory', (on) => on.mv('d2f', 'etc/d'), ['D /d2f', 'C /etc', 'A /etc/d', 'A /etc/d/x']],
  [
    'a directory that was touched and is as before is not listed, though a commit writes it',
    (on) => {
      on.write('tmpd/t', '');
      on.rm('tmpd/t');
    },
    [],
  ],
  ['the same content written again has another time', (on) => on.write('chm', 'm'), ['C /chm']],
  [
    'siblings in byte order, a directory before what is in it',
    (on) => {
      on.write('a-b', '');
      on.mkdir('a');
      on.write('a/z', '');
    },
    ['A /a', 'A /a/z', 'A /a-b'],
  ],
];

describe('changes as docker diff lists them', () => {
  it.each(CASES)('%s', (_title, edit, lines) => {
    const on = layerOn(BASE);
    edit(on);
    expect(on.changes()).toEqual(lines);
  });

  it('a touched directory is in the layer all the same', () => {
    const on = layerOn(BASE);
    on.write('tmpd/t', '');
    on.rm('tmpd/t');
    expect(on.layer()).toEqual(['tmpd/']);
  });

  it('a lost capability is a change, another attribute is not', () => {
    const on = layerOn([file('a', 'a', { mode: 0o755, xattrs: { 'security.capability': 'c' } })]);
    on.set('a', { uid: 0 });
    expect(on.changes()).toEqual(['C /a']);
  });
});

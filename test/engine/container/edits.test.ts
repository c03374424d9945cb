import { describe, expect, it } from 'vitest';
import { FIRST_EDIT, layerOn, type LayerInMemory } from '../../support/container-layer';
import { dir, file, hardlink, symlink } from '../../support/tar-builder';

const BASE = [
  dir('etc', { mode: 0o755, mtime: 5 }),
  file('etc/passwd', 'root', { mode: 0o640, uid: 1, gid: 2, mtime: 5, xattrs: { 'user.note': 'x' } }),
  file('etc/motd', 'hello', { mtime: 5 }),
  dir('usr', { mtime: 5 }),
  dir('usr/lib', { mode: 0o711, mtime: 5 }),
  file('usr/lib/a', 'A', { mtime: 5 }),
  dir('usr/lib/sub', { mtime: 5 }),
  file('usr/lib/sub/b', 'B', { mtime: 5 }),
  symlink('lib', 'usr/lib', { mtime: 5 }),
  symlink('abs', '/usr/lib/a'),
  symlink('out', '../../../etc/motd'),
  symlink('dangling', 'nowhere/x'),
  symlink('broken', 'usr/new'),
  symlink('loop', 'loop'),
];

function base(): LayerInMemory {
  return layerOn(BASE);
}

function codeOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'no error';
}

describe('writing a file', () => {
  it('copies the directories on the way up with their attributes and marks only the last one', () => {
    const on = base();
    on.write('usr/lib/new', 'N');
    expect(on.layer()).toEqual(['usr/', 'usr/lib/', 'usr/lib/new=N']);
    expect(on.at('usr').mtime.sec).toBe(5);
    expect(on.at('usr/lib')).toMatchObject({ mode: 0o711, mtime: { sec: FIRST_EDIT, nsec: 0 } });
    expect(on.at('usr/lib/new')).toMatchObject({ mode: 0o644, uid: 0, gid: 0 });
  });

  it('keeps the attributes of an existing file and leaves its directory alone', () => {
    const on = base();
    on.write('etc/passwd', 'changed');
    expect(on.at('etc/passwd')).toMatchObject({ mode: 0o640, uid: 1, gid: 2, mtime: { sec: FIRST_EDIT } });
    expect(on.at('etc/passwd').xattrs.has('user.note')).toBe(true);
    expect(on.at('etc').mtime.sec).toBe(5);
  });

  it('takes the capability away with the content, as Linux does', () => {
    const on = layerOn([file('ping', 'p', { mode: 0o4755, xattrs: { 'security.capability': 'c', 'user.k': 'v' } })]);
    on.write('ping', 'q');
    expect([...on.at('ping').xattrs.keys()]).toEqual(['user.k']);
    expect(on.at('ping').mode).toBe(0o4755);
  });

  it('follows symlinks on the way and in the last component, inside the root', () => {
    const on = base();
    on.write('lib/new', 'N');
    on.write('abs', 'through');
    on.write('out', 'clamped');
    on.write('broken', 'made');
    expect(on.layer()).toEqual([
      'etc/',
      'etc/motd=clamped',
      'usr/',
      'usr/lib/',
      'usr/lib/a=through',
      'usr/lib/new=N',
      'usr/new=made',
    ]);
  });

  it('gives a new file the group of a set-group-ID directory', () => {
    const on = layerOn([dir('mail', { mode: 0o2775, gid: 8 })]);
    on.write('mail/box', '');
    on.mkdir('mail/dir');
    expect(on.at('mail/box').gid).toBe(8);
    expect(on.at('mail/dir')).toMatchObject({ gid: 8, mode: 0o2755 });
  });

  it.each([
    ['etc', 'PATH_IS_DIRECTORY'],
    ['', 'INVALID_ARGUMENT'],
    ['none/x', 'PATH_NOT_FOUND'],
    ['dangling', 'PATH_NOT_FOUND'],
    ['etc/motd/x', 'PATH_NOT_DIRECTORY'],
    ['loop', 'SYMLINK_LOOP'],
    ['loop/x', 'SYMLINK_LOOP'],
    ['etc/.wh.x', 'PATH_RESERVED'],
    ['.wh..wh..opq', 'PATH_RESERVED'],
    [`etc/${'n'.repeat(256)}`, 'INVALID_ARGUMENT'],
  ])('%s is refused with %s and changes nothing', (path, code) => {
    const on = base();
    expect(codeOf(() => on.write(path, 'x'))).toBe(code);
    expect(on.upper.size).toBe(0);
  });

  it('refuses a device', () => {
    const on = layerOn([{ ...file('null'), type: 'char', devMajor: 1, devMinor: 3 }]);
    expect(codeOf(() => on.write('null', 'x'))).toBe('INVALID_ARGUMENT');
  });
});

describe('making directories', () => {
  it('makes one, and with parents all that are missing, through symlinks', () => {
    const on = base();
    on.mkdir('srv');
    on.mkdir('lib/x/y/z', { parents: true });
    on.mkdir('etc', { parents: true });
    expect(on.layer()).toEqual(['srv/', 'usr/', 'usr/lib/', 'usr/lib/x/', 'usr/lib/x/y/', 'usr/lib/x/y/z/']);
  });

  it.each([
    ['etc', false, 'PATH_EXISTS'],
    ['lib', false, 'PATH_EXISTS'],
    ['', false, 'PATH_EXISTS'],
    ['a/b', false, 'PATH_NOT_FOUND'],
    ['etc/motd', true, 'PATH_EXISTS'],
    ['etc/motd/x', true, 'PATH_NOT_DIRECTORY'],
    ['dangling/x', true, 'PATH_NOT_FOUND'],
    ['broken/x', true, 'PATH_EXISTS'],
    ['a/.wh.b/c', true, 'PATH_RESERVED'],
  ])('%s (parents: %s) is refused with %s', (path, parents, code) => {
    const on = base();
    expect(codeOf(() => on.mkdir(path, { parents }))).toBe(code);
    expect(on.upper.size).toBe(0);
  });
});

describe('removing', () => {
  it('leaves a whiteout only where the image has the path', () => {
    const on = base();
    on.write('etc/mine', 'x');
    on.rm('etc/mine');
    on.rm('etc/motd');
    on.rm('usr');
    expect(on.layer()).toEqual(['-usr', 'etc/', 'etc/-motd']);
    on.mkdir('srv');
    on.write('srv/x', '');
    on.rm('srv');
    expect(on.layer()).toEqual(['-usr', 'etc/', 'etc/-motd']);
  });

  it('removes a symlink and not what it points at', () => {
    const on = base();
    on.rm('lib');
    expect(on.layer()).toEqual(['-lib']);
    expect(on.seen()).toContain('usr/lib/a=A');
  });

  it('a directory made again shows nothing of the old one', () => {
    const on = base();
    on.write('usr/lib/mine', 'x');
    on.rm('usr');
    on.mkdir('usr');
    expect(on.layer()).toEqual(['usr/', 'usr/-lib']);
    on.mkdir('usr/lib');
    on.write('usr/lib/sub', 'now a file');
    expect(on.layer()).toEqual(['usr/', 'usr/lib/', 'usr/lib/-a', 'usr/lib/sub=now a file']);
    expect(on.seen()).toEqual(expect.arrayContaining(['usr/', 'usr/lib/', 'usr/lib/sub=now a file']));
    expect(on.seen()).not.toContain('usr/lib/a=A');
  });

  it.each([
    ['none', 'PATH_NOT_FOUND'],
    ['', 'INVALID_ARGUMENT'],
    ['etc/motd/x', 'PATH_NOT_DIRECTORY'],
    ['none/x', 'PATH_NOT_FOUND'],
  ])('%s is refused with %s', (path, code) => {
    expect(codeOf(() => base().rm(path))).toBe(code);
  });

  it('cannot remove twice', () => {
    const on = base();
    on.rm('etc/motd');
    expect(codeOf(() => on.rm('etc/motd'))).toBe('PATH_NOT_FOUND');
  });
});

describe('moving', () => {
  it('a file of the image becomes a whiteout and a copy that has not been read', () => {
    const on = base();
    on.mv('etc/passwd', 'usr/shadow');
    expect(on.layer()).toEqual(['etc/', 'etc/-passwd', 'usr/', 'usr/shadow=root']);
    expect(on.at('usr/shadow')).toMatchObject({ mode: 0o640, uid: 1, mtime: { sec: 5 }, content: { from: 'layer' } });
  });

  it('a directory of the image goes with all that is in it, times kept', () => {
    const on = base();
    on.write('usr/lib/sub/new', 'N');
    on.rm('usr/lib/a');
    on.mv('usr/lib', 'opt');
    expect(on.layer()).toEqual(['opt/', 'opt/sub/', 'opt/sub/b=B', 'opt/sub/new=N', 'usr/', 'usr/-lib']);
    expect(on.at('opt')).toMatchObject({ mode: 0o711, mtime: { sec: FIRST_EDIT + 1 } });
    expect(on.at('opt/sub').mtime.sec).toBe(FIRST_EDIT);
    expect(on.at('opt/sub/b').mtime.sec).toBe(5);
  });

  it('back to where it was', () => {
    const on = base();
    on.mv('usr', 'usr2');
    on.mv('usr2', 'usr');
    expect(on.seen().filter((path) => path.startsWith('usr'))).toEqual([
      'usr/',
      'usr/lib/',
      'usr/lib/a=A',
      'usr/lib/sub/',
      'usr/lib/sub/b=B',
    ]);
    expect(on.changes()).toEqual([]);
  });

  it('replaces a file by a file and an empty directory by a directory', () => {
    const on = base();
    on.mv('etc/motd', 'usr/lib/a');
    on.mkdir('empty');
    on.mv('usr', 'empty');
    expect(on.layer()).toEqual([
      '-usr',
      'empty/',
      'empty/lib/',
      'empty/lib/a=hello',
      'empty/lib/sub/',
      'empty/lib/sub/b=B',
      'etc/',
      'etc/-motd',
    ]);
  });

  it('onto a directory of the image that was emptied, hides what the image has there', () => {
    const on = base();
    on.rm('usr/lib/a');
    on.rm('usr/lib/sub');
    on.mv('etc', 'usr/lib');
    expect(on.layer()).toEqual([
      '-etc',
      'usr/',
      'usr/lib/',
      'usr/lib/-a',
      'usr/lib/-sub',
      'usr/lib/motd=hello',
      'usr/lib/passwd=root',
    ]);
  });

  it('moves a symlink itself', () => {
    const on = base();
    on.mv('lib', 'usr/lib64');
    expect(on.layer()).toEqual(['-lib', 'usr/', 'usr/lib64->usr/lib']);
  });

  it('keeps hard links that move together, and parts those that do not', () => {
    const links = [dir('d'), file('d/a', 'x'), hardlink('d/b', 'd/a'), hardlink('c', 'd/a')];
    const on = layerOn(links);
    on.mv('d', 'e');
    expect(on.layer()).toEqual(['-d', 'e/', 'e/a=x', 'e/b=>e/a']);
    on.set('e/b', { mode: 0o600 });
    expect([on.at('e/a').mode, on.at('c').mode]).toEqual([0o600, 0o644]);
    on.write('e/a', 'y');
    expect(on.layer()).toEqual(['-d', 'e/', 'e/a=y', 'e/b=>e/a']);
    on.mv('e/a', 'e/b');
    expect(on.layer()).toEqual(['-d', 'e/', 'e/a=y', 'e/b=>e/a']);
    on.rm('e/a');
    expect(on.layer()).toEqual(['-d', 'e/', 'e/b=y']);
  });

  it('to the same path does nothing', () => {
    const on = base();
    on.mv('etc/motd', 'etc/motd');
    on.mv('lib/a', 'usr/lib/a');
    expect(on.upper.size).toBe(0);
  });

  it.each([
    ['etc', 'usr', 'PATH_EXISTS'],
    ['etc', 'etc/sub', 'INVALID_ARGUMENT'],
    ['usr/lib', 'lib/x', 'INVALID_ARGUMENT'],
    ['usr/lib', 'usr', 'PATH_EXISTS'],
    ['etc', 'abs', 'PATH_NOT_DIRECTORY'],
    ['etc/motd', 'usr', 'PATH_IS_DIRECTORY'],
    ['none', 'x', 'PATH_NOT_FOUND'],
    ['etc', 'none/x', 'PATH_NOT_FOUND'],
    ['etc', 'etc/motd/x', 'PATH_NOT_DIRECTORY'],
    ['', 'x', 'INVALID_ARGUMENT'],
    ['etc', '', 'INVALID_ARGUMENT'],
    ['etc', '.wh.etc', 'PATH_RESERVED'],
  ])('%s to %s is refused with %s and changes nothing', (from, to, code) => {
    const on = base();
    expect(codeOf(() => on.mv(from, to))).toBe(code);
    expect(on.upper.size).toBe(0);
  });
});

describe('attributes', () => {
  it('change without a byte being copied, and the time stays', () => {
    const on = base();
    on.set('etc/passwd', { mode: 0o600 });
    expect(on.at('etc/passwd')).toMatchObject({ mode: 0o600, uid: 1, mtime: { sec: 5 }, content: { from: 'layer' } });
    expect(on.at('etc').mtime.sec).toBe(5);
    expect(on.layer()).toEqual(['etc/', 'etc/passwd=root']);
  });

  it('with recursive, change everything below; symlinks get an owner and keep their mode', () => {
    const on = base();
    on.ln('a', 'usr/lib/s');
    on.set('usr', { mode: 0o700, uid: 7, recursive: true });
    for (const path of ['usr', 'usr/lib', 'usr/lib/a', 'usr/lib/sub/b'])
      expect(on.at(path)).toMatchObject({ mode: 0o700, uid: 7, gid: 0 });
    expect(on.at('usr/lib/s')).toMatchObject({ mode: 0o777, uid: 7 });
    on.set('', { gid: 9, recursive: true });
    expect(on.at('etc/motd')).toMatchObject({ gid: 9, uid: 0 });
  });

  it('of a symlink are its own', () => {
    const on = base();
    on.set('lib', { uid: 3 });
    expect(on.layer()).toEqual(['lib->usr/lib']);
    expect(codeOf(() => on.set('lib', { mode: 0o600 }))).toBe('INVALID_ARGUMENT');
  });

  it('chown takes set-user-ID and capabilities away, chmod with it may give them back', () => {
    const on = layerOn([file('su', 's', { mode: 0o6755, xattrs: { 'security.capability': 'c' } })]);
    on.set('su', { uid: 0 });
    expect(on.at('su').mode).toBe(0o755);
    expect(on.at('su').xattrs.size).toBe(0);
    on.set('su', { uid: 5, mode: 0o4755 });
    expect(on.at('su').mode).toBe(0o4755);
  });

  it('of one name of a lower hard link change that name alone, as on an overlay', () => {
    const on = layerOn([file('a', 'x'), hardlink('b', 'a')]);
    on.set('b', { mode: 0o600 });
    expect(on.layer()).toEqual(['b=x']);
    expect(on.at('a').mode).toBe(0o644);
  });

  it('that are the same already change nothing', () => {
    const on = base();
    on.set('etc/passwd', { mode: 0o640, uid: 1 });
    expect(on.upper.size).toBe(0);
  });

  it.each([
    ['none', { mode: 0o600 }, 'PATH_NOT_FOUND'],
    ['', { mode: 0o700 }, 'INVALID_ARGUMENT'],
    ['etc', { mode: 0o10000 }, 'INVALID_ARGUMENT'],
    ['etc', { uid: -1 }, 'INVALID_ARGUMENT'],
    ['etc', { uid: 0xffff_ffff }, 'INVALID_ARGUMENT'],
    ['etc', { gid: 1.5 }, 'INVALID_ARGUMENT'],
  ])('%s with %o is refused with %s', (path, change, code) => {
    expect(codeOf(() => base().set(path, change))).toBe(code);
  });
});

describe('symlinks', () => {
  it('keep their target byte for byte', () => {
    const on = base();
    on.ln('../..//x/ü', 'etc/s');
    expect(on.layer()).toEqual(['etc/', 'etc/s->../..//x/ü']);
  });

  it.each([
    ['t', 'lib', 'PATH_EXISTS'],
    ['', 'new', 'INVALID_ARGUMENT'],
    ['t'.repeat(4096), 'new', 'INVALID_ARGUMENT'],
    ['t', 'none/x', 'PATH_NOT_FOUND'],
  ])('%.10s at %s is refused with %s', (target, path, code) => {
    expect(codeOf(() => base().ln(target, path))).toBe(code);
  });
});

describe('an edit that fails in the middle', () => {
  it('leaves the layer as it was, hard links included', () => {
    const on = layerOn([dir('d'), file('d/a', 'x'), hardlink('d/b', 'd/a')]);
    on.mv('d', 'e');
    const before = on.layer();
    expect(codeOf(() => on.mkdir('e/x/y/.wh.z', { parents: true }))).toBe('PATH_RESERVED');
    expect(on.layer()).toEqual(before);
    on.set('e/a', { mode: 0o600 });
    expect(on.at('e/b').mode).toBe(0o600);
  });
});

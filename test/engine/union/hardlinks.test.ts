/** Conformance cases L*, N*, M* of the layer semantics, profile `spec`, as far as they concern the merge. */
import { describe, expect, it } from 'vitest';
import { char, dir, fifo, file, hardlink, symlink, whiteout } from '../../support/tar-builder';
import { codes, faultOf, stack, type Stack } from '../../support/tree-text';

const names = ({ tree, node }: Stack, path: string, upTo?: number) => tree.namesOf(node(path), upTo);

describe('hard links', () => {
  it('L1: attributes on the link are those of the object, under all its names', () => {
    const one = stack([
      file('a', '1', { mode: 0o600 }),
      hardlink('b', 'a', { mode: 0o777, uid: 7, mtime: 9, xattrs: { 'user.x': 'y' } }),
    ]);
    expect(names(one, 'a')).toEqual(['a', 'b']);
    for (const path of ['a', 'b']) {
      expect(one.state(path)).toMatchObject({ type: 'file', mode: 0o777, uid: 7, gid: 0, mtime: { sec: 9, nsec: 0 } });
      expect([...one.state(path).xattrs.keys()]).toEqual(['user.x']);
      expect(one.state(path).content).toMatchObject({ layer: 0, position: 0, size: 1 });
    }
    expect(one.show()).toEqual(['a=1', 'b=1']);
    expect(codes(one.tree)).toEqual(['0 HARDLINK_META_DIFFERS b']);
  });

  it('L2: a link to something that comes later is refused', () => {
    const fault = faultOf([hardlink('b', 'a'), file('a', '1')]);
    expect(fault).toMatchObject({ code: 'LAYER_INVALID', subject: '/b' });
    expect(fault.message).toContain('is a hard link to “/a”');
    expect(fault.message).toContain('HARDLINK_FORWARD');
  });

  it('L3: a link to a file of a lower layer shares it, with a diagnostic', () => {
    const two = stack([file('a', '1')], [hardlink('b', 'a')]);
    expect(two.show()).toEqual(['a=1', 'b=1']);
    expect([names(two, 'a', 0), names(two, 'a'), names(two, 'b')]).toEqual([['a'], ['a', 'b'], ['a', 'b']]);
    expect(two.node('a').versions).toHaveLength(1);
    expect(codes(two.tree)).toEqual(['1 HARDLINK_LOWER b']);
  });

  it('L3: other attributes on such a link are a new version of all names, and layers below keep the old ones', () => {
    const two = stack(
      [file('a', '1', { mode: 0o600 }), hardlink('c', 'a', { mode: 0o600 })],
      [hardlink('b', 'a', { mode: 0o640 })],
    );
    expect(['a', 'b', 'c'].map((path) => two.state(path).mode)).toEqual([0o640, 0o640, 0o640]);
    expect([two.state('a', 0).mode, two.state('c', 0).mode]).toEqual([0o600, 0o600]);
    expect([names(two, 'a', 0), names(two, 'a', 1)]).toEqual([
      ['a', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(two.node('c').versions).toMatchObject([{ endLayer: 1, endReason: 'replaced' }, { layer: 1 }]);
    expect(two.state('b').content).toMatchObject({ layer: 0, position: 0 });
  });

  it('L3: names that only got new attributes were not written by the layer, so it may still replace them', () => {
    const lower = [file('a', '1', { mode: 0o600 })];
    const two = stack(lower, [hardlink('b', 'a', { mode: 0o640 }), file('a/x', 'x')]);
    expect(two.show()).toEqual(['a/', 'a/x=x', 'b=1']);
    expect(two.node('a').versions).toMatchObject([
      { layer: 0, endLayer: 1 },
      { layer: 1, type: 'dir' },
    ]);
    expect(codes(stack(lower, [hardlink('b', 'a', { mode: 0o640 }), file('a', '2')]).tree)).not.toContain(
      '1 DUP_ENTRY a',
    );
  });

  it('L4: absolute and dotted targets are the same path', () => {
    expect(names(stack([file('a', '1'), hardlink('b', '/a'), hardlink('c', './a')]), 'a')).toEqual(['a', 'b', 'c']);
  });

  it('L5: a link to a symlink is a second name of the symlink', () => {
    const one = stack([file('a', '1'), symlink('s', 'a'), hardlink('h', 's', { mode: 0o777 })]);
    expect(one.show()).toEqual(['a=1', 'h->a', 's->a']);
    expect(names(one, 'h')).toEqual(['h', 's']);
    expect(codes(one.tree)).toEqual([]);
  });

  it('L6: a link to a directory is refused', () => {
    expect(faultOf([dir('d'), hardlink('h', 'd')]).message).toContain('HARDLINK_TO_DIR');
    expect(faultOf([hardlink('h', '/')]).message).toContain('HARDLINK_TO_DIR');
  });

  it('L7: replacing one name leaves the other with the old content, alone', () => {
    const two = stack([file('a', '1'), hardlink('b', 'a')], [file('a', '2')]);
    expect(two.show()).toEqual(['a=2', 'b=1']);
    expect([names(two, 'b', 0), names(two, 'b')]).toEqual([['a', 'b'], ['b']]);
  });

  it('L9: a link keeps what it linked to when the target is written again in the same layer', () => {
    const one = stack([file('a', '1'), hardlink('b', 'a'), file('a', '2')]);
    expect(one.show()).toEqual(['a=2', 'b=1']);
    expect(names(one, 'b')).toEqual(['b']);
    expect(codes(one.tree)).toEqual(['0 DUP_ENTRY a']);
  });

  it('L11: a link after the new target links to the new one', () => {
    const two = stack([file('a', 'old'), file('b', 'oldb')], [file('a', 'new'), hardlink('b', 'a')]);
    expect(two.show()).toEqual(['a=new', 'b=new']);
    expect(names(two, 'a')).toEqual(['a', 'b']);
  });

  it('rule 46: a link before the new target links to the old one', () => {
    const two = stack([file('a', 'old')], [hardlink('b', 'a'), file('a', 'new')]);
    expect(two.show()).toEqual(['a=new', 'b=old']);
  });

  it('L12: symlinks on the way to the target are followed', () => {
    const one = stack([dir('r'), file('r/f', '1'), symlink('s', 'r'), hardlink('h', 's/f')]);
    expect(one.show()).toEqual(['h=1', 'r/', 'r/f=1', 's->r']);
    expect(names(one, 'h')).toEqual(['h', 'r/f']);
  });

  it('L13: a target outside the image is a target that does not exist', () => {
    expect(faultOf([hardlink('b', '../../../../etc/hostname')]).message).toContain('HARDLINK_FORWARD');
  });

  it('L14: devices and fifos may have several names', () => {
    const one = stack([char('n', 1, 3), hardlink('n2', 'n'), fifo('p'), hardlink('p2', 'p')]);
    expect(one.show()).toEqual(['n:c1,3', 'n2:c1,3', 'p|', 'p2|']);
    expect([names(one, 'n'), names(one, 'p')]).toEqual([
      ['n', 'n2'],
      ['p', 'p2'],
    ]);
  });

  it.each([
    ['itself', [file('a', '1'), hardlink('a', 'a')], 'HARDLINK_TO_SELF'],
    ['nothing, itself', [hardlink('a', 'a')], 'HARDLINK_FORWARD'],
    ['something below itself', [dir('d'), file('d/x', '1'), hardlink('d', 'd/x')], 'HARDLINK_FORWARD'],
    ['something in a missing directory', [hardlink('h', 'no/where')], 'HARDLINK_FORWARD'],
  ])('rule 45: a link to %s is refused', (_name, layer, fault) => {
    expect(faultOf(layer).message).toContain(fault);
  });

  it('a link to what the same layer hides is refused: the whiteout comes first', () => {
    expect(faultOf([file('a', '1')], [hardlink('b', 'a'), whiteout('a')]).message).toContain('HARDLINK_FORWARD');
  });
});

describe('names', () => {
  it('N1: spellings of a path are one path', () => {
    const one = stack([
      file('./a', 'x'),
      file('/b', 'x'),
      file('.//c', 'x'),
      dir('./d//'),
      file('d/./e', 'x'),
      file('d/../f', 'x'),
    ]);
    expect(one.show()).toEqual(['a=x', 'b=x', 'c=x', 'd/', 'd/e=x', 'f=x']);
  });

  it('N3: names that differ in case are different files, with a diagnostic', () => {
    const one = stack([file('A', 'x'), file('a', 'x'), dir('Dir'), dir('dir')]);
    expect(one.show()).toEqual(['A=x', 'Dir/', 'a=x', 'dir/']);
    expect(codes(one.tree)).toEqual(['0 CASE_COLLISION a', '0 CASE_COLLISION dir']);
  });

  it('N4: bytes are kept, and composed and decomposed letters are different files, with a diagnostic', () => {
    const one = stack([file(Buffer.from('caf\xe9', 'latin1'), 'x'), file('caf\u00e9', 'x'), file('cafe\u0301', 'x')]);
    expect(one.show()).toEqual(['cafe\u0301=x', 'caf\u00e9=x', 'caf\\xe9=x']);
    expect(codes(one.tree)).toEqual(['0 NFC_NFD_COLLISION caf\u00e9']);
  });

  it('N5: any other byte is a name like all', () => {
    const odd = ['a\\b', 'nl\nx', ' sp ', 't:e', '__proto__', 'constructor'];
    const one = stack(odd.map((name) => file(name, 'x')));
    expect(new Set(one.show())).toEqual(new Set(odd.map((name) => `${name}=x`)));
  });
});

describe('metadata', () => {
  it('M1–M4: owners, times, modes and extended attributes are those of the entry', () => {
    const one = stack([
      file('u', '', { uid: 8388608, gid: 2 ** 31 }),
      file('v', '', { uid: 2 ** 32 - 2, mtime: { sec: -5, nsec: 500_000_000 } }),
      file('a', '', { mode: 0o6755, uid: 5, gid: 6 }),
      dir('d', { mode: 0o3777 }),
      symlink('s', 'x', { mode: 0o600, uid: 5, gid: 6, mtime: 3 }),
      file('c', '', { xattrs: { 'security.capability': Buffer.from([1, 0, 0, 2]) } }),
    ]);
    expect(one.state('u')).toMatchObject({ uid: 8388608, gid: 2 ** 31 });
    expect(one.state('v')).toMatchObject({ uid: 2 ** 32 - 2, mtime: { sec: -5, nsec: 500_000_000 } });
    expect(one.state('a').mode).toBe(0o6755);
    expect(one.state('d').mode).toBe(0o3777);
    expect(one.state('s')).toMatchObject({ mode: 0o777, uid: 5, gid: 6, mtime: { sec: 3, nsec: 0 } });
    expect(one.state('c').xattrs.get('security.capability')).toEqual(Buffer.from([1, 0, 0, 2]));
  });
});

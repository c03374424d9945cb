/** Conformance cases T*, P*, D* of the layer semantics, profile `spec`: replacing, parents, symlinked parents, duplicates. */
import { describe, expect, it } from 'vitest';
import { dir, file, symlink, whiteout, type EntryPart } from '../../support/tar-builder';
import { codes, faultOf, stack } from '../../support/tree-text';

const x = (name: string) => file(name, 'x');

describe('replacement and type changes', () => {
  it('T1: a file over a directory removes all that was in it', () => {
    const { show, node } = stack([dir('d'), x('d/x'), dir('d/s'), x('d/s/y')], [file('d', 'file')]);
    expect(show()).toEqual(['d=file']);
    expect(node('d').versions).toMatchObject([{ endLayer: 1, endReason: 'replaced' }, { layer: 1 }]);
    expect(node('d/s/y').versions).toMatchObject([{ endLayer: 1, endReason: 'parent' }]);
  });

  it('T2: a directory over a file', () => {
    expect(stack([file('d', 'file')], [dir('d'), x('d/n')]).show()).toEqual(['d/', 'd/n=x']);
  });

  it('T3: a directory over a symlink to a directory replaces the link', () => {
    const { show } = stack([dir('real'), x('real/a'), symlink('ln', 'real')], [dir('ln'), x('ln/b')]);
    expect(show()).toEqual(['ln/', 'ln/b=x', 'real/', 'real/a=x']);
  });

  it('T4: a path may change its type in every layer', () => {
    const { show } = stack([file('p', 'f')], [dir('p'), x('p/q')], [file('p', 'g')]);
    expect([show(0), show(1), show(2)]).toEqual([['p=f'], ['p/', 'p/q=x'], ['p=g']]);
  });

  it('T5: a directory over a directory brings all its attributes and keeps the children', () => {
    const { show, state } = stack(
      [dir('d', { mode: 0o700, uid: 1, gid: 2, mtime: 100, xattrs: { 'user.old': 'gone' } }), x('d/a')],
      [dir('d', { mode: 0o1777, uid: 3, mtime: 105 })],
    );
    expect(show()).toEqual(['d/', 'd/a=x']);
    expect(state('d')).toMatchObject({ mode: 0o1777, uid: 3, gid: 0, mtime: { sec: 105, nsec: 0 } });
    expect(state('d').xattrs.size).toBe(0);
  });

  it('T6: a directory that a layer only writes into keeps its attributes, with a diagnostic', () => {
    const { show, state, tree } = stack([dir('d', { mode: 0o700, uid: 1, gid: 2, mtime: 9 }), x('d/a')], [x('d/b')]);
    expect(show()).toEqual(['d/', 'd/a=x', 'd/b=x']);
    expect(state('d')).toMatchObject({ mode: 0o700, uid: 1, gid: 2, mtime: { sec: 9, nsec: 0 } });
    expect(codes(tree)).toEqual(['1 IMPLIED_PARENT_EXISTS d']);
  });

  it('T7: parents without entries are made, 0755 and owned by root', () => {
    const { show, state, tree } = stack([x('x/y/z')]);
    expect(show()).toEqual(['x/', 'x/y/', 'x/y/z=x']);
    expect(state('x/y')).toMatchObject({ mode: 0o755, uid: 0, gid: 0, mtime: { sec: 0, nsec: 0 }, implied: true });
    expect(codes(tree)).toEqual(['0 IMPLIED_PARENT_NEW x']);
  });

  it('T7: an entry that comes later in the layer gives such a parent its attributes', () => {
    const { state, tree } = stack([x('x/y/z'), dir('x', { mode: 0o711 }), dir('x/y', { mode: 0o700 })]);
    expect(state('x')).toMatchObject({ mode: 0o711, implied: false });
    expect(state('x/y')).toMatchObject({ mode: 0o700, implied: false });
    expect(codes(tree)).toEqual([]);
  });

  it('T9: a file that the same layer uses as a directory is refused', () => {
    const fault = faultOf([x('f'), x('f/b')]);
    expect(fault).toMatchObject({ code: 'LAYER_INVALID', subject: '/f' });
    expect(fault.message).toContain('PARENT_NOT_DIR');
  });

  it('rule 36: a file of a lower layer that is used as a directory becomes one, with a diagnostic', () => {
    const { show, tree } = stack([file('f', 'old')], [x('f/b')]);
    expect(show()).toEqual(['f/', 'f/b=x']);
    expect(codes(tree)).toEqual(['1 PARENT_REPLACED f', '1 IMPLIED_PARENT_NEW f']);
  });

  it('T11: a symlink over a directory hides its children; what the layer writes beside it stays', () => {
    const { show } = stack(
      [dir('lib'), x('lib/a'), dir('usr'), dir('usr/lib')],
      [symlink('lib', 'usr/lib'), x('usr/lib/b')],
    );
    expect(show()).toEqual(['lib->usr/lib', 'usr/', 'usr/lib/', 'usr/lib/b=x']);
  });
});

describe('symlinked parents', () => {
  const lower: EntryPart[] = [dir('usr'), dir('usr/lib'), x('usr/lib/a'), symlink('lib', 'usr/lib')];

  it('P1: an entry below a symlink of a lower layer goes through it, with a diagnostic', () => {
    const { show, tree } = stack(lower, [x('lib/b')]);
    expect(show()).toEqual(['lib->usr/lib', 'usr/', 'usr/lib/', 'usr/lib/a=x', 'usr/lib/b=x']);
    expect(codes(tree)).toEqual(['1 THROUGH_LOWER_SYMLINK lib']);
  });

  it.each(['usr/lib', '/usr/lib', './usr/../usr/lib/'])(
    'P3: a symlink to “%s” of the same layer is followed',
    (target) => {
      const { show, tree } = stack([dir('usr'), dir('usr/lib'), symlink('lib', target), x('lib/b')]);
      expect(show()).toEqual([`lib->${target}`, 'usr/', 'usr/lib/', 'usr/lib/b=x']);
      expect(codes(tree)).toEqual([]);
    },
  );

  it('P4: a whiteout below a symlink hides what the link leads to', () => {
    const { show, node } = stack(lower, [whiteout('lib/a')]);
    expect(show()).toEqual(['lib->usr/lib', 'usr/', 'usr/lib/']);
    expect(node('usr/lib/a').marks).toEqual([{ layer: 1, kind: 'whiteout' }]);
  });

  it('P5: a directory entry replaces the link, then its children are its own', () => {
    const { show } = stack(lower, [dir('lib'), x('lib/b')]);
    expect(show()).toEqual(['lib/', 'lib/b=x', 'usr/', 'usr/lib/', 'usr/lib/a=x']);
  });

  it('P6: a symlink that leads nowhere as parent makes the directory it names', () => {
    const { show, tree } = stack([symlink('lib', 'nowhere')], [x('lib/b')]);
    expect(show()).toEqual(['lib->nowhere', 'nowhere/', 'nowhere/b=x']);
    expect(codes(tree)).toContain('1 THROUGH_DANGLING_SYMLINK lib');
  });

  it('P7: a symlink that climbs out of the image is stopped at its root', () => {
    const { show, tree } = stack([symlink('e', '../../../../tmp/esc'), x('e/pwn')]);
    expect(show()).toEqual(['e->../../../../tmp/esc', 'tmp/', 'tmp/esc/', 'tmp/esc/pwn=x']);
    expect(codes(tree)).toContain('0 DOTDOT_CLAMPED e');
  });

  it('a symlink made later in the layer does not change where earlier entries went', () => {
    const { show } = stack([dir('a'), x('a/1'), symlink('a', 'b'), x('a/2')]);
    expect(show()).toEqual(['a->b', 'b/', 'b/2=x']);
  });

  it.each([
    ['one link', [symlink('l', 'l'), x('l/x')]],
    ['two links', [symlink('a', 'b'), symlink('b', 'a'), x('a/x')]],
  ])('rule 42: %s in a circle as parent is refused', (_name, layer) => {
    const fault = faultOf(layer);
    expect(fault.code).toBe('LAYER_INVALID');
    expect(fault.message).toContain('SYMLINK_LOOP');
  });
});

describe('duplicates', () => {
  it('D1: the last one counts, with a diagnostic', () => {
    const { show, node, tree } = stack([file('a', '1'), file('a', '22')]);
    expect(show()).toEqual(['a=22']);
    expect(node('a').versions).toHaveLength(1);
    expect(codes(tree)).toEqual(['0 DUP_ENTRY a']);
  });

  it('D3: a directory twice keeps its children and has the last attributes', () => {
    const { show, state, tree } = stack([dir('a', { mode: 0o700 }), x('a/b'), dir('a', { mode: 0o711 })]);
    expect(show()).toEqual(['a/', 'a/b=x']);
    expect(state('a').mode).toBe(0o711);
    expect(codes(tree)).toEqual(['0 DUP_ENTRY a']);
  });

  it('rule 31: a directory that the same layer makes a file loses its children without a trace', () => {
    const { show, node } = stack([dir('a'), x('a/b'), file('a', 'f')]);
    expect(show()).toEqual(['a=f']);
    expect(node('a/b').versions).toEqual([]);
  });
});

describe('the root', () => {
  it('rule 53: the topmost root entry gives it its attributes', () => {
    const { state } = stack([dir('./', { mode: 0o700, uid: 1 })], [x('a')], [dir('/', { mode: 0o750 })], [x('b')]);
    expect([state('/', 0).mode, state('/', 1).mode, state('/', 3).mode]).toEqual([0o700, 0o700, 0o750]);
    expect(state('/', 3).uid).toBe(0);
  });

  it('rule 53: without a root entry it is 0755 and owned by root', () => {
    expect(stack([x('a')]).state('/')).toMatchObject({ type: 'dir', mode: 0o755, uid: 0, gid: 0, implied: true });
    expect(stack().state('/')).toMatchObject({ type: 'dir', mode: 0o755 });
  });

  it.each([file('./', 'x'), symlink('.', '/etc')])('N10: as a $type it is refused', (entry) => {
    const fault = faultOf([entry]);
    expect(fault.code).toBe('LAYER_INVALID');
    expect(fault.message).toContain('ROOT_NOT_DIR');
  });
});

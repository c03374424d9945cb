/** Conformance cases W* and O* of the layer semantics, profile `spec`. */
import { describe, expect, it } from 'vitest';
import type { fromText } from '../../../src-main/engine/path/byte-string';
import { char, dir, file, hardlink, opaque, symlink, whiteout } from '../../support/tar-builder';
import { codes, faultOf, stack } from '../../support/tree-text';

const x = (name: string) => file(name, 'x');

describe('whiteouts', () => {
  it('W1: the textbook image shows what is left, and a directory keeps its attributes when only its children change', () => {
    const { show, state } = stack(
      [x('file1'), dir('a', { mode: 0o700, uid: 5 }), x('a/file2'), dir('b'), dir('c'), x('c/file3')],
      [whiteout('file1'), whiteout('a/file2'), whiteout('b'), x('file4')],
    );
    expect(show()).toEqual(['a/', 'c/', 'c/file3=x', 'file4=x']);
    expect(state('a')).toMatchObject({ mode: 0o700, uid: 5, implied: false });
  });

  it('W2: a file written after its whiteout in the same layer is kept, and what it hid is of the layer below', () => {
    const { show, node, tree } = stack([file('a', 'old')], [whiteout('a'), file('a', 'new')]);
    expect(show()).toEqual(['a=new']);
    expect(node('a').versions).toMatchObject([
      { layer: 0, endLayer: 1, endReason: 'whiteout' },
      { layer: 1, endLayer: undefined },
    ]);
    expect(codes(tree)).toEqual([]);
  });

  it('W2 reversed: a file written before its whiteout in the same layer is kept as well, with a diagnostic', () => {
    const { show, tree } = stack([file('a', 'old')], [file('a', 'new'), whiteout('a')]);
    expect(show()).toEqual(['a=new']);
    expect(codes(tree)).toEqual(['1 WHITEOUT_AFTER_ENTRY a']);
  });

  it('W4: a whiteout and a new directory in one layer hide what the old directory had', () => {
    const { show, tree } = stack([dir('d'), x('d/old')], [whiteout('d'), dir('d'), x('d/new')]);
    expect(show()).toEqual(['d/', 'd/new=x']);
    expect(codes(tree)).toEqual(['1 WHITEOUT_AND_DIR_SAME_LAYER d']);
  });

  it('W6: a whiteout and a child of the same directory make the directory anew, without old children', () => {
    const { show, state, tree } = stack([dir('d', { mode: 0o700 }), x('d/old')], [whiteout('d'), x('d/new')]);
    expect(show()).toEqual(['d/', 'd/new=x']);
    expect(state('d')).toMatchObject({ implied: true, mode: 0o755, uid: 0, gid: 0 });
    expect(codes(tree)).toContain('1 WHITEOUT_AND_DIR_SAME_LAYER d');
  });

  it('W6 reversed: the directory may come before its whiteout', () => {
    const { show } = stack([dir('d'), x('d/old')], [dir('d'), x('d/new'), whiteout('d')]);
    expect(show()).toEqual(['d/', 'd/new=x']);
  });

  it('an opaque directory that takes the place of a symlink leaves alone what the symlink pointed to', () => {
    const lower = [dir('etc'), x('etc/passwd'), symlink('d', '/etc')];
    const { show } = stack(lower, [dir('d'), opaque('d'), x('d/own')]);
    expect(show()).toEqual(['d/', 'd/own=x', 'etc/', 'etc/passwd=x']);
  });

  it('a whiteout below a hidden symlink leaves alone what the symlink pointed to', () => {
    const lower = [dir('etc'), x('etc/passwd'), symlink('d', 'etc')];
    const { show } = stack(lower, [whiteout('d'), whiteout('d/passwd')]);
    expect(show()).toEqual(['etc/', 'etc/passwd=x']);
  });

  it('W7: a whiteout of nothing changes nothing, makes no parent, and leaves a mark', () => {
    const { show, node, tree } = stack([x('z')], [whiteout('nope'), whiteout('q/nope2')]);
    expect(show()).toEqual(['z=x']);
    expect(node('q').versions).toEqual([]);
    expect(node('q/nope2').marks).toEqual([{ layer: 1, kind: 'whiteout' }]);
    expect(codes(tree)).toEqual(['1 WHITEOUT_NO_TARGET nope', '1 WHITEOUT_NO_TARGET q/nope2']);
  });

  it('W9: type and content of a whiteout do not matter, its name does', () => {
    const { show, tree } = stack(
      [x('a'), x('b'), x('c')],
      [dir('.wh.a'), symlink('.wh.b', 'x'), file('.wh.c', 'content')],
    );
    expect(show()).toEqual([]);
    expect(codes(tree)).toEqual([
      '1 WHITEOUT_NONEMPTY .wh.a',
      '1 WHITEOUT_NONEMPTY .wh.b',
      '1 WHITEOUT_NONEMPTY .wh.c',
    ]);
  });

  it.each(['.wh.', 'd/.wh..', 'd/.wh...'])('W10: “%s” names nothing and the layer is refused', (name) => {
    const fault = faultOf([x('z')], [dir('d'), file(name)]);
    expect(fault.code).toBe('LAYER_INVALID');
    expect(fault.message).toContain(`Layer 2 cannot be applied: “/${name}”`);
    expect(fault.message).toContain('INVALID_WHITEOUT');
  });

  it('W11: an unknown name of AUFS is neither shown nor a whiteout of “.wh.foo”', () => {
    const { show, tree } = stack([x('z')], [file('.wh..wh.foo')]);
    expect(show()).toEqual(['z=x']);
    expect(codes(tree)).toEqual(['1 RESERVED_AUFS .wh..wh.foo']);
  });

  it('W11: files that AUFS kept for hard links appear under the names that link to them', () => {
    const { show, tree, node } = stack([
      dir('.wh..wh.plnk'),
      file('.wh..wh.plnk/1.2', 'kept'),
      file('.wh..wh.aufs'),
      hardlink('h', '.wh..wh.plnk/1.2'),
      hardlink('i', '.wh..wh.plnk/1.2'),
    ]);
    expect(show()).toEqual(['h=kept', 'i=kept']);
    expect(tree.namesOf(node('h'))).toEqual(['h', 'i']);
  });

  it('W13: whiteouts and opaque markers of the lowest layer hide nothing of it', () => {
    const { show } = stack([x('a'), whiteout('a'), whiteout('b'), opaque('d')]);
    expect(show()).toEqual(['a=x']);
  });

  it('W14: a path may be written again after it was hidden', () => {
    const { show, node } = stack([file('a', '1')], [whiteout('a')], [file('a', '3')]);
    expect([show(0), show(1), show()]).toEqual([['a=1'], [], ['a=3']]);
    expect(node('a').versions.map(({ layer, endLayer, endReason }) => [layer, endLayer, endReason])).toEqual([
      [0, 1, 'whiteout'],
      [2, undefined, undefined],
    ]);
  });

  it('W15: a directory made again after its whiteout starts empty; its old child went with it', () => {
    const { show, node } = stack([dir('d'), x('d/1')], [whiteout('d')], [dir('d'), x('d/3')]);
    expect(show()).toEqual(['d/', 'd/3=x']);
    expect(node('d/1').versions).toMatchObject([{ layer: 0, endLayer: 1, endReason: 'parent' }]);
  });

  it('W16: a whiteout tells upper from lower case', () => {
    expect(stack([x('Foo'), x('foo')], [whiteout('foo')]).show()).toEqual(['Foo=x']);
  });

  it('W17: what lies below a name kept for whiteouts is left out', () => {
    const { show, tree } = stack([x('a')], [x('.wh.a/x')]);
    expect(show()).toEqual(['a=x']);
    expect(codes(tree)).toEqual(['1 RESERVED_NAME .wh.a/x']);
  });

  it('W18: the longest name that can be hidden is hidden', () => {
    const name = 'n'.repeat(251);
    expect(stack([x(name)], [whiteout(name)]).show()).toEqual([]);
  });

  it('W20: a whiteout below a directory that became a file is ignored', () => {
    const { show, tree } = stack([dir('d2f'), x('d2f/x')], [file('d2f', 'f'), whiteout('d2f/x')]);
    expect(show()).toEqual(['d2f=f']);
    expect(codes(tree)).toEqual(['1 WHITEOUT_UNDER_NONDIR d2f/x']);
  });

  it('W21: a whiteout of what an earlier layer already hid shows no ghost', () => {
    const { show } = stack([dir('a'), x('a/x'), x('a/y')], [whiteout('a')], [dir('a'), x('a/z'), whiteout('a/x')]);
    expect(show()).toEqual(['a/', 'a/z=x']);
  });

  it('W22: a stale link target on a whiteout is not looked at', () => {
    const entry = { ...whiteout('del'), link: 'd/a' };
    expect(stack([x('del'), x('k')], [entry]).show()).toEqual(['k=x']);
    expect(stack([x('del'), x('k')], [hardlink('.wh.del', '.wh.other')]).show()).toEqual(['k=x']);
  });

  it('rule 8: whiteouts of a directory and of something in it may both be there', () => {
    const { show, node } = stack([dir('a'), dir('a/b'), x('a/b/c')], [whiteout('a/b/c'), whiteout('a')]);
    expect(show()).toEqual([]);
    expect(node('a/b/c').versions).toMatchObject([{ endReason: 'parent' }]);
  });
});

describe('opaque directories', () => {
  it('O1: hides everything the layers below had in the directory, at any depth', () => {
    const { show, node } = stack([dir('d'), x('d/old'), dir('d/s'), x('d/s/o')], [dir('d'), opaque('d'), x('d/new')]);
    expect(show()).toEqual(['d/', 'd/new=x']);
    expect(node('d').marks).toEqual([{ layer: 1, kind: 'opaque' }]);
    expect(node('d/old').versions).toMatchObject([{ endLayer: 1, endReason: 'opaque' }]);
    expect(node('d/s/o').versions).toMatchObject([{ endLayer: 1, endReason: 'parent' }]);
  });

  it('O2: the marker may come last', () => {
    const { show } = stack(
      [dir('d'), x('d/old'), dir('d/s'), x('d/s/o')],
      [dir('d'), x('d/new'), dir('d/s'), x('d/s/n'), opaque('d')],
    );
    expect(show()).toEqual(['d/', 'd/new=x', 'd/s/', 'd/s/n=x']);
  });

  it('O3: without an entry for the directory its attributes stay', () => {
    const { show, state } = stack([dir('d', { mode: 0o700, uid: 5 }), x('d/old')], [opaque('d')]);
    expect(show()).toEqual(['d/']);
    expect(state('d')).toMatchObject({ mode: 0o700, uid: 5, gid: 0 });
  });

  it('O4: at the root it hides all layers below', () => {
    const { show, tree } = stack([x('z'), dir('d'), x('d/x')], [opaque(''), x('n')]);
    expect(show()).toEqual(['n=x']);
    expect(codes(tree)).toEqual(['1 OPAQUE_AT_ROOT ']);
  });

  it('O6: a whiteout beside the marker adds nothing', () => {
    const { show, tree } = stack([dir('d'), x('d/old')], [dir('d'), opaque('d'), whiteout('d/old')]);
    expect(show()).toEqual(['d/']);
    expect(codes(tree)).toEqual(['1 OPAQUE_PLUS_WHITEOUT d/old']);
  });

  it('O7: a file below is replaced, because only a directory can be opaque', () => {
    expect(stack([file('d', 'file')], [dir('d'), opaque('d'), x('d/n')]).show()).toEqual(['d/', 'd/n=x']);
    expect(stack([file('d', 'file')], [opaque('d')]).show()).toEqual(['d/']);
  });

  it('O8: what a later layer adds to the directory is shown', () => {
    const layers = [
      [dir('a'), x('a/1')],
      [dir('a'), x('a/2')],
      [dir('a'), opaque('a')],
      [dir('a'), x('a/4')],
    ];
    expect(stack(...layers).show()).toEqual(['a/', 'a/4=x']);
  });

  it('O11: a character device 0:0 is a device, with a diagnostic', () => {
    const { show, tree } = stack([file('a', '1'), x('k')], [char('a', 0, 0), char('q', 0, 0)]);
    expect(show()).toEqual(['a:c0,0', 'k=x', 'q:c0,0']);
    expect(codes(tree)).toEqual(['1 CHARDEV_0_0 a', '1 CHARDEV_0_0 q']);
  });

  it('rule 20: alone, over nothing, it makes no directory', () => {
    expect(stack([x('z')], [opaque('d')]).show()).toEqual(['z=x']);
  });

  it('rule 25: attributes of overlay drivers make nothing opaque and are not shown', () => {
    const xattrs = { 'trusted.overlay.opaque': 'y', 'user.mine': 'kept' };
    const { show, state, tree } = stack([dir('d'), x('d/old')], [dir('d', { xattrs })]);
    expect(show()).toEqual(['d/', 'd/old=x']);
    expect([...state('d').xattrs.keys()]).toEqual(['user.mine']);
    expect(codes(tree)).toEqual(['1 XATTR_OVERLAY d']);
  });
});

describe('names', () => {
  it('a marker inside a name is no whiteout', () => {
    expect(stack([x('a.wh.b'), x('b')]).show()).toEqual(['a.wh.b=x', 'b=x']);
  });

  it('names that are not UTF-8 can be hidden', () => {
    const name = Buffer.from('caf\xe9', 'latin1');
    const hidden = Buffer.concat([Buffer.from('.wh.'), name]);
    const { tree } = stack([file(name, 'x')], [file(hidden)]);
    expect([...tree.walk()]).toEqual([]);
    expect(tree.root.children?.has('caf\xe9' as ReturnType<typeof fromText>)).toBe(true);
  });
});

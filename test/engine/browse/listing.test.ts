import { describe, expect, it } from 'vitest';
import { listEntries, type ListingOptions } from '../../../src-main/engine/browse/listing';
import { pathFromText } from '../../../src-main/engine/path/layer-path';
import { dir, file, opaque, whiteout } from '../../support/tar-builder';
import { stack } from '../../support/tree-text';

const { tree } = stack(
  [dir('etc'), file('etc/a', '1'), file('etc/b', '2'), dir('opt'), file('opt/x', '3'), file('z', '4')],
  [file('etc/a', '11'), whiteout('etc/b'), whiteout('never'), dir('opt'), opaque('opt'), file('new/deep', '5')],
);

function list(options: ListingOptions & { readonly at?: string } = {}): string[] {
  const from = options.at === undefined ? undefined : tree.nodeAt(pathFromText(options.at));
  return [...listEntries(tree, { ...options, from })].map(({ node, version, hidden, whiteout: kind }) => {
    const what = kind ?? `${version?.layer ?? '?'}`;
    return `${node.path} ${what}${hidden ? ' hidden' : ''}`;
  });
}

describe('listing a tree', () => {
  it('names what is in a directory, or all below it', () => {
    expect(list()).toEqual(['etc 0', 'new 1', 'opt 1', 'z 0']);
    expect(list({ recursive: true })).toEqual(['etc 0', 'etc/a 1', 'new 1', 'new/deep 1', 'opt 1', 'z 0']);
    expect(list({ at: 'etc' })).toEqual(['etc/a 1']);
    expect(list({ at: 'z' })).toEqual(['z 0']);
  });

  it('looks at the filesystem as of a layer', () => {
    expect(list({ recursive: true, upTo: 0 })).toEqual(['etc 0', 'etc/a 0', 'etc/b 0', 'opt 0', 'opt/x 0', 'z 0']);
  });

  it('adds every version that is hidden by then', () => {
    expect(list({ at: 'etc', hidden: true })).toEqual(['etc/a 1', 'etc/a 0 hidden', 'etc/b 0 hidden']);
    expect(list({ at: 'etc', hidden: true, upTo: 0 })).toEqual(['etc/a 0', 'etc/b 0']);
    expect(list({ at: 'opt/x', hidden: true })).toEqual(['opt/x 0 hidden']);
  });

  it('shows what one layer carries: its entries and its whiteouts, but no directory it only implies', () => {
    expect(list({ recursive: true, layer: 1 })).toEqual([
      'etc/a 1',
      'etc/b whiteout',
      'never whiteout',
      'new/deep 1',
      'opt opaque',
      'opt 1',
    ]);
    expect(list({ recursive: true, layer: 0 })).toEqual([
      'etc 0',
      'etc/a 0 hidden',
      'etc/b 0 hidden',
      'opt 0 hidden',
      'opt/x 0 hidden',
      'z 0',
    ]);
  });

  it('refuses a layer that is not there', () => {
    expect(() => list({ layer: 2 })).toThrow('There is no layer 3; the image has 2.');
    expect(() => list({ upTo: -1 })).toThrow('There is no layer 0');
  });
});

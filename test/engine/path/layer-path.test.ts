import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteString } from '../../../src-main/engine/path/byte-string';
import { kindOfName, normaliseName } from '../../../src-main/engine/path/layer-path';

/** The rule told plainly: take the components one by one. */
function plainly(name: string): string {
  const components: string[] = [];
  for (const component of name.split('/')) {
    if (component === '..') components.pop();
    else if (component !== '' && component !== '.') components.push(component);
  }
  return components.join('/');
}

describe('a name in normal form (rules 51, 52)', () => {
  it('is what its components say, whatever they are', () => {
    const component = fc.constantFrom('', '.', '..', '...', 'a', '.b', 'c.', '..d', '\n');
    fc.assert(
      fc.property(fc.array(component, { maxLength: 6 }), (components) => {
        const name = components.join('/') as ByteString;
        const normal = normaliseName(name);
        expect(normal.path).toBe(plainly(name));
        expect(normal.absolute).toBe(name.startsWith('/'));
        expect(normaliseName(normal.path)).toEqual({ path: normal.path, clamped: false, absolute: false });
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['../g', true],
    ['d/../../g', true],
    ['d/../g', false],
    ['..', true],
    ['a..', false],
  ])('of %s says whether it was kept inside the root', (name, clamped) => {
    expect(normaliseName(name as ByteString).clamped).toBe(clamped);
  });
});

describe('what a base name means (rules 1, 11, 15, 18)', () => {
  it.each([
    ['a', { kind: 'plain' }],
    ['.wh.a', { kind: 'whiteout', target: 'a' }],
    ['.wh..a', { kind: 'whiteout', target: '.a' }],
    ['.wh..wh..opq', { kind: 'opaque' }],
    ['.wh..wh.plnk', { kind: 'aufs' }],
    ['.wh.', { kind: 'invalid' }],
    ['.wh..', { kind: 'invalid' }],
    ['.wh...', { kind: 'invalid' }],
    ['.WH.a', { kind: 'plain' }],
  ])('%s', (name, kind) => {
    expect(kindOfName(name as ByteString)).toEqual(kind);
  });
});

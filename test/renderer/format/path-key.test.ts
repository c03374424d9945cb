import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childKey, keyText, parentKey } from '../../../src-renderer/format/path-key';

describe('path keys', () => {
  it('hold the bytes of a name, one in each character', () => {
    expect(childKey('etc', 'é')).toBe('etc/\u00c3\u00a9');
    expect(keyText('etc/\u00c3\u00a9')).toBe('/etc/é');
  });

  it('come back as the text they were made from', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        expect(keyText(childKey('', name))).toBe(`/${name}`);
        expect(parentKey(childKey('a/b', name.replaceAll('/', '')))).toBe('a/b');
      }),
    );
  });

  it('have the root above the first component', () => {
    expect(parentKey('etc')).toBe('');
    expect(keyText('')).toBe('/');
  });
});

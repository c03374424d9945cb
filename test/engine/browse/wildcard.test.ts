import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameMatcher, pathMatcher } from '../../../src-main/engine/browse/wildcard';

describe('patterns for names', () => {
  it.each([
    ['*.conf', 'app.conf', true],
    ['*.conf', 'app.conf.d', false],
    ['*', '', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*a*b*', 'xxaxxbxx', true],
    ['*b*a*', 'xxaxxbxx', false],
    ['lib?.so.*', 'libz.so.1', true],
    ['(a+)+$*', '(a+)+$!', true],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(nameMatcher(pattern)(name)).toBe(expected);
  });

  it('decides like the plain definition of a wildcard', () => {
    const plain = (pattern: string, name: string): boolean => {
      if (pattern === '') return name === '';
      if (pattern.startsWith('*'))
        return plain(pattern.slice(1), name) || (name !== '' && plain(pattern, name.slice(1)));
      return name !== '' && (pattern[0] === '?' || pattern[0] === name[0]) && plain(pattern.slice(1), name.slice(1));
    };
    const text = (letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text(['a', 'b', '*', '?']), text(['a', 'b']), (pattern, name) => {
        expect(nameMatcher(pattern)(name)).toBe(plain(pattern, name));
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes no longer for patterns that make others try everything again', () => {
    const started = performance.now();
    expect(nameMatcher('a*'.repeat(500) + 'b')('a'.repeat(60_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('patterns for paths', () => {
  it.each([
    ['etc/*.conf', 'etc/a.conf', true],
    ['/etc/*.conf', 'etc/a.conf', true],
    ['etc/*.conf', 'usr/etc/a.conf', false],
    ['etc/*.conf', 'etc/x/a.conf', false],
    ['**/a.conf', 'a.conf', true],
    ['**/a.conf', 'x/y/a.conf', true],
    ['usr/**', 'usr', true],
    ['usr/**', 'usr/lib/x', true],
    ['usr/**/bin/*', 'usr/local/bin/x', true],
    ['usr/**/bin/*', 'usr/bin/x', true],
    ['usr/**/bin/*', 'usr/bin/x/y', false],
    ['**/b/**/d', 'a/b/b/c/d', true],
    ['**/b/c/**/d', 'a/b/b/c/d', true],
    ['**/b/c/d', 'b/c/b/c/d', true],
    ['*/x', 'x', false],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(pathMatcher(pattern)(path.split('/'))).toBe(expected);
  });
});

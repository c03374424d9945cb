import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../src-main/engine/browse/filter';

function kinds(text: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parseFilter(text) ?? {})
      .map(([kind, terms]: [string, readonly unknown[]]) => [kind, terms.length] as const)
      .filter(([, count]) => count > 0),
  );
}

describe('the filter language', () => {
  it('asks for nothing when it is empty or a term is not finished', () => {
    for (const text of ['', '  ', 'size:', 'size:>', 'size:>=', 'layer:', 'layer:<', 'type:', '"']) {
      expect(parseFilter(text)).toBeUndefined();
    }
  });

  it('tells names, paths, patterns and facts apart', () => {
    expect(kinds('conf')).toEqual({ names: 1 });
    expect(kinds('*.conf')).toEqual({ names: 1 });
    expect(kinds('etc/app')).toEqual({ paths: 1 });
    expect(kinds('etc/*.conf')).toEqual({ patterns: 1 });
    expect(kinds('layer:3 size:>10M type:file changed: x')).toEqual({
      layers: 1,
      sizes: 1,
      types: 1,
      changes: 1,
      names: 1,
    });
  });

  it('takes what only looks like a fact as text', () => {
    expect(kinds('libc6:amd64 size:big layer:x')).toEqual({ names: 3 });
  });

  it('keeps a space inside quotes', () => {
    const filter = parseFilter('"my file" type:file');
    expect(filter?.names).toHaveLength(1);
    expect(filter?.names[0]?.('this is my file.txt')).toBe(true);
    expect(filter?.names[0]?.('my other file')).toBe(false);
  });

  it.each([
    ['size:>10M', 10_000_001, true],
    ['size:>10M', 10_000_000, false],
    ['size:>=10mib', 10_485_760, true],
    ['size:<1.5k', 1_499, true],
    ['size:<=4Ki', 4_097, false],
    ['size:0', 0, true],
    ['size:=12b', 12, true],
    ['layer:3', 3, true],
    ['layer:>2', 2, false],
  ])('%s on %i: %s', (text, value, expected) => {
    const filter = parseFilter(text);
    expect([...(filter?.sizes ?? []), ...(filter?.layers ?? [])].map((test) => test(value))).toEqual([expected]);
  });

  it('knows marks by their letter', () => {
    expect(parseFilter('changed: changed:a changed:M changed:deleted')?.changes).toEqual(['any', 'A', 'M', 'D']);
  });
});

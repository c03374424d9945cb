import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonTokens } from '../../../../src-renderer/components/inspect/json-tokens';
import { findHits, MOST_HITS, segments } from '../../../../src-renderer/components/inspect/text-search';

describe('colours of JSON', () => {
  it('tell keys, strings, numbers and literals apart', () => {
    expect(jsonTokens('  "Size": -12.5e3,')).toEqual([
      { kind: 'plain', text: '  ' },
      { kind: 'key', text: '"Size"' },
      { kind: 'plain', text: ': ' },
      { kind: 'number', text: '-12.5e3' },
      { kind: 'plain', text: ',' },
    ]);
    expect(jsonTokens('"a \\" b": null').map((token) => token.kind)).toEqual(['key', 'plain', 'literal']);
    expect(jsonTokens('"12 true"').map((token) => token.kind)).toEqual(['string']);
  });

  it('lose no character of any line', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = JSON.stringify(JSON.parse(json), null, 4);
        for (const line of text.split('\n')) {
          expect(
            jsonTokens(line)
              .map((token) => token.text)
              .join(''),
          ).toBe(line);
        }
      }),
    );
  });
});

describe('search in text', () => {
  it('finds every place, ignoring case, with its line', () => {
    expect(findHits(['Env', 'no', 'the ENV env'], 'env')).toEqual([
      { line: 0, start: 0, end: 3 },
      { line: 2, start: 4, end: 7 },
      { line: 2, start: 8, end: 11 },
    ]);
  });

  it('takes what is typed literally', () => {
    expect(findHits(['a.b', 'axb'], 'a.b')).toHaveLength(1);
    expect(findHits(['[x](y)'], '](')).toHaveLength(1);
    expect(findHits(['anything'], '')).toEqual([]);
  });

  it('stops at a number of hits that nobody steps through', () => {
    expect(findHits(['ab'.repeat(MOST_HITS + 5)], 'a')).toHaveLength(MOST_HITS);
  });

  it('marks hits across tokens, and the one it is at', () => {
    const tokens = jsonTokens('"Env": true');
    const hits = findHits(['"Env": true'], 'v": t');
    expect(segments(tokens, hits, hits[0])).toEqual([
      { kind: 'key', text: '"En', hit: 'none' },
      { kind: 'key', text: 'v"', hit: 'current' },
      { kind: 'plain', text: ': ', hit: 'current' },
      { kind: 'literal', text: 't', hit: 'current' },
      { kind: 'literal', text: 'rue', hit: 'none' },
    ]);
  });

  it('draws every line whole, whatever is searched', () => {
    fc.assert(
      fc.property(fc.json(), fc.string({ minLength: 1, maxLength: 3 }), (json, query) => {
        const hits = findHits([json], query);
        const drawn = segments(jsonTokens(json), hits, hits[0]);
        expect(drawn.map((segment) => segment.text).join('')).toBe(json);
      }),
    );
  });
});

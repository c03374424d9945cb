/** Search in lines of text, and the pieces that a line with colours and search hits is drawn from. */
import type { Token, TokenKind } from './json-tokens';

export interface Hit {
  /** Position in the list of lines, from 0. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface Segment {
  readonly kind: TokenKind;
  readonly text: string;
  readonly hit: 'none' | 'hit' | 'current';
}

/** More hits than this help nobody and only cost memory. */
export const MOST_HITS = 10_000;

/** All places of a text, ignoring case; in order, at most `MOST_HITS`. */
export function findHits(lines: readonly string[], query: string): Hit[] {
  if (query === '') return [];
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'giu');
  const hits: Hit[] = [];
  for (const [line, text] of lines.entries()) {
    for (const match of text.matchAll(pattern)) {
      hits.push({ line, start: match.index, end: match.index + match[0].length });
      if (hits.length === MOST_HITS) return hits;
    }
  }
  return hits;
}

/** Cuts the tokens of one line where hits begin and end. `hits` are those of the line, in order. */
export function segments(tokens: readonly Token[], hits: readonly Hit[], current: Hit | undefined): Segment[] {
  const out: Segment[] = [];
  let at = 0;
  for (const token of tokens) {
    const end = at + token.text.length;
    while (at < end) {
      const hit = hits.find((candidate) => candidate.end > at);
      const inside = hit !== undefined && hit.start <= at;
      const stop = Math.min(end, inside ? hit.end : (hit?.start ?? end));
      const state = inside ? (hit === current ? 'current' : 'hit') : 'none';
      out.push({
        kind: token.kind,
        text: token.text.slice(at - end + token.text.length, stop - end + token.text.length),
        hit: state,
      });
      at = stop;
    }
  }
  return out;
}

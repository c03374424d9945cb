/**
 * Colours for pretty-printed JSON, one line at a time: a string never spans lines there, so a line needs no context
 * and only the lines in view are looked at.
 */
export type TokenKind = 'key' | 'string' | 'number' | 'literal' | 'plain';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

export function jsonTokens(line: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(PARTS)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: line.slice(end, match.index) });
    const text = match[1] ?? match[0];
    tokens.push({ kind: kindOf(match), text });
    end = match.index + text.length;
  }
  if (end < line.length) tokens.push({ kind: 'plain', text: line.slice(end) });
  return tokens;
}

function kindOf(match: RegExpMatchArray): TokenKind {
  if (match[1] !== undefined) return match[2] === undefined ? 'string' : 'key';
  return match[3] === undefined ? 'literal' : 'number';
}

/**
 * Text cut into rows of one height for a virtual list. A line of a minified file can be megabytes long, and no browser
 * lays that out quickly, so long lines continue on further rows that carry no number.
 */
export interface DisplayLine {
  /** From 1; undefined for the continuation of a long line. */
  readonly number: number | undefined;
  readonly text: string;
}

const LONGEST = 2_000;
/** More rows than this are too tall for a browser's scroll area. */
const MOST_ROWS = 1_000_000;

export interface DisplayText {
  readonly lines: readonly DisplayLine[];
  /** The text has more lines than are shown. */
  readonly cut: boolean;
}

export function displayLines(text: string): DisplayText {
  const lines: DisplayLine[] = [];
  const source = text.split(/\r\n|\n|\r/);
  // A final line end closes the last line; it does not begin another.
  if (source.length > 1 && source.at(-1) === '') source.pop();
  for (const [index, line] of source.entries()) {
    if (lines.length >= MOST_ROWS) return { lines, cut: true };
    lines.push({ number: index + 1, text: line.slice(0, LONGEST) });
    for (let at = LONGEST; at < line.length; at += LONGEST)
      lines.push({ number: undefined, text: line.slice(at, at + LONGEST) });
  }
  return { lines, cut: false };
}

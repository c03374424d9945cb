/**
 * Text cut into rows of one height for a virtual list. A line of a minified file can be megabytes long, and no browser
 * lays that out quickly, so long lines continue on further rows that carry no number.
 */
interface DisplayLine {
  /** From 1; undefined for the continuation of a long line. */
  readonly number: number | undefined;
  readonly text: string;
}

const LONGEST = 2_000;
/** Narrower rows than this would be a column of letters. */
const NARROWEST = 16;
/** More rows than this are too tall for a browser's scroll area. */
const MOST_ROWS = 1_000_000;

export interface DisplayText {
  readonly lines: readonly DisplayLine[];
  /** The text has more lines than are shown. */
  readonly cut: boolean;
}

/**
 * @param columns width of a row in characters: longer lines go on in the next row, after a blank where there is one
 */
export function displayLines(text: string, columns = LONGEST): DisplayText {
  const width = Math.min(Math.max(columns, NARROWEST), LONGEST);
  const lines: DisplayLine[] = [];
  const source = text.split(/\r\n|\n|\r/);
  // A final line end closes the last line; it does not begin another.
  if (source.length > 1 && source.at(-1) === '') source.pop();
  for (const [index, line] of source.entries()) {
    let at = 0;
    do {
      if (lines.length >= MOST_ROWS) return { lines, cut: true };
      const end = endOfRow(line, at, width);
      lines.push({ number: at === 0 ? index + 1 : undefined, text: line.slice(at, end) });
      at = end;
    } while (at < line.length);
  }
  return { lines, cut: false };
}

/** Where the row that begins at `start` ends: behind the last blank in its second half, or where it is full. */
function endOfRow(line: string, start: number, width: number): number {
  const full = endOfColumns(line, start, width);
  if (full >= line.length) return line.length;
  const blank = line.lastIndexOf(' ', full - 1);
  return blank >= start + (full - start) / 2 ? blank + 1 : full;
}

/** East Asian letters and most symbols beyond them take two columns. */
function endOfColumns(line: string, start: number, width: number): number {
  let columns = 0;
  let at = start;
  while (at < line.length) {
    const code = line.codePointAt(at) ?? 0;
    columns += code < 0x1100 ? 1 : 2;
    if (columns > width) return at;
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}

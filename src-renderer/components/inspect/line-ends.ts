/**
 * A text area knows one line end only. To keep a file's own, lines that were not touched at its beginning and end get
 * theirs back, and those between get the file's usual one; so saving changes nothing that the user did not.
 */
interface Lines {
  readonly texts: readonly string[];
  /** One shorter than `texts`: what ends each line but the last. */
  readonly ends: readonly string[];
}

const LINE_END = /\r\n|\n|\r/g;

function linesOf(text: string): Lines {
  return { texts: text.split(LINE_END), ends: text.match(LINE_END) ?? [] };
}

/** The text as a text area shows it. */
export function forEditing(text: string): string {
  return text.replace(LINE_END, '\n');
}

/** The edited text with the line ends of the original. */
export function restoreLineEnds(original: string, edited: string, usual: '\n' | '\r\n'): string {
  const before = linesOf(original);
  const after = linesOf(edited);
  const shorter = Math.min(before.ends.length, after.ends.length);
  let head = 0;
  while (head < shorter && before.texts[head] === after.texts[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.texts.at(-1 - tail) === after.texts.at(-1 - tail)) tail += 1;
  const kept = (index: number): string | undefined => {
    if (index < head) return before.ends[index];
    const fromEnd = after.ends.length - index;
    return fromEnd <= tail ? before.ends.at(-fromEnd) : undefined;
  };
  const ends = after.ends.map((_, index) => kept(index) ?? usual);
  return after.texts
    .map((text, index) => {
      const end = ends[index] ?? '';
      // A lone CR before an empty line that ends in LF would read as one CRLF.
      const merges = end === '\r' && after.texts[index + 1] === '' && ends[index + 1] === '\n';
      return text + (merges ? usual : end);
    })
    .join('');
}

/**
 * Patterns with `*`, `?` and `**` that take time in proportion to the text, whatever the pattern (security S26): the
 * pieces between the stars are looked for one after the other, each at its first place, and nothing is tried again.
 */

/** A pattern for one name: `*` is any text, `?` any one character. The whole name must match. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const [first = '', ...rest] = pattern.split(/\*+/);
  const last = rest.pop();
  if (last === undefined) return (name) => name.length === first.length && matchesAt(name, first, 0);
  return (name) => {
    const stop = name.length - last.length;
    if (stop < first.length || !matchesAt(name, first, 0) || !matchesAt(name, last, stop)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = findPiece(name, piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= stop;
  };
}

/** Whether the names are a path that matches. */
export type PathTest = (names: readonly string[]) => boolean;

/** A pattern for a path of names: as for names, and a component `**` is any number of names, none included. */
export function pathMatcher(pattern: string): PathTest {
  const components = pattern.split('/').filter((component) => component !== '');
  const parts = components.map((component) => (component === '**' ? undefined : nameMatcher(component)));
  return (names) => {
    let [part, at] = [0, 0];
    // Where to go on after the last `**` when what follows it does not fit here: it takes one name more.
    let [retryPart, retryAt] = [-1, 0];
    while (at < names.length) {
      const matches = parts[part];
      if (part < parts.length && matches === undefined) {
        retryPart = ++part;
        retryAt = at;
      } else if (matches?.(names[at] ?? '') === true) {
        part++;
        at++;
      } else if (retryPart >= 0) {
        part = retryPart;
        at = ++retryAt;
      } else return false;
    }
    while (part < parts.length && parts[part] === undefined) part++;
    return part === parts.length;
  };
}

function findPiece(text: string, piece: string, from: number): number {
  if (!piece.includes('?')) return text.indexOf(piece, from);
  for (let at = from; at + piece.length <= text.length; at++) if (matchesAt(text, piece, at)) return at;
  return -1;
}

function matchesAt(text: string, piece: string, at: number): boolean {
  for (let i = 0; i < piece.length; i++) if (piece[i] !== '?' && piece[i] !== text[at + i]) return false;
  return true;
}

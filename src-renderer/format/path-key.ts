/**
 * Path keys are byte strings: each character is one byte of a path that is usually UTF-8. The window shows what main
 * decoded; these few functions are for paths that it makes itself.
 */

/** The directory a path is in; the root is the empty key. */
export function parentKey(key: string): string {
  const slash = key.lastIndexOf('/');
  return slash < 0 ? '' : key.slice(0, slash);
}

/** The key of a typed name in a directory. */
export function childKey(parent: string, name: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(name));
  return parent === '' ? bytes : `${parent}/${bytes}`;
}

/** A path for people, with the leading slash. */
export function keyText(key: string): string {
  return `/${new TextDecoder().decode(Uint8Array.from(key, (character) => character.charCodeAt(0)))}`;
}

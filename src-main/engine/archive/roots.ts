/** What an import does to index.json: names move to the new images, and no image is lost over it. */
import { parseReference } from '../image/reference';
import { withRoot } from '../store/roots';
import type { Descriptor, RootEntry } from '../store/types';
import type { GivenName } from './job';

/** An image to be put into the list of roots. */
export interface NewRoot {
  readonly root: Descriptor;
  readonly names: readonly GivenName[];
}

/**
 * Adds the images. A reference that pointed elsewhere moves, as with `docker load`; a made-up name that another image
 * has gets a number instead. Returns the new roots, and for each image the full references it got.
 */
export function addRoots(
  roots: readonly RootEntry[],
  images: readonly NewRoot[],
): { readonly roots: readonly RootEntry[]; readonly references: readonly (readonly string[])[] } {
  let current = roots;
  const references = images.map(({ root, names }) => {
    const given = new Set(names.map((name) => freeName(current, name, root)));
    if (given.size === 0) current = withRoot(current, root, undefined);
    for (const reference of given) current = withRoot(current, root, reference);
    return [...given].sort();
  });
  return { roots: current, references };
}

function freeName(roots: readonly RootEntry[], name: GivenName, descriptor: Descriptor): string {
  if (!name.derived) return name.reference;
  const isFree = (reference: string): boolean =>
    roots.every((root) => root.reference !== reference || root.descriptor.digest === descriptor.digest);
  if (isFree(name.reference)) return name.reference;
  const { name: repository, tag = 'latest' } = parseReference(name.reference);
  for (let number = 2; ; number += 1) {
    const reference = `${repository}-${number}:${tag}`;
    if (isFree(reference)) return reference;
  }
}

/** Changes of the references, as pure functions for `updateRoots` and `commit`. */
import { untagged } from './index-json';
import type { Descriptor, RootEntry } from './types';

/**
 * Points `reference` (full) to `descriptor`. The image that had it stays, untagged if that was its last reference, as
 * Docker does. Without a reference the image is added untagged unless it is there already.
 */
export function withRoot(
  roots: readonly RootEntry[],
  descriptor: Descriptor,
  reference: string | undefined,
): readonly RootEntry[] {
  const has = (root: RootEntry): boolean => root.descriptor.digest === descriptor.digest;
  if (reference === undefined) return roots.some(has) ? roots : [...roots, { reference, descriptor }];
  if (roots.some((root) => has(root) && root.reference === reference)) return roots;
  const others = roots.filter((root) => !(has(root) && root.reference === undefined));
  return [...withoutReference(others, reference), { reference, descriptor }];
}

/** Takes the reference away; an image that loses its last one stays as an untagged image. */
export function withoutReference(roots: readonly RootEntry[], reference: string): readonly RootEntry[] {
  return roots.flatMap((root) => {
    if (root.reference !== reference) return [root];
    const elsewhere = roots.some((other) => other !== root && other.descriptor.digest === root.descriptor.digest);
    return elsewhere ? [] : [untagged(root)];
  });
}

/** The entries of an `index.json`, one for each image: Docker writes an entry for each tag (rules 88, 90). */
import { chooseManifest } from '../../image/manifest';
import type { Digest } from '../../digest/digest';
import type { Descriptor } from '../../store/types';
import type { GivenName } from '../job';

export interface NamedRoot {
  readonly descriptor: Descriptor;
  readonly names: readonly GivenName[];
}

/**
 * Joins entries of one digest. When entries of several digests have one name (a layout that lists platforms side by
 * side), the one for this machine keeps it.
 */
export function namedRoots(
  descriptors: readonly Descriptor[],
  nameOf: (descriptor: Descriptor) => GivenName | undefined,
): NamedRoot[] {
  const holders = new Map<string, Descriptor[]>();
  for (const descriptor of descriptors) {
    const name = nameOf(descriptor)?.reference;
    if (name !== undefined) holders.set(name, [...(holders.get(name) ?? []), descriptor]);
  }
  const roots = new Map<Digest, { descriptor: Descriptor; names: GivenName[] }>();
  for (const descriptor of descriptors) {
    const root = roots.get(descriptor.digest) ?? { descriptor, names: [] };
    roots.set(descriptor.digest, root);
    const name = nameOf(descriptor);
    if (name === undefined) continue;
    const holder = chooseManifest({ manifests: holders.get(name.reference) ?? [] });
    if (holder?.digest === descriptor.digest) root.names.push(name);
  }
  return [...roots.values()];
}

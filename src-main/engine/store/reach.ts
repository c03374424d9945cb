/** Which blobs the images of a store consist of: from the roots through indexes and manifests to configs and layers. */
import type { Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { descriptorsIn, diffIdsIn } from './descriptor';
import { CONFIG_LIMIT, parseJsonObject } from './json';
import type { BlobStore, Descriptor } from './types';

/** What one root, or several, reach. */
export interface Reach {
  readonly blobs: Set<Digest>;
  /** DiffIDs that the reached configs name. */
  readonly diffIds: Set<Digest>;
  /** What each reached index lists: a store need not have all of it (image-layout.md "Blobs"), but has one at least. */
  readonly choices: (readonly Digest[])[];
  /** Reached documents that are not in the store or cannot be read, with the reason. */
  readonly unreadable: Map<Digest, LaminaError>;
}

/** Blobs whose media type says that they point to others or name DiffIDs; layers are never looked into. */
const MAY_BE_DOCUMENT = /json|^$|octet-stream/;
const OPEN_BRACE = 0x7b;

export function newReach(): Reach {
  return { blobs: new Set(), diffIds: new Set(), choices: [], unreadable: new Map() };
}

/** Adds everything below `start` to `reach`; each blob is looked at once, so cycles end. */
export async function follow(store: BlobStore, start: readonly Descriptor[], reach: Reach): Promise<void> {
  const waiting = [...start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reach.blobs.has(next.digest)) continue;
    reach.blobs.add(next.digest);
    if (MAY_BE_DOCUMENT.test(next.mediaType)) waiting.push(...(await lookInto(store, next.digest, reach)));
  }
}

async function lookInto(store: BlobStore, digest: Digest, reach: Reach): Promise<Descriptor[]> {
  const size = await store.sizeOf(digest);
  // Anything larger is no document of an image, only a layer with an odd media type.
  if (size !== undefined && size > CONFIG_LIMIT) return [];
  try {
    const bytes = await store.readBytes(digest, CONFIG_LIMIT);
    if (bytes[0] !== OPEN_BRACE) return [];
    const document = parseJsonObject(bytes, { subject: digest, limitBytes: CONFIG_LIMIT });
    for (const diffId of diffIdsIn(document)) reach.diffIds.add(diffId);
    const below = descriptorsIn(document);
    if (document['manifests'] !== undefined) reach.choices.push(below.map((descriptor) => descriptor.digest));
    return below;
  } catch (error) {
    if (!(error instanceof LaminaError)) throw error;
    reach.unreadable.set(digest, error);
    return [];
  }
}

/** A descriptor for a blob of which only the digest is known; its content is looked at. */
export function bareDescriptor(digest: Digest): Descriptor {
  return { mediaType: '', digest, size: 0 };
}

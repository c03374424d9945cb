/** Descriptors out of untrusted JSON (image-spec descriptor.md), and what a document points to. */
import { isDigest, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { isObject, type JsonObject } from './json';
import type { Descriptor, Platform } from './types';

/** The descriptor, or undefined when the value is not a usable one; unknown fields are kept. */
export function asDescriptor(value: unknown): Descriptor | undefined {
  if (!isObject(value)) return undefined;
  const { digest, size, mediaType = '' } = value;
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (typeof mediaType !== 'string') return undefined;
  return {
    ...value,
    mediaType,
    digest,
    size,
    annotations: stringMap(value['annotations']),
    platform: asPlatform(value['platform']),
  };
}

/** @throws LaminaError IMAGE_INVALID naming the field when the value is not a usable descriptor */
export function parseDescriptor(value: unknown, field: string, subject: string): Descriptor {
  const descriptor = asDescriptor(value);
  if (descriptor !== undefined) return descriptor;
  throw new LaminaError('IMAGE_INVALID', `“${field}” of ${subject} is not a valid descriptor.`, {
    subject,
    hint: 'A descriptor needs a media type, a sha256 digest and a size. The image has to be made again or fetched again.',
  });
}

/** Every descriptor that a manifest or an index holds, in document order; entries that are none are left out. */
export function descriptorsIn(document: JsonObject): Descriptor[] {
  const found = [document['config'], document['subject'], ...['manifests', 'layers', 'blobs'].flatMap(listed)];
  return found.flatMap((value) => asDescriptor(value) ?? []);

  function listed(field: string): unknown[] {
    const value = document[field];
    return Array.isArray(value) ? (value as unknown[]) : [];
  }
}

/** DiffIDs that an image config names; none when the document is no image config. */
export function diffIdsIn(document: JsonObject): Digest[] {
  const rootfs = document['rootfs'];
  const diffIds = isObject(rootfs) ? rootfs['diff_ids'] : undefined;
  if (!Array.isArray(diffIds)) return [];
  return diffIds.filter((value): value is Digest => typeof value === 'string' && isDigest(value));
}

function asPlatform(value: unknown): Platform | undefined {
  if (!isObject(value)) return undefined;
  const { os, architecture, variant } = value;
  return {
    ...value,
    os: typeof os === 'string' ? os : '',
    architecture: typeof architecture === 'string' ? architecture : '',
    variant: typeof variant === 'string' ? variant : undefined,
  };
}

function stringMap(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(value)) return undefined;
  const map = Object.create(null) as Record<string, string>;
  for (const [key, text] of Object.entries(value)) if (typeof text === 'string') map[key] = text;
  return map;
}

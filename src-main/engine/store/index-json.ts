/**
 * `index.json`: the references of the store. An entry is written back exactly as it was read unless it is changed, so
 * that entries, annotations and fields of other programs survive.
 */
import { readFile } from 'node:fs/promises';
import { LaminaError } from '../errors';
import { replaceFile } from './atomic';
import { asDescriptor } from './descriptor';
import { INDEX_JSON_LIMIT, isObject, parseJsonObject, type JsonObject } from './json';
import type { Layout } from './layout';
import { familiarOf, tryReference } from './reference';
import { scratchPath } from './scratch';
import { ifExists } from './system-error';
import type { Descriptor, RootEntry } from './types';

/** The tag for people and for skopeo, umoci, podman (image-spec annotations.md). */
export const REF_NAME_ANNOTATION = 'org.opencontainers.image.ref.name';
/** The full reference, as Docker and containerd write it (rule 90). */
export const IMAGE_NAME_ANNOTATION = 'io.containerd.image.name';

/** `index.json` as read. */
export interface RootsFile {
  readonly roots: readonly RootEntry[];
  /** The document without `manifests`. */
  readonly rest: JsonObject;
  /** What each root looked like on disk. */
  readonly raw: ReadonlyMap<RootEntry, JsonObject>;
  /** Entries that are no usable descriptors, kept as they are. */
  readonly unusable: readonly unknown[];
}

/** @throws LaminaError STORE_INVALID when `index.json` is missing or damaged */
export async function readRootsFile(layout: Layout): Promise<RootsFile> {
  const subject = layout.indexJson;
  const bytes = await ifExists(readFile(subject));
  if (bytes === undefined) throw damaged(subject, 'is missing');
  const { manifests = [], ...rest } = parseJsonObject(bytes, {
    subject,
    limitBytes: INDEX_JSON_LIMIT,
    code: 'STORE_INVALID',
  });
  // Go programs write `null` for an empty list.
  const entries: unknown = manifests ?? [];
  if (!Array.isArray(entries)) throw damaged(subject, 'has no list of manifests');
  return { rest, ...readEntries(entries) };
}

/** Replaces `index.json` by one that holds `roots`; the last entry of a reference wins. */
export async function writeRootsFile(layout: Layout, before: RootsFile, roots: readonly RootEntry[]): Promise<void> {
  const manifests = oneEntryEach(roots).map((root) => before.raw.get(root) ?? toRaw(root));
  const document = { schemaVersion: 2, ...before.rest, manifests: [...manifests, ...before.unusable] };
  await replaceFile(layout.indexJson, `${JSON.stringify(document, undefined, 2)}\n`, await scratchPath(layout));
}

function readEntries(entries: readonly unknown[]): Omit<RootsFile, 'rest'> {
  const read: RootEntry[] = [];
  const raw = new Map<RootEntry, JsonObject>();
  const unusable: unknown[] = [];
  for (const entry of entries) {
    const descriptor = asDescriptor(entry);
    if (descriptor === undefined || !isObject(entry)) unusable.push(entry);
    else {
      const root = { reference: referenceOf(descriptor), descriptor };
      raw.set(root, entry);
      read.push(root);
    }
  }
  return { roots: oneEntryEach(read), raw, unusable };
}

function referenceOf(descriptor: Descriptor): string | undefined {
  for (const name of [IMAGE_NAME_ANNOTATION, REF_NAME_ANNOTATION]) {
    const text = descriptor.annotations?.[name];
    const reference = text === undefined ? undefined : tryReference(text);
    if (reference !== undefined) return reference.full;
  }
  return undefined;
}

/** Of two entries with one reference the later keeps it; the earlier stays as an untagged image. */
function oneEntryEach(roots: readonly RootEntry[]): RootEntry[] {
  const last = new Map<string, RootEntry>();
  for (const root of roots) if (root.reference !== undefined) last.set(root.reference, root);
  return roots.flatMap((root) => {
    if (root.reference === undefined) return [root];
    const winner = last.get(root.reference);
    if (winner === root) return [root];
    return winner?.descriptor.digest === root.descriptor.digest ? [] : [untagged(root)];
  });
}

/** The root without its reference. */
export function untagged(root: RootEntry): RootEntry {
  return { reference: undefined, descriptor: root.descriptor };
}

function toRaw({ reference, descriptor }: RootEntry): JsonObject {
  const annotations = Object.create(null) as Record<string, string>;
  for (const [name, text] of Object.entries(descriptor.annotations ?? {})) {
    if (name !== REF_NAME_ANNOTATION && name !== IMAGE_NAME_ANNOTATION) annotations[name] = text;
  }
  if (reference !== undefined) {
    annotations[REF_NAME_ANNOTATION] = familiarOf(reference);
    annotations[IMAGE_NAME_ANNOTATION] = reference;
  }
  return { ...descriptor, annotations: Object.keys(annotations).length > 0 ? annotations : undefined };
}

function damaged(subject: string, what: string): LaminaError {
  return new LaminaError('STORE_INVALID', `${subject} ${what}.`, {
    subject,
    hint: 'Restore the file from a backup, or start with a new store folder and import the images again.',
  });
}

/** `Lamina.images`: what people do with images, one function each. */
import { exportImages } from '../archive/export';
import { importFile } from '../archive/import';
import { makeSample } from '../archive/sample';
import type { ContainerInfo } from '../container/types';
import type { Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { historyRows } from '../image/history';
import { inspectImage } from '../image/inspect';
import { layerContentSize } from '../image/layer-size';
import { findImage, listImages, loadImage } from '../image/load';
import { familiarOf, parseReference, tryReference } from '../image/reference';
import { summariesOf } from '../image/summary';
import { layerIndexes } from '../image/tree';
import type { Image } from '../image/types';
import type { ExportOptions, Lamina } from '../lamina';
import { withRoot } from '../store/roots';
import type { BlobStore } from '../store/types';
import type { EngineContext } from './context';

type Images = Lamina['images'];

/** @param containers those that stand on images of this store */
export function createImages(context: EngineContext, containers: { list(): Promise<ContainerInfo[]> }): Images {
  const { store } = context;
  return {
    list: async () => summariesOf(store, await listImages(store)),
    get: (ref) => findImage(store, ref),
    import: (file, options = {}) => importFile(context, file, options),
    export: (refs, options) => exportByName(context, refs, options),
    sample: (which, reference = `${which}:latest`) => makeSample(context, which, parseReference(reference).full),
    tag: (ref, reference) => tagImage(context, ref, reference),
    remove: (ref) => removeImage(context, ref, containers),
    inspect: async (ref, format) => {
      const image = await findImage(store, ref);
      const sizes = await layerSizes(context, image);
      return inspectImage(
        image,
        sizes.reduce((sum, size) => sum + size, 0),
        format,
      );
    },
    history: async (ref) => {
      const image = await findImage(store, ref);
      return historyRows(image, await layerSizes(context, image));
    },
  };
}

async function layerSizes({ store, pool }: EngineContext, image: Image): Promise<number[]> {
  return (await layerIndexes(store, image, pool)).map(layerContentSize);
}

async function tagImage({ store }: EngineContext, ref: string, reference: string): Promise<void> {
  const { full, digest } = parseReference(reference);
  if (digest !== undefined) {
    throw new LaminaError('INVALID_REFERENCE', `“${reference}” has a digest; a tag is a name and a tag only.`, {
      subject: reference,
    });
  }
  const image = await findImage(store, ref);
  await store.updateRoots((roots) => withRoot(roots, image.root, full));
}

/** An image named twice is written once, with both names; one named by its digest keeps all of its names. */
async function exportByName(
  context: EngineContext,
  refs: readonly string[],
  options: ExportOptions,
): Promise<{ readonly file: string; readonly bytes: number }> {
  const chosen = new Map<Digest, { image: Image; references: Set<string> }>();
  for (const ref of refs) {
    const image = await findImage(context.store, ref);
    const entry = chosen.get(image.key) ?? { image, references: new Set<string>() };
    chosen.set(image.key, entry);
    for (const reference of namesMeant(image, ref)) entry.references.add(reference);
  }
  const entries = [...chosen.values()];
  return exportImages(
    context,
    entries.map(({ image }) => image),
    entries.map(({ references }) => [...references]),
    options,
  );
}

/** The references of the image that `ref` means: the one it is, or all of them for a digest or an id. */
function namesMeant(image: Image, ref: string): readonly string[] {
  const full = tryReference(ref)?.full;
  return full !== undefined && image.references.includes(full) ? [full] : image.references;
}

async function removeImage(
  { store }: EngineContext,
  ref: string,
  containers: { list(): Promise<ContainerInfo[]> },
): Promise<{ readonly untagged: readonly string[]; readonly deleted: Digest | undefined }> {
  // Under the lock, so that no container is made on the image meanwhile.
  return store.withLock('removing an image', async () => {
    const image = await findImage(store, ref);
    const untagged = namesMeant(image, ref);
    const isLast = untagged.length === image.references.length;
    if (isLast) refuseInUse(image, await containers.list());
    const going = isLast ? await rootsOf(store, image) : new Set<Digest>();
    await store.updateRoots((roots) =>
      roots.filter(
        ({ reference, descriptor }) =>
          !(reference !== undefined && untagged.includes(reference)) && !going.has(descriptor.digest),
      ),
    );
    return { untagged: untagged.map(familiarOf), deleted: isLast ? image.key : undefined };
  });
}

/** Digests of all roots that lead to the image: its manifest, or indexes it is chosen from. */
async function rootsOf(store: BlobStore, image: Image): Promise<Set<Digest>> {
  const digests = new Set([image.root.digest]);
  for (const { descriptor } of await store.roots()) {
    const found = await loadImage(store, descriptor).catch(() => undefined);
    if (found?.key === image.key) digests.add(descriptor.digest);
  }
  return digests;
}

function refuseInUse(image: Image, containers: readonly ContainerInfo[]): void {
  const users = containers.filter(({ imageKey }) => imageKey === image.key).map(({ name }) => name);
  if (users.length === 0) return;
  const name = image.references.map(familiarOf)[0] ?? image.id;
  throw new LaminaError('IMAGE_IN_USE', `The image ${name} cannot be removed: ${users.join(', ')} stands on it.`, {
    subject: name,
    hint: `Remove the container first, for example with “lamina container rm ${users[0] ?? ''}”.`,
  });
}

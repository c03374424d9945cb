/**
 * The archive that Docker ≥ 25 writes (semantics 1.11 rule 94): an image layout and beside it `manifest.json` and
 * `repositories`, so that every Docker since 1.10 loads it and keeps every tag.
 */
import { hexOf } from '../../digest/digest';
import type { WorkOptions } from '../../options';
import type { BlobStore } from '../../store/types';
import type { NamedImage } from '../oci/layout';
import { planLayout, writeLayoutTar } from '../oci/write';

/** Writes the archive; returns its length. */
export async function writeDockerArchive(
  store: BlobStore,
  images: readonly NamedImage[],
  target: string,
  options: WorkOptions,
): Promise<number> {
  const documents = new Map([['manifest.json', manifestJson(images)]]);
  const repositories = repositoriesJson(images);
  if (repositories !== undefined) documents.set('repositories', repositories);
  return writeLayoutTar(await planLayout(store, images, documents), target, options);
}

function manifestJson(images: readonly NamedImage[]): Buffer {
  const elements = images.map(({ image, references }) => ({
    Config: `blobs/sha256/${hexOf(image.id)}`,
    RepoTags: references.length === 0 ? null : references.map(({ familiar }) => familiar),
    Layers: image.layers.map(({ digest }) => `blobs/sha256/${hexOf(digest)}`),
  }));
  return Buffer.from(JSON.stringify(elements));
}

/** `{name: {tag: id}}`; the id is the top layer's, as Docker ≥ 25 writes it. Without tags there is no such file. */
function repositoriesJson(images: readonly NamedImage[]): Buffer | undefined {
  const names = new Map<string, Map<string, string>>();
  for (const { image, references } of images) {
    const id = hexOf(image.layers.at(-1)?.diffId ?? image.id);
    for (const { familiar, tag = '' } of references) {
      const name = familiar.slice(0, -(tag.length + 1));
      names.set(name, (names.get(name) ?? new Map<string, string>()).set(tag, id));
    }
  }
  if (names.size === 0) return undefined;
  const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
  const sorted = [...names].sort(byKey).map(([name, tags]) => [name, Object.fromEntries([...tags].sort(byKey))]);
  return Buffer.from(JSON.stringify(Object.fromEntries(sorted)));
}

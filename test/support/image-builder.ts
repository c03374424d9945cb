/** Small images in code, packed as each program that saves images packs them. On top of tar-builder. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { dir, file, tar, type Part } from './tar-builder';

export interface BuiltLayer {
  /** Bytes as stored. */
  readonly blob: Buffer;
  readonly digest: string;
  readonly diffId: string;
  readonly gzip: boolean;
}

export interface BuiltImage {
  readonly layers: readonly BuiltLayer[];
  readonly config: Buffer;
  readonly id: string;
  readonly tags: readonly string[];
}

export interface ImageOptions {
  readonly tags?: readonly string[];
  /** Fields of the config, over the defaults. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly [other: string]: unknown;
}

/** Files of an archive or folder, by name, in the order they are packed. */
export type Files = Map<string, Buffer>;

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${hex(bytes)}`;
}

export function hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export function plainLayer(parts: readonly Part[]): BuiltLayer {
  const blob = tar(parts);
  return { blob, digest: sha256(blob), diffId: sha256(blob), gzip: false };
}

export function gzipLayer(parts: readonly Part[]): BuiltLayer {
  const plain = tar(parts);
  const blob = gzipSync(plain);
  return { blob, digest: sha256(blob), diffId: sha256(plain), gzip: true };
}

/** Two plain layers, the second one with a file of its own. */
export function someLayers(): [BuiltLayer, BuiltLayer] {
  return [plainLayer([dir('etc'), file('etc/name', 'base\n')]), plainLayer([file('app', 'program\n')])];
}

export function image(layers: readonly BuiltLayer[], options: ImageOptions = {}): BuiltImage {
  const config = json({
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/app'] },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((_, index) => ({ created_by: `step ${index + 1}` })),
    ...options.config,
  });
  return { layers, config, id: sha256(config), tags: options.tags ?? [] };
}

/** An image of one small layer. */
export function smallImage(content: string, tags: readonly string[] = []): BuiltImage {
  return image([plainLayer([file('file', content)])], { tags });
}

/** Docker 1.10 to 24: `HEX.json` and `ID/layer.tar`. Layers that repeat are symlinks, as Docker writes them. */
export function dockerFiles(images: readonly BuiltImage[]): Files {
  const files: Files = new Map();
  const manifest = images.map(({ config, layers, tags }) => {
    files.set(`${hex(config)}.json`, config);
    const names = layers.map((layer, index) => {
      const name = `${hex(`${layer.digest}${index}`)}/layer.tar`;
      files.set(name, layer.blob);
      return name;
    });
    return { Config: `${hex(config)}.json`, RepoTags: tags.length > 0 ? tags : null, Layers: names };
  });
  return files.set('manifest.json', json(manifest));
}

export function manifestOf({ layers, config, id }: BuiltImage): Buffer {
  return json({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: id, size: config.length },
    layers: layers.map(({ blob, digest, gzip }) => ({
      mediaType: `application/vnd.oci.image.layer.v1.tar${gzip ? '+gzip' : ''}`,
      digest,
      size: blob.length,
    })),
  });
}

export function descriptorOf(
  bytes: Buffer,
  mediaType: string,
  rest: Readonly<Record<string, unknown>> = {},
): Descriptor {
  return { mediaType, digest: sha256(bytes), size: bytes.length, ...rest };
}

export function indexOf(manifests: readonly Descriptor[] | null): Buffer {
  return json({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
}

export function addBlob(files: Files, bytes: Buffer): Files {
  return files.set(`blobs/sha256/${hex(bytes)}`, bytes);
}

/** Manifest, config and layers of an image, as blobs. */
export function addImage(files: Files, built: BuiltImage): Files {
  for (const bytes of [manifestOf(built), built.config, ...built.layers.map(({ blob }) => blob)]) addBlob(files, bytes);
  return files;
}

/** A layout with what its `index.json` shall list. */
export function layoutFiles(manifests: readonly Descriptor[] | null, blobs: Files = new Map()): Files {
  return new Map([['oci-layout', json({ imageLayoutVersion: '1.0.0' })], ['index.json', indexOf(manifests)], ...blobs]);
}

/** A layout with these images, each under its tags as `org.opencontainers.image.ref.name`. */
export function ociFiles(images: readonly BuiltImage[]): Files {
  const blobs: Files = new Map();
  const manifests = images.flatMap((built) => {
    addImage(blobs, built);
    const manifest = manifestOf(built);
    if (built.tags.length === 0) return [descriptorOf(manifest, MANIFEST_TYPE)];
    return built.tags.map((tag) =>
      descriptorOf(manifest, MANIFEST_TYPE, { annotations: { 'org.opencontainers.image.ref.name': tag } }),
    );
  });
  return layoutFiles(manifests, blobs);
}

/** Docker ≥ 25: a layout with `manifest.json` beside it. */
export function docker25Files(images: readonly BuiltImage[]): Files {
  const files = ociFiles(images.map((built) => ({ ...built, tags: [] })));
  const manifest = images.map(({ layers, id, tags }) => ({
    Config: `blobs/sha256/${id.slice(7)}`,
    RepoTags: tags,
    Layers: layers.map(({ digest }) => `blobs/sha256/${digest.slice(7)}`),
  }));
  return files.set('manifest.json', json(manifest));
}

export interface V1Layer {
  readonly id: string;
  readonly parent?: string;
  readonly parts: readonly Part[];
  readonly document?: Readonly<Record<string, unknown>>;
}

/** Docker before 1.10: a folder for each layer, and `repositories`. */
export function legacyFiles(
  layers: readonly V1Layer[],
  repositories: Readonly<Record<string, Record<string, string>>>,
): Files {
  const files: Files = new Map();
  for (const { id, parent, parts, document } of layers) {
    files.set(`${id}/VERSION`, Buffer.from('1.0'));
    files.set(`${id}/json`, json({ id, ...(parent === undefined ? {} : { parent }), os: 'linux', ...document }));
    files.set(`${id}/layer.tar`, tar(parts));
  }
  return Object.keys(repositories).length === 0 ? files : files.set('repositories', json(repositories));
}

export function partsOf(files: Files): Part[] {
  return [...files].map(([name, bytes]) => file(name, bytes));
}

export function pack(files: Files): Buffer {
  return tar(partsOf(files));
}

/** Writes the files below `folder` and returns it. */
export async function unpack(files: Files, folder: string): Promise<string> {
  for (const [name, bytes] of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  return folder;
}

/** A store in a temporary folder, and images made of layers in code, without the archive rooms. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createLayerPool, type LayerPool } from '../../src-main/engine/layer/pool';
import { openStore } from '../../src-main/engine/store/open-store';
import { parseReference } from '../../src-main/engine/image/reference';
import { withRoot } from '../../src-main/engine/store/roots';
import type { BlobStore, Descriptor } from '../../src-main/engine/store/types';
import { tar, type Part } from './tar-builder';

export interface TestStore {
  /** A folder that is removed by `close`; the store is in `store.dir` inside it. */
  readonly folder: string;
  readonly store: BlobStore;
  readonly pool: LayerPool;
  close(): Promise<void>;
}

export async function makeStore(): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'lamina-store-'));
  const store = await openStore(join(folder, 'store'));
  const pool = createLayerPool();
  const close = async (): Promise<void> => {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, store, pool, close };
}

export interface ImageOptions {
  readonly reference?: string;
  /** Stored compressed; plain by default. */
  readonly gzip?: boolean;
  /** Docker's media types; OCI's by default. */
  readonly docker?: boolean;
  /** Laid over the config document. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Adds an image of these layers, lowest first; answers the manifest's descriptor. */
export async function addImage(
  { store, pool }: Pick<TestStore, 'store' | 'pool'>,
  layers: readonly (readonly Part[])[],
  options: ImageOptions = {},
): Promise<Descriptor> {
  const transaction = await store.begin();
  const diffIds: string[] = [];
  const descriptors: Descriptor[] = [];
  for (const [position, parts] of layers.entries()) {
    const plain = tar(parts);
    const bytes = options.gzip === true ? gzipSync(plain) : plain;
    const file = join(transaction.folder, `blob-${position}`);
    await writeFile(file, bytes);
    const { diffId, digest, indexFile } = await pool.ingest({
      source: { file, offset: 0, length: bytes.length },
      ...{ folder: transaction.folder, copy: false, label: `layer ${position + 1}` },
    });
    await transaction.adopt({ digest, size: bytes.length, file });
    await transaction.adoptIndex(diffId, indexFile);
    diffIds.push(diffId);
    descriptors.push({ mediaType: layerType(options), digest, size: bytes.length });
  }
  const config = Buffer.from(
    JSON.stringify({
      ...{ architecture: 'amd64', os: 'linux', created: '2020-01-02T03:04:05Z', config: {} },
      rootfs: { type: 'layers', diff_ids: diffIds },
      history: diffIds.map((_, i) => ({ created_by: `layer ${i + 1}` })),
      ...options.config,
    }),
  );
  const [configType, manifestType] =
    options.docker === true
      ? ['application/vnd.docker.container.image.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']
      : ['application/vnd.oci.image.config.v1+json', 'application/vnd.oci.image.manifest.v1+json'];
  const stored = await transaction.putBytes(config);
  const document = {
    ...{ schemaVersion: 2, mediaType: manifestType, config: { mediaType: configType, ...stored } },
    layers: descriptors,
  };
  const manifest = await transaction.putBytes(Buffer.from(JSON.stringify(document)));
  const root: Descriptor = { mediaType: manifestType, ...manifest };
  await transaction.commit((roots) => withRoot(roots, root, parseReference(options.reference ?? 'base:1').full));
  return root;
}

function layerType({ docker, gzip }: ImageOptions): string {
  if (docker === true) return `application/vnd.docker.image.rootfs.diff.tar${gzip === true ? '.gzip' : ''}`;
  return `application/vnd.oci.image.layer.v1.tar${gzip === true ? '+gzip' : ''}`;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

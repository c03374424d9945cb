/**
 * The layers of an image as plain tars, open for reading at any place. A compressed layer is inflated once into a
 * scratch folder: reading each of its files through restart points would inflate most of it many times over.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LaminaError, toLaminaError } from '../../errors';
import type { Image, LayerInfo } from '../../image/types';
import { sniffCompression, SNIFF_BYTES } from '../../layer/compression';
import type { WorkOptions } from '../../options';
import type { BlobStore } from '../../store/types';
import { readHead, throwIfCancelled } from '../read-region';

export interface PlainLayers {
  file(layer: number): string;
  handle(layer: number): FileHandle;
  close(): Promise<void>;
}

export interface PlainLayersRequest {
  readonly store: BlobStore;
  readonly image: Image;
  /** Positions of the layers that will be read. */
  readonly needed: ReadonlySet<number>;
  /** For what has to be inflated; removed by the caller. */
  readonly folder: string;
}

export async function openPlainLayers(request: PlainLayersRequest, options: WorkOptions): Promise<PlainLayers> {
  const opened = new Map<number, { readonly file: string; readonly handle: FileHandle }>();
  const close = async (): Promise<void> => {
    for (const { handle } of opened.values()) await handle.close();
  };
  const of = (layer: number): { readonly file: string; readonly handle: FileHandle } => {
    const found = opened.get(layer);
    if (found === undefined) throw new LaminaError('INTERNAL', `Layer ${layer + 1} was not opened.`);
    return found;
  };
  try {
    for (const layer of request.image.layers.filter(({ position }) => request.needed.has(position))) {
      const file = await plainFile(request, layer, options);
      opened.set(layer.position, { file, handle: await open(file, 'r') });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { file: (layer) => of(layer).file, handle: (layer) => of(layer).handle, close };
}

async function plainFile(request: PlainLayersRequest, layer: LayerInfo, options: WorkOptions): Promise<string> {
  const blob = request.store.blobFile(layer.digest);
  const head = await readHead({ file: blob, offset: 0, size: layer.blobSize }, SNIFF_BYTES);
  if (sniffCompression(head) === 'none') return blob;
  const plain = path.join(request.folder, `layer-${layer.position}.tar`);
  const { signal } = options;
  try {
    await pipeline(
      createReadStream(blob),
      createGunzip({ chunkSize: 256 * 1024 }),
      createWriteStream(plain, { flags: 'wx' }),
      signal === undefined ? {} : { signal },
    );
  } catch (error) {
    throwIfCancelled(signal);
    throw toLaminaError(error, layer.digest);
  }
  return plain;
}

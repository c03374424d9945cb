/** Export of images, each format by its own writer. What is there under the target's name stays until all is written. */
import path from 'node:path';
import { LaminaError, toLaminaError } from '../errors';
import type { Image } from '../image/types';
import type { ExportOptions } from './types';
import { writeDockerArchive } from './docker-archive/write';
import type { ArchiveContext } from './job';
import { nameImages, type NamedImage } from './oci/layout';
import { planLayout, writeLayoutFolder, writeLayoutTar } from './oci/write';
import { throwIfCancelled } from './read-region';
import { writeRootfs } from './rootfs/write';

/**
 * Writes the images to `options.file`; `references[i]` are the names that `images[i]` keeps. The same images and names
 * always give the same bytes.
 * @throws LaminaError BLOB_MISSING, BLOB_DAMAGED, PATH_EXISTS, DISK_FULL, CANCELLED, …; nothing is left then
 */
export async function exportImages(
  context: ArchiveContext,
  images: readonly Image[],
  references: readonly (readonly string[])[],
  options: ExportOptions,
): Promise<{ readonly file: string; readonly bytes: number }> {
  throwIfCancelled(options.signal);
  const file = path.resolve(options.file);
  if (images.length === 0) throw new LaminaError('INVALID_ARGUMENT', 'No image was named to be exported.');
  try {
    return { file, bytes: await write(context, nameImages(images, references), { ...options, file }) };
  } catch (error) {
    throw toLaminaError(error, file);
  }
}

async function write(context: ArchiveContext, named: readonly NamedImage[], options: ExportOptions): Promise<number> {
  const { store } = context;
  switch (options.format) {
    case 'docker-archive':
      return writeDockerArchive(store, named, options.file, options);
    case 'oci-archive':
      return writeLayoutTar(await planLayout(store, named), options.file, options);
    case 'oci':
      return writeLayoutFolder(await planLayout(store, named), options.file, options);
    case 'rootfs':
      return writeRootfs(context, onlyImage(named, options.file), options.file, options);
  }
}

function onlyImage(named: readonly NamedImage[], file: string): Image {
  const [first, ...more] = named;
  if (first !== undefined && more.length === 0) return first.image;
  throw new LaminaError('INVALID_ARGUMENT', 'A root filesystem tar can hold only one image.', {
    subject: file,
    hint: 'Export the images one by one, or together as docker-archive or oci-archive.',
  });
}

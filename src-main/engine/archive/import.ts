/**
 * Import of whatever holds images: recognised by content, read by the format's own reader, and made visible by one
 * commit. After any refusal, failure or cancel the store is as it was.
 */
import path from 'node:path';
import { LaminaError, toLaminaError } from '../errors';
import { parseReference } from '../image/reference';
import type { ImportedImage, ImportOptions } from './types';
import type { StoreTransaction } from '../store/types';
import { openArchive, type ArchiveKind } from './detect';
import { readDirectory } from './directory/read';
import { readDockerArchive } from './docker-archive/read';
import { readLegacy } from './docker-archive/read-legacy';
import { LayerIntake } from './intake';
import type { ArchiveContext, ImportJob, ReadImage } from './job';
import { readOci } from './oci/read';
import { throwIfCancelled } from './read-region';
import { addRoots } from './roots';
import { readRootfs } from './rootfs/read';

const READERS: Readonly<Record<ArchiveKind, (job: ImportJob) => Promise<ReadImage[]>>> = {
  oci: readOci,
  docker: readDockerArchive,
  directory: readDirectory,
  legacy: readLegacy,
  rootfs: readRootfs,
};

/**
 * Imports every image of `file` (a file or a folder). All or nothing.
 * @throws LaminaError naming the file, what is wrong in it and what to do
 */
export async function importFile(
  context: ArchiveContext,
  file: string,
  options: ImportOptions,
): Promise<ImportedImage[]> {
  throwIfCancelled(options.signal);
  const name = options.name === undefined ? undefined : parseReference(options.name).full;
  const source = path.resolve(file);
  const transaction = await context.store.begin();
  try {
    const images = await readImages({ context, transaction }, source, options);
    const named = name === undefined ? images : renamed(images, name, source);
    throwIfCancelled(options.signal);
    return await commit(transaction, named, source);
  } catch (error) {
    await transaction.rollback();
    throw toLaminaError(error, source);
  }
}

async function readImages(
  base: Pick<ImportJob, 'context' | 'transaction'>,
  file: string,
  options: ImportOptions,
): Promise<ReadImage[]> {
  const { context, transaction } = base;
  const archive = await openArchive(file, transaction.folder, options);
  if (archive.kind !== 'rootfs') archive.source.refuseDuplicates();
  const intake = new LayerIntake({ ...context, transaction }, options);
  return READERS[archive.kind]({ ...base, archive, intake, options });
}

function renamed(images: readonly ReadImage[], name: string, file: string): ReadImage[] {
  if (images.length > 1) {
    throw new LaminaError(
      'INVALID_ARGUMENT',
      `${file} holds ${images.length} images; one name cannot serve them all.`,
      {
        subject: file,
        hint: 'Import it without a name: each image keeps its own. Tag them afterwards.',
      },
    );
  }
  return images.map((image) => ({ ...image, names: [{ reference: name, derived: false }] }));
}

async function commit(
  transaction: StoreTransaction,
  images: readonly ReadImage[],
  source: string,
): Promise<ImportedImage[]> {
  let references: readonly (readonly string[])[] = [];
  await transaction.commit(
    (roots) => {
      const added = addRoots(roots, images);
      references = added.references;
      return added.roots;
    },
    [...new Set(images.flatMap(({ needs }) => needs))],
  );
  return images.map(({ key, id, format }, index) => ({ key, id, format, source, references: references[index] ?? [] }));
}

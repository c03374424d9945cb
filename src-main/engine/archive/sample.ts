/** The sample images: an image to look at on a machine that has none. Made in code, a few kilobytes, always the same bytes. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { toLaminaError } from '../errors';
import { parseReference } from '../image/reference';
import type { ImportedImage } from './types';
import { writeNewFile } from '../store/atomic';
import type { StoreTransaction } from '../store/types';
import { stageManifest } from './docker-archive/stage-manifest';
import { LayerIntake, type LayerRequest } from './intake';
import type { ArchiveContext } from './job';
import { addRoots } from './roots';
import { buildSampleConfig, buildSampleLayer, type Sample } from './samples/build';
import { STORY } from './samples/story';
import { TEXTBOOK } from './samples/textbook';

const SAMPLES: Readonly<Record<'textbook' | 'story', Sample>> = { textbook: TEXTBOOK, story: STORY };

/** Makes the sample and points `reference` to it; made again it is the same image. @throws INVALID_REFERENCE */
export async function makeSample(
  context: ArchiveContext,
  which: 'textbook' | 'story',
  reference: string,
): Promise<ImportedImage> {
  const sample = SAMPLES[which];
  const { full } = parseReference(reference);
  const transaction = await context.store.begin();
  try {
    const intake = new LayerIntake({ ...context, transaction }, {});
    const layers = await intake.take(await stageTars(transaction, sample));
    const diffIds = layers.map(({ diffId }) => diffId);
    const staged = await stageManifest(transaction, buildSampleConfig(sample, diffIds), layers);
    const names = [{ reference: full, derived: false }];
    await transaction.commit((roots) => addRoots(roots, [{ root: staged.root, names }]).roots, staged.needs);
    return { key: staged.key, id: staged.id, references: [full], source: `sample:${which}`, format: 'docker-archive' };
  } catch (error) {
    await transaction.rollback();
    throw toLaminaError(error);
  }
}

async function stageTars(transaction: StoreTransaction, sample: Sample): Promise<LayerRequest[]> {
  const requests: LayerRequest[] = [];
  for (const [index, layer] of sample.layers.entries()) {
    const tar = await buildSampleLayer(layer);
    const file = path.join(transaction.folder, `sample-${randomUUID()}.tar`);
    await writeNewFile(file, tar);
    const label = `layer ${index + 1} of ${sample.layers.length}`;
    const region = { file, offset: 0, size: tar.length };
    requests.push({ region, digest: undefined, diffId: undefined, label, name: label, file: 'the sample image' });
  }
  return requests;
}

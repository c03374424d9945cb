/**
 * A root filesystem as one flat tar, as `docker export` writes (semantics 1.11 rule 96). It becomes an image of one
 * layer, the tar as received. The image depends on the tar alone: imported twice it is the same image.
 */
import { LaminaError } from '../../errors';
import { hostArchitecture } from '../../image/manifest';
import { parseReference } from '../../image/reference';
import { loadLayerIndex, type LayerIndex } from '../../layer/index-file';
import { stageManifest } from '../docker-archive/stage-manifest';
import type { TakenLayer } from '../intake';
import type { ImportJob, ReadImage } from '../job';
import { nameFromFile } from '../names';

export async function readRootfs(job: ImportJob): Promise<ReadImage[]> {
  const { file } = job.archive.source;
  const { received } = job.archive;
  const [layer] = await job.intake.take([
    {
      region: { file: received.file, offset: 0, size: received.size },
      digest: undefined,
      diffId: undefined,
      label: 'layer 1 of 1',
      name: 'the root filesystem',
      file,
    },
  ]);
  if (layer === undefined) throw new LaminaError('INTERNAL', `No layer came of ${file}.`, { subject: file });
  const staged = await stageManifest(job.transaction, await configOf(job, layer), [layer]);
  const reference = parseReference(nameFromFile(file)).full;
  return [{ ...staged, names: [{ reference, derived: true }], format: 'rootfs' }];
}

async function configOf(job: ImportJob, layer: TakenLayer): Promise<Buffer> {
  const indexFile = await job.transaction.indexFileOf(layer.diffId);
  const created = indexFile === undefined ? undefined : newestTime(await loadLayerIndex(indexFile));
  return Buffer.from(
    JSON.stringify({
      created,
      // `docker import` takes its host's as well.
      architecture: hostArchitecture(),
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
      history: [{ created, comment: 'Imported from a root filesystem tar' }],
    }),
  );
}

/** A root filesystem does not say when it was made; no later, at least, than its newest file. */
function newestTime(index: LayerIndex): string | undefined {
  let newest = -1;
  for (let position = 0; position < index.count; position += 1) {
    newest = Math.max(newest, index.entry(position).mtime.sec);
  }
  const isShowable = newest >= 0 && newest < 253_402_300_800;
  return isShowable ? new Date(newest * 1000).toISOString().replace('.000Z', 'Z') : undefined;
}

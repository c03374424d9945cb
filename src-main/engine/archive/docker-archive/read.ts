/**
 * Docker's own archive, in the layouts that `docker save` wrote from 1.10 on, podman, skopeo and kaniko write
 * (semantics 1.11 rules 79, 93–95, 97, 98). Layers stay as received; the manifest, which such archives do not have, is
 * built from config and layers alone, so that the same archive always gives the same image.
 */
import { digestOf, isDigest, type Digest } from '../../digest/digest';
import { LaminaError } from '../../errors';
import { parseImageConfig } from '../../image/config';
import type { ImageConfig } from '../../image/types';
import { DOCUMENT_LIMIT, memberSubject } from '../document';
import type { TakenLayer } from '../intake';
import type { ImportJob, ReadImage } from '../job';
import type { LayerRequest } from '../intake';
import { namesOfRepoTags } from '../names';
import { readRegion } from '../read-region';
import { parseManifestJson, type DockerManifest } from './manifest-json';
import { stageManifest } from './stage-manifest';

export async function readDockerArchive(job: ImportJob): Promise<ReadImage[]> {
  return readManifests(job, parseManifestJson(job.archive.manifestJson, job.archive.source.file));
}

/** One image with its config in memory, before any layer is read. */
interface PlannedImage {
  readonly manifest: DockerManifest;
  readonly configBytes: Buffer;
  readonly layers: readonly LayerRequest[];
}

/** Reads the images of some elements of `manifest.json`; their layers are taken in together. */
export async function readManifests(job: ImportJob, manifests: readonly DockerManifest[]): Promise<ReadImage[]> {
  const plans: PlannedImage[] = [];
  for (const manifest of manifests) plans.push(await planImage(job, manifest, manifests.length > 1));
  const taken = await job.intake.take(plans.flatMap(({ layers }) => layers));
  const images: ReadImage[] = [];
  let next = 0;
  for (const plan of plans) {
    images.push(await stageImage(job, plan, taken.slice(next, next + plan.layers.length)));
    next += plan.layers.length;
  }
  return images;
}

async function stageImage(job: ImportJob, plan: PlannedImage, layers: readonly TakenLayer[]): Promise<ReadImage> {
  const staged = await stageManifest(job.transaction, plan.configBytes, layers);
  const isNamed = job.options.name !== undefined;
  const names = isNamed ? [] : namesOfRepoTags(plan.manifest.repoTags, job.archive.source.file);
  return { ...staged, names, format: 'docker-archive' };
}

async function planImage(job: ImportJob, manifest: DockerManifest, isOneOfSeveral: boolean): Promise<PlannedImage> {
  const { source } = job.archive;
  const configBytes = await readConfig(job, manifest.config);
  const config = parseImageConfig(configBytes, memberSubject(source, manifest.config));
  checkLayerCount(manifest, config, source.file);
  const image = isOneOfSeveral ? ` of ${manifest.repoTags[0] ?? manifest.config}` : '';
  const layers = manifest.layers.map((name, index) => {
    const label = `layer ${index + 1} of ${manifest.layers.length}${image}`;
    return requestLayer(job, { name, label, diffId: config.rootfs.diff_ids[index] });
  });
  for (const [index, layer] of layers.entries()) {
    if (layer.region === undefined) await checkForeign(job, manifest, layer, index);
  }
  return { manifest, configBytes, layers };
}

async function readConfig(job: ImportJob, name: string): Promise<Buffer> {
  const { source } = job.archive;
  const member = source.find(name);
  if (member === undefined) {
    throw new LaminaError(
      'ARCHIVE_INCOMPLETE',
      `The config ${name}, which manifest.json names, is missing from ${source.file}.`,
      {
        subject: source.file,
        hint: 'The archive was cut off or made wrongly. Save the image again.',
      },
    );
  }
  const bytes = await readRegion(member, DOCUMENT_LIMIT, memberSubject(source, name));
  const expected = digestInName(name);
  if (expected !== undefined && expected !== digestOf(bytes)) {
    throw new LaminaError(
      'DIGEST_MISMATCH',
      `${memberSubject(source, name)} does not have the digest that its name says.`,
      {
        subject: source.file,
        hint: 'The archive is damaged or was changed. Copy or download it again, or save the image again.',
      },
    );
  }
  return bytes;
}

/** `blobs/sha256/HEX`, `HEX.json` and kaniko's `sha256:HEX` are named by what they hold. */
function digestInName(name: string): Digest | undefined {
  const hex = /^(?:\.?\/)?(?:blobs\/sha256\/|sha256:)?([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1];
  const digest = `sha256:${hex ?? ''}`;
  return isDigest(digest) ? digest : undefined;
}

function checkLayerCount(manifest: DockerManifest, config: ImageConfig, file: string): void {
  const expected = config.rootfs.diff_ids.length;
  if (manifest.layers.length === expected) return;
  throw new LaminaError(
    'IMAGE_INVALID',
    `manifest.json in ${file} lists ${manifest.layers.length} layers, but the config ${manifest.config} has ${expected} DiffIDs.`,
    { subject: file, hint: 'The archive was made wrongly: Docker refuses it too. Save the image again.' },
  );
}

interface NamedLayer {
  readonly name: string;
  readonly label: string;
  readonly diffId: Digest | undefined;
}

function requestLayer(job: ImportJob, { name, label, diffId }: NamedLayer): LayerRequest {
  const { source } = job.archive;
  const region = source.find(name);
  const isBlob = /^(?:\.?\/)?blobs\/sha256\//.test(name);
  // A layer that the archive lacks may be in the store, uncompressed.
  const digest = isBlob ? digestInName(name) : region === undefined ? diffId : undefined;
  return { region, digest, diffId, label, name, file: source.file };
}

/** Docker leaves foreign layers (Windows base images) out of its archives (rule 87): say so, it is not damage. */
async function checkForeign(
  job: ImportJob,
  manifest: DockerManifest,
  layer: LayerRequest,
  index: number,
): Promise<void> {
  if (layer.diffId === undefined || !manifest.foreignLayers.has(layer.diffId)) return;
  if (layer.digest !== undefined && (await job.transaction.has(layer.digest))) return;
  const { file } = job.archive.source;
  throw new LaminaError(
    'ARCHIVE_INCOMPLETE',
    `Layer ${index + 1} in ${file} is a foreign layer, which archives leave out.`,
    {
      subject: file,
      hint: 'Its publisher allows it to be fetched from its own server only. Pull the image from a registry instead.',
    },
  );
}

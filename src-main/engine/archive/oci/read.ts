/**
 * OCI image layouts, as a tar or as a folder (semantics 1.10 rules 85–90, 1.11 rule 94). Everything that a root refers
 * to is kept byte for byte, the index and attestations included; the layers of every image whose blobs are there are
 * indexed. Roots that are no images (other artifacts) are left out. Docker ≥ 25 writes `manifest.json` beside the
 * layout: it is the place where all tags are, and what only it names is imported as well.
 */
import { digestOf, hexOf, type Digest } from '../../digest/digest';
import { LaminaError } from '../../errors';
import { parseIndex } from '../../image/manifest';
import { INDEX_JSON_LIMIT, isObject, parseJsonObject } from '../../store/json';
import type { Descriptor } from '../../store/types';
import { DOCUMENT_LIMIT, memberSubject, readDocument } from '../document';
import { parseManifestJson, type DockerManifest } from '../docker-archive/manifest-json';
import { readDockerArchive, readManifests } from '../docker-archive/read';
import type { GivenName, ImportJob, ReadImage } from '../job';
import { nameOfAnnotations, namesOfRepoTags } from '../names';
import { readRegion } from '../read-region';
import { ArchiveBlobs } from './blobs';
import { RootPlan, type PlannedImage } from './plan';
import { namedRoots, type NamedRoot } from './roots';

export async function readOci(job: ImportJob): Promise<ReadImage[]> {
  const { source, manifestJson } = job.archive;
  await checkLayoutVersion(job);
  const blobs = new ArchiveBlobs(job, (digest) => source.find(`blobs/sha256/${hexOf(digest)}`));
  const descriptors = await readIndexJson(job);
  if (descriptors.length === 0) {
    if (Array.isArray(manifestJson) && manifestJson.length > 0) return readDockerArchive(job);
    throw noImage(source.file);
  }
  const docker = manifestJson === undefined ? [] : parseManifestJson(manifestJson, source.file);
  const named = namedRoots(descriptors, (descriptor) => nameOfAnnotations(descriptor.annotations, source.file));
  return readRoots(job, blobs, { named, docker });
}

/** Reads the given roots, and of `docker` what they do not cover. */
export async function readRoots(
  job: ImportJob,
  blobs: ArchiveBlobs,
  roots: { readonly named: readonly NamedRoot[]; readonly docker: readonly DockerManifest[] },
): Promise<ReadImage[]> {
  const plans: { plan: RootPlan; names: readonly GivenName[] }[] = [];
  for (const { descriptor, names } of roots.named) plans.push({ plan: await RootPlan.of(blobs, descriptor), names });
  const withImages = plans.filter(({ plan }) => plan.images.length > 0);
  if (withImages.length === 0 && roots.docker.length === 0) throw onlyArtifacts(blobs.file);
  const tags = await dockerTags(job, roots.docker);
  const layers = withImages.flatMap(({ plan }) => plan.images.flatMap((image) => image.layers));
  await job.intake.take(layers);
  const needs = [...blobs.kept, ...layers.flatMap(({ digest }) => digest ?? [])];
  const images = withImages.flatMap(({ plan, names }) =>
    imagesOf(plan, names, tags).map((image) => ({ ...image, needs, format: formatOf(job) })),
  );
  const covered = new Set(plans.flatMap(({ plan }) => plan.images.map(({ id }) => id)));
  const rest = tags.filter(({ id }) => !covered.has(id)).map(({ manifest }) => manifest);
  return [...images, ...(await readManifests(job, rest))];
}

interface DockerTags {
  readonly manifest: DockerManifest;
  /** ImageID, by the config's bytes. */
  readonly id: Digest;
  readonly names: readonly GivenName[];
}

async function dockerTags(job: ImportJob, manifests: readonly DockerManifest[]): Promise<DockerTags[]> {
  const { source } = job.archive;
  const tags: DockerTags[] = [];
  for (const manifest of manifests) {
    const member = source.find(manifest.config);
    if (member === undefined) continue;
    const bytes = await readRegion(member, DOCUMENT_LIMIT, memberSubject(source, manifest.config));
    const names = job.options.name === undefined ? namesOfRepoTags(manifest.repoTags, source.file) : [];
    tags.push({ manifest, id: digestOf(bytes), names });
  }
  return tags;
}

/**
 * The images a root becomes: itself; or, when it is an index that lacks the image people mean by it, the images that
 * the archive has, the first of them under the root's names.
 */
function imagesOf(
  plan: RootPlan,
  names: readonly GivenName[],
  tags: readonly DockerTags[],
): Pick<ReadImage, 'root' | 'key' | 'id' | 'names'>[] {
  const chosen = plan.chosen();
  const ids = new Set(plan.images.map(({ id }) => id));
  const tagged = joinNames(
    names,
    tags.filter(({ id }) => ids.has(id)).flatMap((tag) => tag.names),
  );
  const facts = (image: PlannedImage): Pick<ReadImage, 'key' | 'id'> => ({
    key: image.descriptor.digest,
    id: image.id,
  });
  if (chosen !== undefined) return [{ root: plan.root, ...facts(chosen), names: tagged }];
  return plan.images.map((image, index) => ({
    root: image.descriptor,
    ...facts(image),
    names: index === 0 ? tagged : [],
  }));
}

/** A made-up name is only for an image that has no other. */
function joinNames(fromIndex: readonly GivenName[], fromDocker: readonly GivenName[]): GivenName[] {
  const given = [...fromIndex.filter(({ derived }) => !derived), ...fromDocker];
  return given.length > 0 ? given : [...fromIndex];
}

function formatOf(job: ImportJob): ReadImage['format'] {
  if (job.archive.manifestJson !== undefined && job.archive.kind === 'oci') return 'docker-archive';
  return job.archive.source.kind === 'folder' ? 'oci' : 'oci-archive';
}

/** `oci-layout` must say version 1 (image-layout.md). Docker < 25 and old writers leave the file out: then it is not asked. */
async function checkLayoutVersion(job: ImportJob): Promise<void> {
  const { source } = job.archive;
  const member = source.find('oci-layout');
  if (member === undefined) return;
  const document = await readDocument(source, member);
  const version = isObject(document) ? document['imageLayoutVersion'] : undefined;
  if (typeof version === 'string' && /^1\./.test(version)) return;
  throw new LaminaError(
    'ARCHIVE_INVALID',
    `oci-layout in ${source.file} does not say that this is a layout of version 1.`,
    {
      subject: source.file,
      hint: 'Export the image again with a current program.',
    },
  );
}

async function readIndexJson(job: ImportJob): Promise<readonly Descriptor[]> {
  const { source } = job.archive;
  const subject = memberSubject(source, 'index.json');
  const member = source.find('index.json');
  if (member === undefined) throw noImage(source.file);
  const bytes = await readRegion(member, INDEX_JSON_LIMIT, subject);
  parseJsonObject(bytes, { subject, limitBytes: INDEX_JSON_LIMIT, code: 'ARCHIVE_INVALID' });
  return parseIndex(bytes, subject).manifests;
}

function noImage(file: string): LaminaError {
  return new LaminaError('ARCHIVE_INVALID', `index.json in ${file} lists no image (“manifests” is null or empty).`, {
    subject: file,
    hint: 'The export failed where it was made, although it said it did not. Export the image again; with Docker, name it by name:tag and not by id.',
  });
}

function onlyArtifacts(file: string): LaminaError {
  return new LaminaError('UNSUPPORTED_MEDIA_TYPE', `${file} holds artifacts, but no container image.`, {
    subject: file,
    hint: 'Signatures, charts and other artifacts have no filesystem to show. Choose the archive of the image itself.',
  });
}

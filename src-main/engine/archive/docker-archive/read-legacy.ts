/**
 * `docker save` before 1.10 (semantics 1.11 rule 92): a folder for each layer, `ID/{json,layer.tar}`, chained by
 * `parent`, and `repositories` with the tags. The config is rebuilt as Docker itself does on load (moby
 * `image/v1/imagev1.go` MakeConfigFromV1Config), so that the ImageID is the one Docker would give.
 */
import type { Digest } from '../../digest/digest';
import { LaminaError } from '../../errors';
import { isObject, type JsonObject } from '../../store/json';
import { memberSubject, readDocument } from '../document';
import type { TakenLayer } from '../intake';
import type { ImportJob, ReadImage } from '../job';
import { namesOfRepoTags } from '../names';
import { rebuildConfig } from './legacy-config';
import { stageManifest } from './stage-manifest';

const ID = /^[0-9a-f]{64}$/;
/** Docker itself never allowed more than 127 layers. */
const MAX_CHAIN = 1000;

/** `json` of one layer's folder. */
interface V1Layer {
  readonly id: string;
  readonly parent: string | undefined;
  readonly document: JsonObject;
}

export async function readLegacy(job: ImportJob): Promise<ReadImage[]> {
  const layers = await readV1Layers(job);
  const heads = await headsOf(job, layers);
  const images: ReadImage[] = [];
  for (const [id, tags] of heads) {
    const chain = chainOf(job, layers, id);
    const taken = await job.intake.take(chain.map((layer, index) => request(job, layer, index, chain.length)));
    images.push(await stageImage(job, chain, taken, tags));
  }
  return images;
}

async function stageImage(
  job: ImportJob,
  chain: readonly V1Layer[],
  taken: readonly TakenLayer[],
  tags: readonly string[],
): Promise<ReadImage> {
  const documents = chain.map(({ document }) => document);
  const diffIds: Digest[] = taken.map(({ diffId }) => diffId);
  const staged = await stageManifest(job.transaction, rebuildConfig(documents, diffIds), taken);
  const names = job.options.name === undefined ? namesOfRepoTags(tags, job.archive.source.file) : [];
  return { ...staged, names, format: 'docker-archive' };
}

function request(
  job: ImportJob,
  layer: V1Layer,
  index: number,
  count: number,
): Parameters<typeof job.intake.take>[0][number] {
  const { source } = job.archive;
  const name = `${layer.id}/layer.tar`;
  const region = source.find(name);
  const label = `layer ${index + 1} of ${count}`;
  return { region, digest: undefined, diffId: undefined, label, name, file: source.file };
}

async function readV1Layers(job: ImportJob): Promise<ReadonlyMap<string, V1Layer>> {
  const { source } = job.archive;
  const layers = new Map<string, V1Layer>();
  for (const name of source.names()) {
    const id = /^([0-9a-f]{64})\/json$/.exec(name)?.[1];
    const member = id === undefined ? undefined : source.find(name);
    if (id === undefined || member === undefined) continue;
    const document = await readDocument(source, member);
    if (!isObject(document)) throw invalid(source.file, `${name} is not a JSON object`);
    layers.set(id, { id, parent: parentOf(document, source.file), document });
  }
  return layers;
}

function parentOf(document: JsonObject, file: string): string | undefined {
  const { parent } = document;
  if (parent === undefined || parent === null || parent === '') return undefined;
  if (typeof parent === 'string' && ID.test(parent)) return parent;
  throw invalid(file, `a layer names ${JSON.stringify(parent).slice(0, 80)} as its parent, which is no id`);
}

/** Ids of the images with their tags: what `repositories` names, or every layer that is nobody's parent. */
async function headsOf(job: ImportJob, layers: ReadonlyMap<string, V1Layer>): Promise<Map<string, string[]>> {
  const { source } = job.archive;
  const member = source.has('repositories') ? source.find('repositories') : undefined;
  const repositories = member === undefined ? {} : await readDocument(source, member);
  if (!isObject(repositories)) throw invalid(source.file, `${memberSubject(source, 'repositories')} is not an object`);
  const heads = new Map<string, string[]>();
  for (const [name, tags] of Object.entries(repositories)) {
    if (!isObject(tags)) throw invalid(source.file, `“${name}” in repositories has no list of tags`);
    for (const [tag, id] of Object.entries(tags)) {
      if (typeof id !== 'string' || !ID.test(id))
        throw invalid(source.file, `${name}:${tag} does not name an image id`);
      heads.set(id, [...(heads.get(id) ?? []), `${name}:${tag}`]);
    }
  }
  const parents = new Set([...layers.values()].map(({ parent }) => parent));
  const covered = new Set([...heads.keys()].flatMap((id) => chainOf(job, layers, id).map((layer) => layer.id)));
  for (const id of layers.keys()) if (!parents.has(id) && !covered.has(id)) heads.set(id, []);
  if (heads.size === 0) throw invalid(source.file, 'its layers name each other as parents in a circle');
  return heads;
}

/** Lowest first. */
function chainOf(job: ImportJob, layers: ReadonlyMap<string, V1Layer>, head: string): V1Layer[] {
  const { file } = job.archive.source;
  const chain: V1Layer[] = [];
  const seen = new Set<string>();
  for (let id: string | undefined = head; id !== undefined;) {
    const layer: V1Layer | undefined = layers.get(id);
    if (layer === undefined) throw incomplete(file, id);
    if (seen.has(id) || seen.size >= MAX_CHAIN)
      throw invalid(file, 'its layers name each other as parents in a circle');
    seen.add(id);
    chain.push(layer);
    id = layer.parent;
  }
  return chain.reverse();
}

function incomplete(file: string, id: string): LaminaError {
  return new LaminaError('ARCHIVE_INCOMPLETE', `The layer ${id} is missing from ${file}.`, {
    subject: file,
    hint: 'The archive was cut off or made wrongly. Save the image again.',
  });
}

function invalid(file: string, what: string): LaminaError {
  return new LaminaError('ARCHIVE_INVALID', `${file} is an archive of Docker before 1.10, but ${what}.`, {
    subject: file,
    hint: 'The archive is damaged. Save the image again, with a newer Docker if you can.',
  });
}

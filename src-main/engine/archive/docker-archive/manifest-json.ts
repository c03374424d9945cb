/** `manifest.json` of a docker-archive: an array with one element an image (semantics 1.11 rules 93, 95). */
import { LaminaError } from '../../errors';
import { isObject } from '../../store/json';
import { fieldOf, stringsOf } from '../document';

export interface DockerManifest {
  /** Member names. */
  readonly config: string;
  readonly layers: readonly string[];
  readonly repoTags: readonly string[];
  /** DiffIDs of layers that Docker leaves out of archives because they may not be passed on (rule 87). */
  readonly foreignLayers: ReadonlySet<string>;
}

/** @throws ARCHIVE_INVALID when it lists no image or an element is not as Docker writes it */
export function parseManifestJson(document: unknown, file: string): DockerManifest[] {
  if (document === null || document === undefined) throw noImage(file, 'is null');
  if (!Array.isArray(document)) throw invalid(file, 'is not an array');
  if (document.length === 0) throw noImage(file, 'is an empty list');
  return document.map((element: unknown, index) => parseElement(element, index, file));
}

function parseElement(element: unknown, index: number, file: string): DockerManifest {
  if (!isObject(element)) throw invalid(file, `has an element ${index + 1} that is not an object`);
  const config = fieldOf(element, 'Config');
  const layers = stringsOf(fieldOf(element, 'Layers'));
  const repoTags = stringsOf(fieldOf(element, 'RepoTags'));
  const sources = fieldOf(element, 'LayerSources');
  if (typeof config !== 'string' || config === '') throw invalid(file, `has an image ${index + 1} without “Config”`);
  if (layers === undefined) throw invalid(file, `has an image ${index + 1} whose “Layers” is not a list of names`);
  if (repoTags === undefined) throw invalid(file, `has an image ${index + 1} whose “RepoTags” is not a list of names`);
  return { config, layers, repoTags, foreignLayers: new Set(isObject(sources) ? Object.keys(sources) : []) };
}

function noImage(file: string, what: string): LaminaError {
  return new LaminaError('ARCHIVE_INVALID', `manifest.json in ${file} ${what}: the archive holds no image.`, {
    subject: file,
    hint: 'The export failed where it was made, although it said it did not. Export the image again.',
  });
}

function invalid(file: string, what: string): LaminaError {
  return new LaminaError('ARCHIVE_INVALID', `manifest.json in ${file} ${what}.`, {
    subject: file,
    hint: 'The archive is damaged or not from Docker. Save the image again: docker save -o image.tar NAME',
  });
}

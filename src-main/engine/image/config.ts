/**
 * Image configs (image-spec config.md) out of untrusted JSON. Known fields are checked, unknown ones kept (rule 84).
 * Go reads keys in any case, the last one wins (rule 83); so does this, or the window would show another command than
 * the one that Docker runs.
 */
import { isDigest, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { CONFIG_LIMIT, isObject, parseJsonObject, type JsonObject } from '../store/json';
import type { HistoryEntry, ImageConfig, RunConfig } from './types';

const CONFIG_KEYS = [
  'architecture',
  'os',
  'variant',
  'created',
  'author',
  'comment',
  'config',
  'container',
  'container_config',
  'docker_version',
  'history',
  'os.version',
  'os.features',
  'rootfs',
];
const ROOTFS_KEYS = ['type', 'diff_ids'];
const HISTORY_KEYS = ['created', 'created_by', 'author', 'comment', 'empty_layer'];
const RUN_KEYS = [
  ...['Hostname', 'Domainname', 'User', 'AttachStdin', 'AttachStdout', 'AttachStderr', 'ExposedPorts', 'Tty'],
  ...['OpenStdin', 'StdinOnce', 'Env', 'Cmd', 'Healthcheck', 'ArgsEscaped', 'Image', 'Volumes', 'WorkingDir'],
  ...['Entrypoint', 'NetworkDisabled', 'MacAddress', 'OnBuild', 'Labels', 'StopSignal', 'StopTimeout', 'Shell'],
];
const TEXT_FIELDS = ['User', 'WorkingDir', 'StopSignal', 'Hostname', 'Domainname', 'Image', 'MacAddress'];
/** Docker takes a single string for a list of one in these. */
const WORD_FIELDS = ['Cmd', 'Entrypoint', 'Shell'];
const LIST_FIELDS = ['Env', 'OnBuild'];
const SET_FIELDS = ['ExposedPorts', 'Volumes'];

/** RFC 3339, as Go's time.Time accepts it in JSON. */
const TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * @param subject what a person calls the config: its digest, or its name in an archive
 * @throws LaminaError IMAGE_INVALID saying which field is wrong; LIMIT_EXCEEDED
 */
export function parseImageConfig(bytes: Uint8Array, subject: string): ImageConfig {
  const document = likeGo(parseJsonObject(bytes, { subject, limitBytes: CONFIG_LIMIT }), CONFIG_KEYS);
  const check = new Checker(subject);
  const diffIds = parseDiffIds(document['rootfs'], check);
  const history = parseHistory(document['history'], check);
  const layersInHistory = history?.filter((entry) => entry.empty_layer !== true).length ?? 0;
  if (layersInHistory > diffIds.length) {
    throw check.invalid(`its history has ${layersInHistory} entries with a layer, but it has ${diffIds.length} layers`);
  }
  return {
    ...document,
    // Docker takes its own system for a missing one; every container engine runs Linux images.
    architecture: check.text(document, 'architecture') ?? '',
    os: check.text(document, 'os') ?? 'linux',
    variant: check.text(document, 'variant'),
    created: check.time(document, 'created'),
    author: check.text(document, 'author'),
    config: parseRunConfig(document['config'], 'config', check),
    container_config: parseRunConfig(document['container_config'], 'container_config', check),
    rootfs: { type: 'layers', diff_ids: diffIds },
    history,
  };
}

function parseDiffIds(value: unknown, check: Checker): Digest[] {
  if (!isObject(value)) throw check.invalid('it has no “rootfs”');
  const rootfs = likeGo(value, ROOTFS_KEYS);
  const type = check.text(rootfs, 'type') ?? 'layers';
  if (type !== 'layers') throw check.invalid(`its “rootfs.type” is “${type}”, not “layers”`);
  const diffIds: unknown = rootfs['diff_ids'] ?? [];
  if (!Array.isArray(diffIds)) throw check.invalid('“rootfs.diff_ids” is not a list');
  return diffIds.map((diffId: unknown) => {
    if (typeof diffId === 'string' && isDigest(diffId)) return diffId;
    throw check.invalid(`“${String(diffId).slice(0, 100)}” in “rootfs.diff_ids” is not a sha256 digest`);
  });
}

function parseHistory(value: unknown, check: Checker): HistoryEntry[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw check.invalid('“history” is not a list');
  return value.map((item: unknown) => {
    if (!isObject(item)) throw check.invalid('an entry of “history” is not an object');
    const entry = likeGo(item, HISTORY_KEYS);
    const { empty_layer: empty } = entry;
    if (empty !== undefined && empty !== null && typeof empty !== 'boolean') {
      throw check.invalid('“empty_layer” in “history” is not true or false');
    }
    return {
      ...entry,
      created: check.time(entry, 'created'),
      created_by: check.text(entry, 'created_by'),
      author: check.text(entry, 'author'),
      comment: check.text(entry, 'comment'),
      empty_layer: empty ?? undefined,
    };
  });
}

function parseRunConfig(value: unknown, field: string, check: Checker): RunConfig | null | undefined {
  if (value === undefined || value === null) return value;
  if (!isObject(value)) throw check.invalid(`“${field}” is not an object`);
  const run = likeGo(value, RUN_KEYS);
  const words = Object.create(null) as Record<string, readonly string[]>;
  for (const name of WORD_FIELDS) {
    const text = run[name];
    if (typeof text === 'string') words[name] = [text];
    else check.listOfText(run, name);
  }
  for (const name of TEXT_FIELDS) check.text(run, name);
  for (const name of LIST_FIELDS) check.listOfText(run, name);
  for (const name of SET_FIELDS) check.map(run, name, (item) => isObject(item) || item === null);
  check.map(run, 'Labels', (item) => typeof item === 'string');
  return { ...run, ...words };
}

/** The object with keys of `known` in their proper spelling; of several spellings the last one wins, objects merge. */
function likeGo(object: JsonObject, known: readonly string[]): JsonObject {
  const proper = new Map(known.map((key) => [key.toLowerCase(), key]));
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of Object.entries(object)) {
    const name = proper.get(key.toLowerCase()) ?? key;
    const before = result[name];
    result[name] = isObject(before) && isObject(value) ? { ...before, ...value } : value;
  }
  return result;
}

/** Checks of single fields that name the document and the field in their errors. `null` is as good as absent. */
class Checker {
  private readonly subject: string;

  constructor(subject: string) {
    this.subject = subject;
  }

  invalid(why: string): LaminaError {
    return new LaminaError('IMAGE_INVALID', `The image config ${this.subject} is not valid: ${why}.`, {
      subject: this.subject,
      hint: 'The image has to be made again or fetched again; Docker would refuse it too.',
    });
  }

  text(object: JsonObject, field: string): string | undefined {
    const value = object[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    throw this.invalid(`“${field}” is not text`);
  }

  time(object: JsonObject, field: string): string | undefined {
    const value = this.text(object, field);
    if (value === undefined || TIME.test(value)) return value;
    throw this.invalid(`“${field}” is “${value.slice(0, 100)}”, which is not a time`);
  }

  listOfText(object: JsonObject, field: string): void {
    const value = object[field];
    if (value === undefined || value === null) return;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return;
    throw this.invalid(`“${field}” is not a list of texts`);
  }

  map(object: JsonObject, field: string, fits: (item: unknown) => boolean): void {
    const value = object[field];
    if (value === undefined || value === null) return;
    if (isObject(value) && Object.values(value).every(fits)) return;
    throw this.invalid(`“${field}” does not have the form it should`);
  }
}

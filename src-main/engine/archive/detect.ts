/**
 * What a file or folder is, told by its content and never by its name: a gzip wrapper is taken off first, then the
 * members decide (semantics 1.11 rules 92–97).
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { LaminaError, toLaminaError } from '../errors';
import { sniffCompression } from '../layer/compression';
import type { WorkOptions } from '../options';
import { isObject } from '../store/json';
import { indexTarFile, isTar, type TarMember } from '../tar/member-index';
import { fieldOf, readDocument } from './document';
import { readHead } from './read-region';
import { notAnArchive, unsupportedWrapper } from './refusal';
import { folderSource, tarSource, type ArchiveSource } from './source';
import { spoolGzip } from './spool';

/**
 * `oci`: an image layout; `docker`: `manifest.json` is an array; `directory`: skopeo's `dir:`, where `manifest.json` is
 * the manifest; `legacy`: `docker save` before 1.10; `rootfs`: a filesystem and nothing about it.
 */
export type ArchiveKind = 'oci' | 'docker' | 'directory' | 'legacy' | 'rootfs';

export interface OpenedArchive {
  readonly source: ArchiveSource;
  readonly kind: ArchiveKind;
  /** Parsed `manifest.json`, where there is one that belongs to the archive. */
  readonly manifestJson: unknown;
  /** The whole tar as it was received (compressed, if it was). */
  readonly received: { readonly file: string; readonly size: number };
}

const HEAD_BYTES = 512;

/**
 * Opens `file`; a spooled tar goes to `folder`.
 * @throws UNKNOWN_FORMAT, UNSUPPORTED_COMPRESSION, ARCHIVE_INVALID, LIMIT_EXCEEDED, each naming the file and the cure
 */
export async function openArchive(file: string, folder: string, options: WorkOptions): Promise<OpenedArchive> {
  const found = await stat(file).catch((error: unknown) => {
    throw cannotOpen(error, file);
  });
  if (found.isDirectory()) return openFolder(file);
  if (!found.isFile()) throw notARegularFile(file);
  const head = await readHead({ file, offset: 0, size: found.size }, HEAD_BYTES);
  const compression = isTar(head) ? 'none' : sniffCompression(head);
  if (compression !== 'none' && compression !== 'gzip') throw unsupportedWrapper(file, compression);
  if (compression === 'none' && !isTar(head)) throw notAnArchive(file, head);
  const tar = compression === 'gzip' ? await spoolGzip({ file, fileBytes: found.size, folder }, options) : file;
  const source = tarSource(file, tar, await membersOf(tar, file, options));
  if (source.isEmpty) throw emptyTar(file);
  return { source, ...(await kindOf(source)), received: { file, size: found.size } };
}

async function membersOf(tar: string, file: string, options: WorkOptions): Promise<TarMember[]> {
  try {
    return await indexTarFile(tar, options.signal === undefined ? {} : { signal: options.signal });
  } catch (error) {
    const cause = toLaminaError(error, file);
    if (cause.code !== 'TAR_INVALID') throw cause;
    throw new LaminaError('ARCHIVE_INVALID', `${file} is damaged or cut off: ${cause.message}`, {
      subject: file,
      hint: 'Copy or download it again and compare its size with the original, or save the image again.',
      cause,
    });
  }
}

async function openFolder(folder: string): Promise<OpenedArchive> {
  const marks = ['index.json', 'manifest.json', 'repositories'];
  const present = await Promise.all(marks.map((mark) => isFile(path.join(folder, mark))));
  if (!present.includes(true)) throw notALayout(folder);
  const source = await folderSource(folder);
  const { kind, manifestJson } = await kindOf(source);
  if (kind === 'rootfs') throw notALayout(folder);
  return { source, kind, manifestJson, received: { file: folder, size: 0 } };
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function kindOf(source: ArchiveSource): Promise<{ kind: ArchiveKind; manifestJson: unknown }> {
  const manifestJson = await manifestOf(source);
  const isLayout = source.has('index.json') && (source.has('oci-layout') || source.has('blobs/sha256'));
  if (isLayout) return { kind: 'oci', manifestJson: Array.isArray(manifestJson) ? manifestJson : undefined };
  if (Array.isArray(manifestJson) || manifestJson === null) return { kind: 'docker', manifestJson };
  if (isObject(manifestJson) && isRegistryManifest(manifestJson)) return { kind: 'directory', manifestJson };
  if (await isUnfinished(source)) throw unfinished(source.file);
  const kind = hasName(source, LEGACY_JSON) ? 'legacy' : 'rootfs';
  return { kind, manifestJson: undefined };
}

/** A root filesystem may have a `/manifest.json` of its own: then it need not even be JSON. */
async function manifestOf(source: ArchiveSource): Promise<unknown> {
  if (!source.has('manifest.json')) return undefined;
  const isFilesystem = ['etc', 'usr', 'bin'].some((name) => source.has(name));
  try {
    const member = source.find('manifest.json');
    return member === undefined ? undefined : await readDocument(source, member);
  } catch (error) {
    if (isFilesystem) return undefined;
    throw error;
  }
}

function isRegistryManifest(document: Readonly<Record<string, unknown>>): boolean {
  return (
    fieldOf(document, 'schemaVersion') !== undefined &&
    ['config', 'manifests', 'fsLayers'].some((name) => fieldOf(document, name) !== undefined)
  );
}

/** Before Docker 1.10: one folder for each layer, named by its id (rule 92). */
const LEGACY_JSON = /^[0-9a-f]{64}\/json$/;
/** What archives hold that have a `manifest.json` or `index.json` after it: a cut-off one may have lost that. */
const NEEDS_MANIFEST = /^(?:[0-9a-f]{64}\.json|sha256:[0-9a-f]{64}|blobs\/sha256\/[0-9a-f]{64})$/;
const END_BYTES = 1024;

/**
 * Whether the archive lost its last members: cut off exactly between two of them, it is still a tar. An old archive of
 * an untagged image ends without `repositories`; then the zero blocks of the end must be there.
 */
async function isUnfinished(source: ArchiveSource): Promise<boolean> {
  if (hasName(source, NEEDS_MANIFEST)) return true;
  if (source.has('repositories')) return false;
  const isOfLayers = hasName(source, LEGACY_JSON) || hasName(source, /^[0-9a-f]{64}\/layer\.tar$/);
  return isOfLayers && source.tar !== undefined && !(await endsWithZeros(source.tar));
}

async function endsWithZeros(file: string): Promise<boolean> {
  const { size } = await stat(file);
  const end = await readHead({ file, offset: Math.max(0, size - END_BYTES), size: END_BYTES }, END_BYTES);
  return end.length === END_BYTES && end.every((byte) => byte === 0);
}

function hasName(source: ArchiveSource, pattern: RegExp): boolean {
  for (const name of source.names()) if (pattern.test(name)) return true;
  return false;
}

function unfinished(file: string): LaminaError {
  return new LaminaError(
    'ARCHIVE_INCOMPLETE',
    `${file} holds layers of an image, but neither manifest.json nor index.json.`,
    {
      subject: file,
      hint: 'It was cut off, or files were left out of it. Copy or download it again, or save the image again.',
    },
  );
}

function cannotOpen(error: unknown, file: string): LaminaError {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (!missing) return toLaminaError(error, file);
  return new LaminaError('INVALID_ARGUMENT', `There is no file or folder ${file}.`, {
    subject: file,
    hint: 'Check the spelling, and that the disk it is on is connected.',
    cause: error,
  });
}

function notARegularFile(file: string): LaminaError {
  return new LaminaError('UNKNOWN_FORMAT', `${file} is neither a file nor a folder (a device, pipe or socket).`, {
    subject: file,
    hint: 'Write it to a file first, then import that.',
  });
}

function notALayout(folder: string): LaminaError {
  return new LaminaError(
    'UNKNOWN_FORMAT',
    `${folder} is not an image: it has neither index.json (OCI image layout) nor manifest.json.`,
    {
      subject: folder,
      hint: 'Choose the folder that holds oci-layout and index.json. To import a root filesystem, pack it first: tar -C FOLDER -cf rootfs.tar .',
    },
  );
}

function emptyTar(file: string): LaminaError {
  return new LaminaError('ARCHIVE_INVALID', `${file} is a tar with no files in it.`, {
    subject: file,
    hint: 'Saving the image failed. Save it again: docker save -o image.tar NAME',
  });
}

/**
 * Where everything is in a store's folder: an OCI image layout (image-spec image-layout.md) that other programs can
 * read, and `lamina/` beside it. The only file that knows these names.
 */
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hexOf, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { replaceFile } from './atomic';
import { isObject, parseJsonObject } from './json';
import { withStoreLock } from './lock';
import { scratchPath } from './scratch';
import { ifExists } from './system-error';

const LAYOUT_VERSION = '1.0.0';
/** Counts up when `lamina/` changes in a way that older versions must not touch. */
const STORE_VERSION = 1;
const SMALL_FILE_LIMIT = 64 * 1024;

export interface Layout {
  readonly dir: string;
  readonly layoutFile: string;
  readonly indexJson: string;
  readonly blobs: string;
  readonly lamina: string;
  readonly versionFile: string;
  readonly lock: string;
  readonly indexes: string;
  readonly containers: string;
  readonly tmp: string;
}

export function layoutOf(dir: string): Layout {
  const lamina = path.join(dir, 'lamina');
  return {
    dir,
    layoutFile: path.join(dir, 'oci-layout'),
    indexJson: path.join(dir, 'index.json'),
    blobs: path.join(dir, 'blobs', 'sha256'),
    lamina,
    versionFile: path.join(lamina, 'version'),
    lock: path.join(lamina, 'lock'),
    indexes: path.join(lamina, 'index'),
    containers: path.join(lamina, 'containers'),
    tmp: path.join(lamina, 'tmp'),
  };
}

/** File of a blob. */
export function blobPath(layout: Layout, digest: Digest): string {
  return path.join(layout.blobs, hexOf(digest));
}

/** File of the layer index for a DiffID. */
export function indexPath(layout: Layout, diffId: Digest): string {
  return path.join(layout.indexes, hexOf(diffId));
}

/**
 * Makes the folder a store, or checks that it is one. An OCI layout of another program becomes a store by the folder
 * `lamina/` alone; a folder with other things in it is left alone.
 * @throws LaminaError STORE_INVALID
 */
export async function prepareLayout(dir: string): Promise<Layout> {
  const layout = layoutOf(dir);
  await mkdir(dir, { recursive: true });
  const marker = await ifExists(readFile(layout.layoutFile));
  if (marker === undefined) await refuseForeignFolder(layout);
  else checkLayoutVersion(marker, layout);
  await checkStoreVersion(layout);
  for (const folder of [layout.blobs, layout.indexes, layout.containers, layout.tmp]) {
    await mkdir(folder, { recursive: true });
  }
  if (await isIncomplete(layout)) {
    // One at a time, or a second process would put an empty list over what a first one has added meanwhile.
    await withStoreLock(layout, 'making the store', () => writeMissingFiles(layout));
  }
  return layout;
}

async function isIncomplete(layout: Layout): Promise<boolean> {
  return !(await exists(layout.layoutFile)) || !(await exists(layout.versionFile));
}

/**
 * The files of an empty store; `oci-layout` last, so that a folder with it is whole. Where it is, a missing `index.json`
 * was lost, and an empty one in its place would let the collector remove every image.
 */
async function writeMissingFiles(layout: Layout): Promise<void> {
  const isNew = !(await exists(layout.layoutFile));
  await writeIfMissing(layout, layout.versionFile, `${JSON.stringify({ store: STORE_VERSION })}\n`);
  if (!isNew) return;
  await writeIfMissing(layout, layout.indexJson, `${JSON.stringify({ schemaVersion: 2, manifests: [] })}\n`);
  await writeIfMissing(layout, layout.layoutFile, JSON.stringify({ imageLayoutVersion: LAYOUT_VERSION }));
}

async function writeIfMissing(layout: Layout, file: string, content: string): Promise<void> {
  if (!(await exists(file))) await replaceFile(file, content, await scratchPath(layout));
}

async function exists(file: string): Promise<boolean> {
  return (await ifExists(stat(file))) !== undefined;
}

/** Says what is wrong with `oci-layout`, or undefined when it is right. */
export async function layoutProblem(layout: Layout): Promise<string | undefined> {
  try {
    checkLayoutVersion(await readFile(layout.layoutFile), layout);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function refuseForeignFolder(layout: Layout): Promise<void> {
  // A crash while the store was made leaves some of these; another process may be making them right now.
  const ours = new Set(['lamina', 'blobs', 'index.json', 'oci-layout']);
  const other = (await readdir(layout.dir)).find((name) => !ours.has(name) && !name.startsWith('.'));
  if (other === undefined) return;
  throw new LaminaError(
    'STORE_INVALID',
    `${layout.dir} is not a Lamina store: it has no “oci-layout”, but other things such as “${other}”.`,
    { subject: layout.dir, hint: 'Choose an empty or new folder for the store.' },
  );
}

function checkLayoutVersion(bytes: Buffer, layout: Layout): void {
  const subject = layout.layoutFile;
  const marker = parseJsonObject(bytes, { subject, limitBytes: SMALL_FILE_LIMIT, code: 'STORE_INVALID' });
  const version = marker['imageLayoutVersion'];
  if (typeof version === 'string' && version.startsWith('1.')) return;
  throw new LaminaError('STORE_INVALID', `${subject} names the layout version “${String(version)}”, not 1.x.`, {
    subject,
    hint: 'The folder was made by a newer program or is damaged; choose another folder for the store.',
  });
}

async function checkStoreVersion(layout: Layout): Promise<void> {
  const subject = layout.versionFile;
  const bytes = await ifExists(readFile(subject));
  if (bytes === undefined) return;
  const content = parseJsonObject(bytes, { subject, limitBytes: SMALL_FILE_LIMIT, code: 'STORE_INVALID' });
  if (isObject(content) && content['store'] === STORE_VERSION) return;
  throw new LaminaError('STORE_INVALID', `${layout.dir} has store version ${String(content['store'])}.`, {
    subject: layout.dir,
    hint: `This program knows version ${STORE_VERSION}; use a newer Lamina or another store folder.`,
  });
}

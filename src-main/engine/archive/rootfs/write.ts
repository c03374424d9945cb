/**
 * The union of an image as one flat tar, as `docker export` gives it: no layers, no whiteouts, hard links kept. Entries
 * in byte order of their paths, parents first, with their own times.
 */
import { createHash } from 'node:crypto';
import { LaminaError } from '../../errors';
import { layerIndexes, unionOf } from '../../image/tree';
import type { Image } from '../../image/types';
import type { LayerIndex } from '../../layer/index-file';
import type { WorkOptions } from '../../options';
import { fromText } from '../../path/byte-string';
import { pathToText, type LayerPath } from '../../path/layer-path';
import { indexTarFile } from '../../tar/member-index';
import { createTarWriter } from '../../tar/writer';
import type { TarHeader } from '../../tar/types';
import type { ContentLocation, FileState, UnionTree } from '../../union/types';
import type { ArchiveContext } from '../job';
import { writeChecked, type FileSink } from '../output';
import { readExactly, throwIfCancelled } from '../read-region';
import { openPlainLayers, type PlainLayers } from './plain-layers';

const CHUNK_BYTES = 1024 * 1024;

/** Writes the flattened tar; returns its length. */
export async function writeRootfs(
  context: ArchiveContext,
  image: Image,
  target: string,
  options: WorkOptions,
): Promise<number> {
  const tree = await unionOf(context.store, image, context.pool, options);
  const indexes = await layerIndexes(context.store, image, context.pool, options);
  const scratch = await context.store.begin();
  try {
    const layers = await openPlainLayers(
      { store: context.store, image, needed: layersWithContent(tree), folder: scratch.folder },
      options,
    );
    try {
      let entries = 0;
      return await writeChecked(
        target,
        async (sink) => {
          entries = await writeTree(tree, { layers, indexes }, sink, options);
        },
        (part) => checkCount(part, () => entries),
      );
    } finally {
      await layers.close();
    }
  } finally {
    await scratch.rollback();
  }
}

function layersWithContent(tree: UnionTree): Set<number> {
  const needed = new Set<number>();
  for (const node of tree.walk()) {
    const content = tree.visible(node)?.state.content;
    if (content !== undefined && content.size > 0) needed.add(content.layer);
  }
  return needed;
}

interface Contents {
  readonly layers: PlainLayers;
  readonly indexes: readonly LayerIndex[];
}

async function writeTree(tree: UnionTree, contents: Contents, sink: FileSink, options: WorkOptions): Promise<number> {
  const writer = createTarWriter((chunk) => sink.write(chunk));
  const firstNames = new Map<number, LayerPath>();
  const totalBytes = contentBytes(tree);
  let doneBytes = 0;
  let entries = 0;
  const report = (state: 'running' | 'done'): void =>
    options.onProgress?.({ part: 'rootfs', label: 'files', doneBytes, totalBytes, state });
  for (const node of tree.walk()) {
    throwIfCancelled(options.signal);
    const state = tree.visible(node)?.state;
    if (state === undefined) continue;
    entries += 1;
    const first = state.type === 'dir' ? undefined : firstNames.get(state.inode);
    if (first !== undefined) {
      await writer.add({ ...headerOf(node.path, state), type: 'hardlink', size: 0, linkname: first });
      continue;
    }
    firstNames.set(state.inode, node.path);
    await writer.add(headerOf(node.path, state), contentOf(node.path, state, contents));
    doneBytes += state.content?.size ?? 0;
    report('running');
  }
  await writer.end();
  report('done');
  return entries;
}

function contentBytes(tree: UnionTree): number {
  const sizes = new Map<number, number>();
  for (const node of tree.walk()) {
    const state = tree.visible(node)?.state;
    if (state?.content !== undefined) sizes.set(state.inode, state.content.size);
  }
  return [...sizes.values()].reduce((total, size) => total + size, 0);
}

function headerOf(layerPath: LayerPath, state: FileState): TarHeader {
  const { type, mode, uid, gid, mtime, xattrs, devMajor, devMinor } = state;
  const size = type === 'file' ? (state.content?.size ?? 0) : 0;
  const linkname = type === 'symlink' ? state.linkname : fromText('');
  return { path: layerPath, type, mode, uid, gid, size, mtime, linkname, xattrs, devMajor, devMinor };
}

/** A file's bytes out of its layer, checked against the SHA-256 that the scan gave them. */
async function* contentOf(
  layerPath: LayerPath,
  { content }: FileState,
  { layers, indexes }: Contents,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (content === undefined || content.size === 0) return;
  const offset = indexes[content.layer]?.entry(content.position).offset ?? 0;
  const handle = layers.handle(content.layer);
  const hash = createHash('sha256');
  for (let done = 0; done < content.size;) {
    const size = Math.min(CHUNK_BYTES, content.size - done);
    const chunk = await readExactly(
      handle,
      { file: layers.file(content.layer), offset: offset + done, size },
      pathToText(layerPath),
    );
    hash.update(chunk);
    done += size;
    yield chunk;
  }
  if (hash.digest('hex') !== content.sha256) throw damaged(layerPath, content);
}

function damaged(layerPath: LayerPath, { layer }: ContentLocation): LaminaError {
  const file = pathToText(layerPath);
  return new LaminaError('BLOB_DAMAGED', `${file} in layer ${layer + 1} does not have its content any more.`, {
    subject: file,
    hint: 'Nothing was exported. Run “lamina fsck”, then import the image again from where it came from.',
  });
}

async function checkCount(part: string, expected: () => number): Promise<void> {
  const { length } = await indexTarFile(part);
  if (length === expected()) return;
  throw new LaminaError('IO', `${part} holds ${length} entries instead of ${expected()} after it was written.`, {
    subject: part,
    hint: 'The disk or the network drive did not keep it. Try another one.',
  });
}

/** `Lamina.browse`: a tree with what is needed to read its files. */
import type { Readable } from 'node:stream';
import type { ContainerInfo } from '../container/types';
import { LaminaError } from '../errors';
import { findImage } from '../image/load';
import { layerIndexes, unionOf } from '../image/tree';
import type { Image } from '../image/types';
import { openContent } from '../layer/content';
import type { EntryList } from '../layer/entry';
import type { Browse, BrowseTarget } from '../lamina';
import { buildUnion } from '../union/merge';
import type { FileState, UnionTree } from '../union/types';
import type { EngineContext } from './context';

interface ReadOptions {
  readonly start?: number;
  readonly end?: number;
  readonly signal?: AbortSignal;
}

/** What browsing asks of the containers. */
export interface ContainerLayers {
  get(name: string): Promise<ContainerInfo>;
  /** The container layer as if it were the topmost layer. */
  layerOf(name: string): Promise<EntryList>;
  /** Content of a file that the container layer wrote. */
  openUpper(name: string, state: FileState, options?: ReadOptions): Promise<Readable>;
}

/** @throws LaminaError IMAGE_NOT_FOUND, CONTAINER_NOT_FOUND, and what is wrong with a layer */
export function browse(context: EngineContext, containers: ContainerLayers, target: BrowseTarget): Promise<Browse> {
  return target.kind === 'image' ? browseImage(context, target.ref) : browseContainer(context, containers, target.name);
}

async function browseImage(context: EngineContext, ref: string): Promise<Browse> {
  const image = await findImage(context.store, ref);
  const tree = await unionOf(context.store, image, context.pool);
  const open = (state: FileState, options?: ReadOptions): Promise<Readable> =>
    openInImage(context, image, state, options);
  return view(tree, image, undefined, open);
}

async function browseContainer(context: EngineContext, containers: ContainerLayers, name: string): Promise<Browse> {
  const container = await containers.get(name);
  const image = await findImage(context.store, container.imageKey);
  const indexes = await layerIndexes(context.store, image, context.pool);
  const tree = buildUnion([...indexes, await containers.layerOf(name)]);
  const open = (state: FileState, options?: ReadOptions): Promise<Readable> =>
    state.content?.layer === image.layers.length
      ? containers.openUpper(name, state, options)
      : openInImage(context, image, state, options);
  return view(tree, image, container, open);
}

function view(tree: UnionTree, image: Image, container: ContainerInfo | undefined, open: Browse['open']): Browse {
  return {
    tree,
    image,
    container,
    open,
    read: async (state, limitBytes) => readStart(await open(state, { end: limitBytes }), limitBytes),
  };
}

async function openInImage(
  { store, pool }: EngineContext,
  image: Image,
  state: FileState,
  options: ReadOptions = {},
): Promise<Readable> {
  const { content } = state;
  const layer = content === undefined ? undefined : image.layers[content.layer];
  if (content === undefined || layer === undefined) {
    throw new LaminaError('INVALID_ARGUMENT', `Only a regular file has content; this is a ${state.type}.`);
  }
  const indexes = await layerIndexes(store, image, pool);
  const offset = indexes[content.layer]?.entry(content.position).offset ?? 0;
  const { size, sha256 } = content;
  return openContent({ blobFile: store.blobFile(layer.digest), offset, size, sha256, ...options });
}

async function readStart(stream: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).subarray(0, limitBytes);
}

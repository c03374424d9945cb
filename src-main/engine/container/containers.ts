/** All containers of a store: the engine's `containers` noun, and what browsing and collecting need of it. */
import { Readable } from 'node:stream';
import { LaminaError, toLaminaError } from '../errors';
import type { Digest } from '../digest/digest';
import type { EntryList } from '../layer/entry';
import type { WorkOptions } from '../options';
import { fromText } from '../path/byte-string';
import type { LayerPath } from '../path/layer-path';
import type { FileState } from '../union/types';
import { changesOf } from './changes';
import { commitContainer } from './commit/commit';
import type { ContainerRecord } from './container-folder';
import { ContainerRegistry, type Found } from './container-registry';
import { stageContent, type ContentRange, type StagedContent } from './content-folder';
import type { Draft } from './draft';
import { addTree } from './edits/add-tree';
import { makeDirectory } from './edits/make-directory';
import { makeSymlink } from './edits/make-symlink';
import { movePath } from './edits/move';
import { removePath } from './edits/remove';
import { setAttributes } from './edits/set-attributes';
import { writeFile } from './edits/write-file';
import { scanHost, stageHost } from './host-tree';
import { imageByKey, openLayerContent, treeBelow, type ContainerContext, type LayerContent } from './image-below';
import { MergedView } from './merged-view';
import type { AddResult, AttributeChange, Change, CommitRequest, CommitResult, ContainerInfo } from './types';
import type { UpperContent } from './upper';
import { listOf, rowsOf, type UpperRow } from './upper-rows';

export type { ContainerContext } from './image-below';

/** @param context the store and the pool that the whole engine shares */
export function createContainers(context: ContainerContext): Containers {
  return new Containers(context);
}

/** Containers are named by their name or their id. Every method throws CONTAINER_NOT_FOUND for a name nothing has. */
export class Containers {
  readonly #context: ContainerContext;
  readonly #registry: ContainerRegistry;

  constructor(context: ContainerContext) {
    this.#context = context;
    this.#registry = new ContainerRegistry(context.store);
  }

  /** In the order they were made. Damaged ones are left out; `get` and `fsck` say what is wrong with those. */
  async list(): Promise<ContainerInfo[]> {
    const found = await this.#registry.all((error) => {
      if (error.code !== 'STORE_INVALID') throw error;
    });
    const infos = await Promise.all(
      found.map((one) =>
        this.#info(one).catch((error: unknown) => {
          if (error instanceof LaminaError && error.code === 'STORE_INVALID') return undefined;
          throw error;
        }),
      ),
    );
    return infos
      .filter((info) => info !== undefined)
      .sort((a, b) => (a.created === b.created ? (a.name < b.name ? -1 : 1) : a.created < b.created ? -1 : 1));
  }

  async get(name: string): Promise<ContainerInfo> {
    return this.#info(await this.#registry.find(name));
  }

  async create(ref: string, name?: string): Promise<ContainerInfo> {
    return this.#info(await this.#registry.create(ref, name));
  }

  async rename(name: string, newName: string): Promise<ContainerInfo> {
    return this.#info(await this.#registry.rename(name, newName));
  }

  /** Removes the container with everything that was changed in it. */
  remove(name: string): Promise<void> {
    return this.#registry.remove(name);
  }

  /** As `docker diff`; a directory comes before what is in it. */
  async changes(name: string): Promise<Change[]> {
    const { record, container } = await this.#registry.find(name);
    const lower = await treeBelow(this.#context, record.imageKey);
    return container.read((upper) => changesOf(new MergedView(lower, upper)));
  }

  async writeFile(name: string, path: LayerPath, content: Uint8Array | Readable): Promise<ContainerInfo> {
    return this.#withScratch(async (scratch) => {
      const staged = await stageContent(scratch, content instanceof Uint8Array ? Readable.from([content]) : content);
      return this.#edit(name, 'writeFile', (draft) => writeFile(draft, path, contentOf(staged)), [staged]);
    });
  }

  async addFromHost(name: string, hostPath: string, path: LayerPath, options: WorkOptions = {}): Promise<AddResult> {
    return this.#withScratch(async (scratch) => {
      const tree = await scanHost(hostPath, options);
      const items = await stageHost(tree, scratch, options);
      const staged = items.flatMap((item) => item.content ?? []);
      const info = await this.#edit(name, 'addFromHost', (draft) => addTree(draft, items, path), staged);
      return { ...info, skipped: tree.skipped };
    });
  }

  makeDirectory(name: string, path: LayerPath, options: { readonly parents?: boolean } = {}): Promise<ContainerInfo> {
    return this.#edit(name, 'makeDirectory', (draft) => makeDirectory(draft, path, options));
  }

  removePath(name: string, path: LayerPath): Promise<ContainerInfo> {
    return this.#edit(name, 'removePath', (draft) => removePath(draft, path));
  }

  move(name: string, from: LayerPath, to: LayerPath): Promise<ContainerInfo> {
    return this.#edit(name, 'move', (draft) => movePath(draft, from, to));
  }

  setAttributes(
    name: string,
    path: LayerPath,
    change: AttributeChange,
    options: { readonly recursive?: boolean } = {},
  ): Promise<ContainerInfo> {
    return this.#edit(name, 'setAttributes', (draft) => setAttributes(draft, path, { ...change, ...options }));
  }

  symlink(name: string, target: string, path: LayerPath): Promise<ContainerInfo> {
    return this.#edit(name, 'symlink', (draft) => makeSymlink(draft, fromText(target), path));
  }

  /** Makes an image of the container; the container stays as it is. */
  async commit(name: string, request: CommitRequest, options: WorkOptions = {}): Promise<CommitResult> {
    const { record, container } = await this.#registry.find(name);
    const image = await imageByKey(this.#context, record.imageKey);
    const rows = await container.read(rowsOf);
    return commitContainer(this.#context, { image, rows, content: container.content }, { ...request, ...options });
  }

  /** The container layer as it is now, to be merged on top of the image's layers. */
  async layerOf(name: string): Promise<EntryList> {
    const { container } = await this.#registry.find(name);
    return listOf(await container.read(rowsOf));
  }

  /**
   * Content of a file that the container layer has or had: it is found by its SHA-256, so a state from before the last
   * edits can still be opened.
   * @throws LaminaError BLOB_MISSING, PATH_NOT_FOUND for a state without content; (as stream error) BLOB_DAMAGED
   */
  async openUpper(name: string, state: FileState, range: ContentRange = {}): Promise<Readable> {
    const { record, container } = await this.#registry.find(name);
    const { content } = state;
    if (content === undefined) throw new LaminaError('PATH_NOT_FOUND', 'Only regular files have content.');
    const { sha256, size } = content;
    if (await container.content.has(sha256)) return container.content.open(sha256, size, range);
    const below = await this.#findBelow(record, await container.read(rowsOf), sha256);
    if (below === undefined) return container.content.open(sha256, size, range);
    const image = await imageByKey(this.#context, record.imageKey);
    return openLayerContent(this.#context, { image, content: below, ...range });
  }

  /**
   * Keys of all images that containers lie on.
   * @throws LaminaError STORE_INVALID when a container cannot be read: then nothing may be collected
   */
  async pinned(): Promise<Digest[]> {
    return [...new Set((await this.#registry.all()).map(({ record }) => record.imageKey))];
  }

  async #findBelow(
    { imageKey }: ContainerRecord,
    rows: readonly UpperRow[],
    sha256: string,
  ): Promise<LayerContent | undefined> {
    const current = rows.find(({ content }) => content?.from === 'layer' && content.sha256 === sha256)?.content;
    if (current?.from === 'layer') return current;
    const tree = await treeBelow(this.#context, imageKey);
    for (const node of tree.walkAll()) {
      const version = node.versions.find(({ state }) => state.content?.sha256 === sha256);
      if (version?.state.content !== undefined) return { from: 'layer', ...version.state.content };
    }
    return undefined;
  }

  async #edit(
    name: string,
    operation: string,
    apply: (draft: Draft) => void,
    staged: readonly StagedContent[] = [],
  ): Promise<ContainerInfo> {
    const found = await this.#registry.find(name);
    const lower = await treeBelow(this.#context, found.record.imageKey);
    await found.container.edit({ name: operation, lower, staged, apply }).catch((error: unknown) => {
      throw toLaminaError(error, name);
    });
    return this.#info(found);
  }

  async #info({ record, container }: Found): Promise<ContainerInfo> {
    return container.read((upper) => ({
      ...record,
      revision: container.revision,
      changes: upper.size,
      bytes: upper.contentBytes(),
    }));
  }

  /** A folder in the store's filesystem that is gone afterwards, whatever happened. */
  async #withScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
    const transaction = await this.#context.store.begin();
    try {
      return await work(transaction.folder);
    } catch (error) {
      throw toLaminaError(error);
    } finally {
      await transaction.rollback();
    }
  }
}

function contentOf({ sha256, size }: StagedContent): UpperContent {
  return { from: 'container', sha256, size };
}

/** Which containers a store has: made, renamed, removed, found by name or id. */
import { LaminaError, toLaminaError } from '../errors';
import { findImage } from '../image/load';
import { familiarOf, tryReference } from '../image/reference';
import type { Image } from '../image/types';
import type { BlobStore } from '../store/types';
import { containerFolders, ContainerFolder, newContainerId, type ContainerRecord } from './container-folder';
import { checkContainerName, freeName } from './names';
import { OpenContainer } from './open-container';

/** A container's record with its layer in memory. */
export interface Found {
  readonly record: ContainerRecord;
  readonly container: OpenContainer;
}

/** Docker's length of a short id. */
const SHORT_ID_DIGITS = 12;

export class ContainerRegistry {
  readonly #store: BlobStore;
  readonly #open = new Map<string, OpenContainer>();

  constructor(store: BlobStore) {
    this.#store = store;
  }

  /** Makes a container, with a name made up when none is given. @throws LaminaError CONTAINER_EXISTS, IMAGE_NOT_FOUND */
  async create(ref: string, name?: string): Promise<Found> {
    if (name !== undefined) checkContainerName(name);
    const store = this.#store;
    const record = await store.withLock('making a container', async () => {
      // Looked up under the lock, so that no collector takes the image away before the container pins it.
      const image = await findImage(store, ref);
      const taken = new Set((await this.all()).map((one) => one.record.name));
      if (name !== undefined && taken.has(name)) throw existsError(name);
      const made: ContainerRecord = {
        id: newContainerId(),
        name: name ?? freeName((candidate) => taken.has(candidate)),
        imageKey: image.key,
        imageReference: referenceOf(image, ref),
        created: new Date().toISOString(),
      };
      await new ContainerFolder(store, made.id).create(made);
      return made;
    });
    return this.find(record.id);
  }

  async rename(name: string, newName: string): Promise<Found> {
    checkContainerName(newName);
    const id = await this.#store.withLock('renaming a container', async () => {
      const { record, container } = await this.find(name);
      if (record.name === newName) return record.id;
      if ((await this.all()).some((other) => other.record.name === newName)) throw existsError(newName);
      await container.folder.replace({ ...record, name: newName });
      return record.id;
    });
    return this.find(id);
  }

  /** Removes the container with everything that was changed in it. */
  async remove(name: string): Promise<void> {
    await this.#store.withLock('removing a container', async () => {
      const { record, container } = await this.find(name);
      await container.folder.remove();
      this.#open.delete(record.id);
    });
  }

  async find(name: string): Promise<Found> {
    const all = await this.all((error, id) => {
      if (id === name) throw error;
    });
    const found = all.find(({ record }) => record.name === name) ?? all.find(({ record }) => record.id === name);
    if (found !== undefined) return found;
    throw new LaminaError('CONTAINER_NOT_FOUND', `There is no container “${name}”.`, {
      subject: name,
      hint: 'See what there is with “lamina container ls”.',
    });
  }

  async all(onDamaged?: (error: LaminaError, id: string) => void): Promise<Found[]> {
    const found: Found[] = [];
    for (const folder of await containerFolders(this.#store)) {
      try {
        const record = await folder.read();
        if (record !== undefined) found.push({ record, container: this.#container(folder) });
      } catch (error) {
        if (onDamaged === undefined) throw error;
        onDamaged(toLaminaError(error), folder.id);
      }
    }
    return found;
  }

  #container(folder: ContainerFolder): OpenContainer {
    const known = this.#open.get(folder.id);
    if (known !== undefined) return known;
    const container = new OpenContainer(this.#store, folder);
    this.#open.set(folder.id, container);
    return container;
  }
}

function existsError(name: string): LaminaError {
  return new LaminaError('CONTAINER_EXISTS', `There is a container “${name}” already.`, {
    subject: name,
    hint: 'Choose another name, or rename or remove that one.',
  });
}

/** What people call the image: as they typed it when it is one of its references, else one it has, else its key. */
function referenceOf(image: Image, typed: string): string {
  const full = tryReference(typed)?.full;
  if (full !== undefined && image.references.includes(full)) return familiarOf(full);
  const [first] = image.references;
  return first === undefined ? image.id.slice(0, 'sha256:'.length + SHORT_ID_DIGITS) : familiarOf(first);
}

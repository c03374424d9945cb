/**
 * One container's folder, `lamina/containers/<id>/`: `container.json` (replaced as a whole), `journal` and `content/`.
 * A folder appears and disappears by one rename, so nobody ever sees half of one.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isDigest, type Digest } from '../digest/digest';
import { LaminaError } from '../errors';
import { replaceFile, syncFolder, writeNewFile } from '../store/atomic';
import { parseJsonObject } from '../store/json';
import { ifExists } from '../store/system-error';
import type { BlobStore } from '../store/types';

/** What `container.json` holds. */
export interface ContainerRecord {
  readonly id: string;
  readonly name: string;
  readonly imageKey: Digest;
  readonly imageReference: string;
  /** ISO 8601. */
  readonly created: string;
}

const ID = /^[0-9a-f]{32}$/;
const RECORD_FILE = 'container.json';
const RECORD_LIMIT = 64 * 1024;
const VERSION = 1;

const recordSchema = z.object({
  version: z.literal(VERSION),
  id: z.string().regex(ID),
  name: z.string().min(1),
  imageKey: z.string().refine(isDigest, 'not a digest'),
  imageReference: z.string(),
  created: z.string(),
});

export function newContainerId(): string {
  return randomBytes(16).toString('hex');
}

export class ContainerFolder {
  readonly id: string;
  readonly #store: BlobStore;

  constructor(store: BlobStore, id: string) {
    this.#store = store;
    this.id = id;
  }

  get dir(): string {
    return path.join(this.#store.containersDir(), this.id);
  }

  get journal(): string {
    return path.join(this.dir, 'journal');
  }

  get content(): string {
    return path.join(this.dir, 'content');
  }

  /**
   * The record, or undefined when there is no such container.
   * @throws LaminaError STORE_INVALID when it is damaged
   */
  async read(): Promise<ContainerRecord | undefined> {
    const file = path.join(this.dir, RECORD_FILE);
    const bytes = await ifExists(readFile(file));
    if (bytes === undefined) return undefined;
    const json = parseJsonObject(bytes, { subject: file, limitBytes: RECORD_LIMIT, code: 'STORE_INVALID' });
    const parsed = recordSchema.safeParse(json);
    if (parsed.success && parsed.data.id === this.id) {
      const { id, name, imageKey, imageReference, created } = parsed.data;
      return { id, name, imageKey, imageReference, created };
    }
    throw new LaminaError('STORE_INVALID', `${file} is not the record of a container.`, {
      subject: file,
      hint: 'Another program changed the file. Restore it from a backup, or delete the folder it is in.',
    });
  }

  async replace(record: ContainerRecord): Promise<void> {
    await this.#withScratch(async (scratch) => {
      await replaceFile(path.join(this.dir, RECORD_FILE), encodeRecord(record), path.join(scratch, RECORD_FILE));
    });
  }

  /** Makes the folder with an empty journal. */
  async create(record: ContainerRecord): Promise<void> {
    await this.#withScratch(async (scratch) => {
      const prepared = path.join(scratch, this.id);
      await mkdir(path.join(prepared, 'content'), { recursive: true });
      await writeNewFile(path.join(prepared, RECORD_FILE), encodeRecord(record));
      await writeNewFile(path.join(prepared, 'journal'), '');
      await syncFolder(prepared);
      await rename(prepared, this.dir);
      await syncFolder(this.#store.containersDir());
    });
  }

  async remove(): Promise<void> {
    await this.#withScratch(async (scratch) => {
      await rename(this.dir, path.join(scratch, this.id));
      await syncFolder(this.#store.containersDir());
    });
  }

  /** A folder in the same filesystem that is gone afterwards, with what is left in it. */
  async #withScratch(work: (scratch: string) => Promise<void>): Promise<void> {
    const transaction = await this.#store.begin();
    try {
      await work(transaction.folder);
    } finally {
      await transaction.rollback();
    }
  }
}

/** All containers' folders. */
export async function containerFolders(store: BlobStore): Promise<ContainerFolder[]> {
  const names = (await ifExists(readdir(store.containersDir()))) ?? [];
  return names.filter((name) => ID.test(name)).map((name) => new ContainerFolder(store, name));
}

function encodeRecord({ id, name, imageKey, imageReference, created }: ContainerRecord): string {
  return `${JSON.stringify({ version: VERSION, id, name, imageKey, imageReference, created }, undefined, 2)}\n`;
}

/** Bytes that were added to a container: one file for each content, named by its SHA-256, whole or not there. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { LaminaError } from '../errors';
import { renameOver, syncFolder } from '../store/atomic';
import { ifExists } from '../store/system-error';

/** Content that is whole and flushed, in a folder of the same filesystem, and not in the container yet. */
export interface StagedContent {
  readonly sha256: string;
  readonly size: number;
  readonly file: string;
}

export interface StageOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
}

export interface ContentRange {
  /** First byte, 0 by default. */
  readonly start?: number | undefined;
  /** The byte after the last one, the size by default. */
  readonly end?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Writes a stream of bytes to a new file in `folder` and flushes it, hashing while it copies. */
export async function stageContent(
  folder: string,
  source: AsyncIterable<unknown>,
  { signal, onBytes }: StageOptions = {},
): Promise<StagedContent> {
  const file = path.join(folder, `content-${randomBytes(8).toString('hex')}`);
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of source) {
      signal?.throwIfAborted();
      if (!(chunk instanceof Uint8Array)) throw new LaminaError('INTERNAL', 'The content to write is not bytes.');
      hash.update(chunk);
      await handle.writeFile(chunk);
      size += chunk.byteLength;
      onBytes?.(chunk.byteLength);
    }
    signal?.throwIfAborted();
    await handle.sync();
    return { sha256: hash.digest('hex'), size, file };
  } finally {
    await handle.close();
  }
}

export class ContentFolder {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  file(sha256: string): string {
    return path.join(this.#dir, sha256);
  }

  /** Moves staged contents in; they are durable when this returns. Content that is here already stays. */
  async keep(staged: readonly StagedContent[]): Promise<void> {
    let moved = false;
    for (const { sha256, size, file } of staged) {
      const there = await ifExists(stat(this.file(sha256)));
      if (there?.size === size) continue;
      // A second staged copy of what was moved a moment ago finds it there.
      await renameOver(file, this.file(sha256));
      moved = true;
    }
    if (moved) await syncFolder(this.#dir);
  }

  async has(sha256: string): Promise<boolean> {
    return (await ifExists(stat(this.file(sha256))))?.isFile() === true;
  }

  /**
   * Streams a content; a whole one is verified while it is read.
   * @throws LaminaError BLOB_MISSING; (as stream error) BLOB_DAMAGED
   */
  async open(sha256: string, size: number, { start = 0, end = size, signal }: ContentRange = {}): Promise<Readable> {
    const file = this.file(sha256);
    if (!(await this.has(sha256))) {
      throw new LaminaError('BLOB_MISSING', `The container's content ${file} is missing.`, {
        subject: file,
        hint: 'Restore the file from a backup, or write the changed files again.',
      });
    }
    if (end <= start) return Readable.from([]);
    const bytes = createReadStream(file, { start, end: end - 1, ...(signal === undefined ? {} : { signal }) });
    return start === 0 && end >= size ? Readable.from(verified(bytes, { sha256, size, file })) : bytes;
  }
}

async function* verified(bytes: AsyncIterable<Buffer>, expected: StagedContent): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of bytes) {
    hash.update(chunk);
    size += chunk.length;
    yield chunk;
  }
  if (size === expected.size && hash.digest('hex') === expected.sha256) return;
  throw new LaminaError('BLOB_DAMAGED', `The container's content ${expected.file} is not what was written.`, {
    subject: expected.file,
    hint: 'The disk or another program changed the file. Restore it from a backup, or write the changed files again.',
  });
}

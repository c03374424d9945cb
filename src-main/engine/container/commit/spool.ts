/**
 * A scratch file with the contents that are needed out of one compressed layer, taken out in one pass over it and then
 * read in any order. Without it a moved directory would inflate the layer anew for each of its files.
 */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { LaminaError } from '../../errors';

/** A content's place in the uncompressed tar. */
export interface SpoolSpan {
  readonly sha256: string;
  readonly offset: number;
  readonly size: number;
}

const CHUNK_BYTES = 1024 * 1024;

export class Spool {
  readonly #handle: FileHandle;
  readonly #subject: string;
  readonly #places = new Map<string, { readonly offset: number; readonly size: number }>();
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  private constructor(handle: FileHandle, subject: string) {
    this.#handle = handle;
    this.#subject = subject;
  }

  /**
   * Makes a spool at `file`, a free name. Close it after use.
   * @param tar the uncompressed layer from its first byte to the last one needed
   * @param from the blob that it comes from, for errors
   */
  static async fill(
    file: string,
    spans: readonly SpoolSpan[],
    { tar, from }: { readonly tar: AsyncIterable<Buffer>; readonly from: string },
  ): Promise<Spool> {
    const spool = new Spool(await open(file, 'wx+', 0o600), from);
    try {
      await spool.#fill(spans, tar);
      return spool;
    } catch (error) {
      await spool.close();
      throw error;
    }
  }

  has(sha256: string): boolean {
    return this.#places.has(sha256);
  }

  /** @throws LaminaError BLOB_DAMAGED at the end when the content is not the one with this SHA-256 */
  async *read(sha256: string): AsyncGenerator<Buffer> {
    const { offset, size } = this.#places.get(sha256) ?? { offset: 0, size: 0 };
    const hash = createHash('sha256');
    for (let done = 0; done < size;) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - done));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset + done);
      if (bytesRead === 0) break;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      done += bytesRead;
      yield piece;
    }
    if (hash.digest('hex') === sha256) return;
    throw new LaminaError('BLOB_DAMAGED', `The layer ${this.#subject} is damaged.`, {
      subject: this.#subject,
      hint: 'Import the image again.',
    });
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #fill(spans: readonly SpoolSpan[], tar: AsyncIterable<Buffer>): Promise<void> {
    const sorted = [...spans].sort((a, b) => a.offset - b.offset);
    let written = 0;
    for (const { sha256, size } of sorted) {
      this.#places.set(sha256, { offset: written, size });
      written += size;
    }
    let position = 0;
    let next = 0;
    for await (const chunk of tar) {
      const end = position + chunk.length;
      for (let span = sorted[next]; span !== undefined && span.offset < end; span = sorted[next]) {
        const spanEnd = span.offset + span.size;
        const from = Math.max(0, span.offset - position);
        await this.#write(chunk.subarray(from, Math.min(chunk.length, spanEnd - position)));
        if (spanEnd > end) break;
        next += 1;
      }
      position = end;
    }
    await this.#flush();
  }

  async #write(piece: Buffer): Promise<void> {
    this.#pending.push(piece);
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes >= CHUNK_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.#handle.writeFile(Buffer.concat(this.#pending));
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}

/** Reads a part of a file in large chunks, the next one while the caller works on the last. */
import type { FileHandle } from 'node:fs/promises';
import { LaminaError } from '../errors';

export const CHUNK_BYTES = 1024 * 1024;

export interface FilePart {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * A chunk is valid until the next one is asked for.
 * @throws LaminaError ARCHIVE_INCOMPLETE when the file ends before the part does
 */
export async function* readPart(handle: FileHandle, part: FilePart): AsyncGenerator<Buffer> {
  const buffers: [Buffer, Buffer] = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
  let [current, next] = buffers;
  let position = 0;
  const start = (buffer: Buffer): Promise<number> => fill(handle, buffer, part, position);
  let reading = start(current);
  try {
    while (position < part.length) {
      const length = await reading;
      position += length;
      reading = start(next);
      yield current.subarray(0, length);
      [current, next] = [next, current];
    }
  } finally {
    // The file must not be closed under a read in flight; nobody needs its outcome any more.
    await reading.catch(() => undefined);
  }
}

async function fill(handle: FileHandle, buffer: Buffer, part: FilePart, position: number): Promise<number> {
  const wanted = Math.min(buffer.length, part.length - position);
  let filled = 0;
  while (filled < wanted) {
    const at = part.offset + position + filled;
    const { bytesRead } = await handle.read(buffer, filled, wanted - filled, at);
    if (bytesRead === 0) {
      const missing = part.length - position - filled;
      throw new LaminaError('ARCHIVE_INCOMPLETE', `${part.file} ends ${missing} bytes too early.`, {
        subject: part.file,
        hint: 'The file is incomplete: fetch or export it again.',
      });
    }
    filled += bytesRead;
  }
  return wanted;
}

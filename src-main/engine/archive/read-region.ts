/** Reads of regions of host files: the bytes of archive members and blobs. Nothing here reads more than it is asked for. */
import { open, type FileHandle } from 'node:fs/promises';
import { LaminaError, toLaminaError } from '../errors';

/** A run of bytes in a host file: a member of a tar, or a whole file of a folder. */
export interface Region {
  readonly file: string;
  readonly offset: number;
  readonly size: number;
}

const CHUNK_BYTES = 1024 * 1024;

/** Whole small region. @throws LIMIT_EXCEEDED before anything is allocated, ARCHIVE_INVALID when the file ends early */
export async function readRegion(region: Region, limitBytes: number, subject: string): Promise<Buffer> {
  if (region.size > limitBytes) {
    throw new LaminaError(
      'LIMIT_EXCEEDED',
      `${subject} is ${region.size} bytes long; at most ${limitBytes} are read of such a document.`,
      { subject, hint: 'No image needs a document this large: the archive is damaged or made to do harm.' },
    );
  }
  return withFile(region.file, async (handle) => readExactly(handle, region, subject));
}

/** First bytes of a region: at most `length`, fewer when the region is shorter. */
export async function readHead(region: Region, length: number): Promise<Buffer> {
  return withFile(region.file, async (handle) => {
    const buffer = Buffer.alloc(Math.min(length, region.size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, region.offset);
    return buffer.subarray(0, bytesRead);
  });
}

/** Streams a region in chunks of at most 1 MiB. @throws ARCHIVE_INVALID when the file ends early, CANCELLED */
export async function* streamRegion(
  region: Region,
  subject: string,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(region.file, 'r');
  try {
    for (let done = 0; done < region.size;) {
      throwIfCancelled(signal);
      const part = { file: region.file, offset: region.offset + done, size: Math.min(CHUNK_BYTES, region.size - done) };
      yield await readExactly(handle, part, subject);
      done += part.size;
    }
  } finally {
    await handle.close();
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new LaminaError('CANCELLED', 'The work was cancelled.', { cause: signal.reason });
}

/** Fills a buffer from one region, however many reads the system needs for it. */
export async function readExactly(handle: FileHandle, region: Region, subject: string): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(region.size);
  for (let filled = 0; filled < buffer.length;) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, region.offset + filled);
    if (bytesRead === 0) {
      throw new LaminaError('ARCHIVE_INVALID', `${subject} ends early: ${region.file} is shorter than it says.`, {
        subject: region.file,
        hint: 'The file is truncated or was changed while it was read. Copy or download it again.',
      });
    }
    filled += bytesRead;
  }
  return buffer;
}

async function withFile<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw toLaminaError(error, file);
  });
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/**
 * The journal file: append-only, one operation a line, flushed before an edit is reported as done. A crash in the
 * middle of an append leaves a torn last line; it was never reported as done and is dropped. A line that is damaged
 * with whole lines after it is another matter: that is the user's data, and nothing is dropped silently.
 */
import { open, stat } from 'node:fs/promises';
import { LaminaError } from '../errors';
import { decodeOperation, NO_CHECKSUM, type Operation } from './journal-format';

const NEWLINE = 0x0a;

/** Where a reader of the journal has got to. */
export interface JournalPosition {
  /** Bytes up to the end of the last whole line: where the next one goes. */
  readonly length: number;
  readonly revision: number;
  /** Of the last line. */
  readonly checksum: string;
}

export interface JournalTail {
  readonly operations: readonly Operation[];
  /** After these operations. */
  readonly position: JournalPosition;
  /** The file is another one than it was: these are all its operations, not the ones after the position given. */
  readonly fromStart: boolean;
}

export const JOURNAL_START: JournalPosition = { length: 0, revision: 0, checksum: NO_CHECKSUM };

/**
 * Reads the operations after a position.
 * @throws LaminaError STORE_INVALID when a line before the last one is damaged
 */
export async function readJournal(file: string, after: JournalPosition = JOURNAL_START): Promise<JournalTail> {
  const bytes = await readFrom(file, after.length);
  if (bytes === undefined) return { ...(await readJournal(file)), fromStart: true };
  const operations: Operation[] = [];
  let { length, revision, checksum } = after;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const decoded = decodeOperation(bytes.subarray(start, end), checksum);
    if (decoded?.operation.revision !== revision + 1) {
      // Somebody put another journal in its place, an older one perhaps; it may be whole in itself.
      if (after.length > 0) return { ...(await readJournal(file)), fromStart: true };
      if (bytes.indexOf(NEWLINE, end + 1) >= 0) throw damagedError(file, revision + 1);
      break;
    }
    operations.push(decoded.operation);
    length += end + 1 - start;
    revision += 1;
    checksum = decoded.checksum;
    start = end + 1;
  }
  return { operations, position: { length, revision, checksum }, fromStart: after.length === 0 };
}

/** Bytes in the file, a torn last line included. */
export async function journalSize(file: string): Promise<number> {
  return (await stat(file)).size;
}

/**
 * Adds a line at `length`, over what a crash may have left there, and flushes it; answers the new length. When it
 * fails (a full disk) the file is cut back to where it was. The caller holds the lock.
 */
export async function appendJournal(file: string, length: number, line: Uint8Array): Promise<number> {
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(length);
    for (let written = 0; written < line.byteLength;) {
      const { bytesWritten } = await handle.write(line, written, line.byteLength - written, length + written);
      written += bytesWritten;
    }
    await handle.sync();
    return length + line.byteLength;
  } catch (error) {
    await handle.truncate(length).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

/** Undefined when the file is shorter than that. */
async function readFrom(file: string, position: number): Promise<Buffer | undefined> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size < position) return undefined;
    const bytes = Buffer.alloc(size - position);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

function damagedError(file: string, line: number): LaminaError {
  return new LaminaError('STORE_INVALID', `Line ${line} of the container's journal ${file} is damaged.`, {
    subject: file,
    hint: 'The disk or another program changed the file. Restore it from a backup, or remove the container.',
  });
}

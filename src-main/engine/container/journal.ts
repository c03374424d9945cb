/**
 * The journal file: append-only, one operation a line, flushed before an edit is reported as done. A crash in the
 * middle of an append leaves a torn last line; it was never reported as done and is dropped. A line that is damaged
 * with whole lines after it is another matter: that is the user's data, and nothing is dropped silently.
 */
import { open, stat } from 'node:fs/promises';
import { LaminaError } from '../errors';
import { decodeOperation, type Operation } from './journal-format';

const NEWLINE = 0x0a;

export interface JournalTail {
  readonly operations: readonly Operation[];
  /** Bytes of the file up to the end of its last whole line: where the next one goes. */
  readonly length: number;
}

/** Where a reader of the journal has got to. */
export interface JournalPosition {
  readonly length: number;
  readonly revision: number;
}

export const JOURNAL_START: JournalPosition = { length: 0, revision: 0 };

/**
 * Reads the operations after a position.
 * @throws LaminaError STORE_INVALID when a line before the last one is damaged
 */
export async function readJournal(file: string, after: JournalPosition = JOURNAL_START): Promise<JournalTail> {
  const bytes = await readFrom(file, after.length);
  const operations: Operation[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const operation = decodeOperation(bytes.subarray(start, end));
    if (operation?.revision !== after.revision + operations.length + 1) {
      if (bytes.indexOf(NEWLINE, end + 1) >= 0) throw damagedError(file, after.revision + operations.length + 1);
      break;
    }
    operations.push(operation);
    start = end + 1;
  }
  return { operations, length: after.length + start };
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

async function readFrom(file: string, position: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.max(0, size - position));
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

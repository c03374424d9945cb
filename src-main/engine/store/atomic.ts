/**
 * Writing so that a crash leaves the old file or the new one, never half of one: a temporary file in the same
 * filesystem, flushed, renamed over the target, and the folder's own entry flushed where the system allows it.
 */
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from './system-error';

/** Windows refuses a rename while a reader or a virus scanner has either file open; it is over in moments. */
const RENAME_ATTEMPTS = 10;

/** Flushes the names in a folder. Windows and some network filesystems cannot; they order renames themselves. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EISDIR' && code !== 'EBADF') throw error;
  } finally {
    await handle.close();
  }
}

/** Flushes the bytes of a finished file. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Renames over an existing file; on Windows tries again while somebody has it open. */
export async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const code = errorCode(error);
      const busy = process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY');
      if (!busy || attempt === RENAME_ATTEMPTS) throw error;
      await wait(10 * attempt);
    }
  }
}

/** Creates a file with these bytes and flushes it; fails when the name is taken. */
export async function writeNewFile(file: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces `file` as a whole by way of `temporary`, a free name in the same filesystem, which does not outlive an error.
 */
export async function replaceFile(file: string, bytes: Uint8Array | string, temporary: string): Promise<void> {
  try {
    await writeNewFile(temporary, bytes);
    await renameOver(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

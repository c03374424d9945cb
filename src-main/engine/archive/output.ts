/**
 * A file being written: under another name beside the target, flushed, checked, and only then renamed. What was
 * cancelled or failed leaves nothing, and an older file of that name as it was.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, rmdir, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { LaminaError, toLaminaError } from '../errors';
import { renameOver, syncFolder } from '../store/atomic';

const FLUSH_BYTES = 1024 * 1024;

/** Collects small writes into large ones. */
export class FileSink {
  private readonly handle: FileHandle;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  /** Bytes taken so far. */
  bytes = 0;

  private constructor(handle: FileHandle) {
    this.handle = handle;
  }

  /** Creates the file; fails when the name is taken. */
  static async create(file: string): Promise<FileSink> {
    return new FileSink(await open(file, 'wx', 0o644));
  }

  /** The chunk must not be changed afterwards. */
  async write(chunk: Uint8Array): Promise<void> {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    this.bytes += chunk.length;
    if (this.waitingBytes >= FLUSH_BYTES) await this.flush();
  }

  /** Everything is on the disk when this resolves. */
  async finish(): Promise<void> {
    await this.flush();
    await this.handle.sync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async flush(): Promise<void> {
    const { waiting } = this;
    this.waiting = [];
    this.waitingBytes = 0;
    if (waiting.length > 0)
      await this.handle.writeFile(waiting.length === 1 ? (waiting[0] ?? '') : Buffer.concat(waiting));
  }
}

/** Writes `target` with `write` by way of a new file, lets `check` read it, and puts it in place. */
export async function writeChecked(
  target: string,
  write: (sink: FileSink) => Promise<void>,
  check: (file: string) => Promise<void>,
): Promise<number> {
  await refuseFolder(target);
  const part = partName(target);
  try {
    const bytes = await writeAndClose(part, write);
    await check(part);
    await renameOver(part, target);
    await syncFolder(path.dirname(target));
    return bytes;
  } catch (error) {
    await rm(part, { force: true });
    throw describe(error, target);
  }
}

async function writeAndClose(part: string, write: (sink: FileSink) => Promise<void>): Promise<number> {
  const sink = await FileSink.create(part);
  try {
    await write(sink);
    await sink.finish();
    return sink.bytes;
  } finally {
    await sink.close();
  }
}

/** The same for a folder. An existing folder is replaced only when it is empty. */
export async function writeCheckedFolder(target: string, write: (folder: string) => Promise<number>): Promise<number> {
  const part = partName(target);
  try {
    await mkdir(part);
    const bytes = await write(part);
    await syncFolder(part);
    await renameFolder(part, target);
    await syncFolder(path.dirname(target));
    return bytes;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw describe(error, target);
  }
}

async function renameFolder(part: string, target: string): Promise<void> {
  await rmdir(target).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new LaminaError('PATH_EXISTS', `${target} exists already and is not an empty folder.`, {
      subject: target,
      hint: 'Choose a new name: an exported layout is a folder of its own.',
    });
  });
  await renameOver(part, target);
}

async function refuseFolder(target: string): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (found === undefined || found.isFile()) return;
  throw new LaminaError('PATH_EXISTS', `${target} is not a file, so it cannot be replaced by one.`, {
    subject: target,
    hint: 'Give the name of a file, for example image.tar in that folder.',
  });
}

function partName(target: string): string {
  return `${target}.part-${randomBytes(6).toString('hex')}`;
}

function describe(error: unknown, target: string): LaminaError {
  const known = toLaminaError(error, target);
  const isNoFolder = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (!isNoFolder || known.code !== 'IO') return known;
  return new LaminaError('INVALID_ARGUMENT', `There is no folder ${path.dirname(target)} to write ${target} into.`, {
    subject: target,
    hint: 'Create the folder first, or choose another.',
    cause: error,
  });
}

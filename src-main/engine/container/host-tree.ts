/**
 * A file or folder of this computer as it goes into a container. Host symlinks are never followed, neither while
 * looking nor while reading; the owner becomes 0:0; names are bytes.
 */
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { LaminaError } from '../errors';
import type { Timestamp } from '../layer/entry';
import type { WorkOptions } from '../options';
import { fromBytes, toText, type ByteString } from '../path/byte-string';
import { stageContent, type StagedContent } from './content-folder';

/** One thing of the host's tree. */
interface HostItem {
  /** Relative to the top; empty for the top itself. */
  readonly name: ByteString;
  readonly type: 'file' | 'dir' | 'symlink' | 'fifo';
  readonly mode: number;
  readonly mtime: Timestamp;
  readonly size: number;
  /** Symlink target, otherwise empty. */
  readonly target: ByteString;
  readonly hostPath: Buffer;
  /** Equal for hard links of one file; undefined for a file with one name. */
  readonly linkKey: string | undefined;
}

/** A host item whose content, if it has any, is staged. */
export interface StagedItem extends HostItem {
  readonly content: StagedContent | undefined;
}

export interface HostTree {
  /** The top first, parents before children. */
  readonly items: readonly HostItem[];
  readonly bytes: number;
  /** Host paths that were left out, as text: sockets and devices. */
  readonly skipped: readonly string[];
}

const PARALLEL_FILES = 8;
const READ_BYTES = 1024 * 1024;
/** Windows has no such bits; folders and files then get the usual ones. */
const HAS_MODES = process.platform !== 'win32';
const SLASH = Buffer.from('/');

/** Looks at the whole tree, reading no content. @throws LaminaError IO, CANCELLED */
export async function scanHost(top: string, { signal }: WorkOptions = {}): Promise<HostTree> {
  const items: HostItem[] = [];
  const skipped: string[] = [];
  let bytes = 0;
  const pending = [{ name: '' as ByteString, hostPath: Buffer.from(path.resolve(top)) }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    signal?.throwIfAborted();
    const stats = await lstat(next.hostPath, { bigint: true });
    const item = await hostItem(next.name, next.hostPath, stats);
    if (item === undefined) {
      skipped.push(next.hostPath.toString());
      continue;
    }
    items.push(item);
    bytes += item.size;
    if (item.type !== 'dir') continue;
    for (const child of (await readdir(next.hostPath, { encoding: 'buffer' })).sort((a, b) => Buffer.compare(b, a))) {
      const name = fromBytes(child);
      pending.push({
        name: (next.name === '' ? name : `${next.name}/${name}`) as ByteString,
        hostPath: Buffer.concat([next.hostPath, SLASH, child]),
      });
    }
  }
  return { items, bytes, skipped };
}

/** Copies the content of every file into `folder`, several files at a time. Leaves cleaning up to the caller. */
export async function stageHost(tree: HostTree, folder: string, options: WorkOptions = {}): Promise<StagedItem[]> {
  const { signal, onProgress } = options;
  const label = toText(fromBytes(tree.items[0]?.hostPath ?? Buffer.alloc(0)));
  const report = (doneBytes: number, state: 'running' | 'done'): void =>
    onProgress?.({ part: label, label: path.basename(label), doneBytes, totalBytes: tree.bytes, state });
  let done = 0;
  report(done, 'running');
  const onBytes = (count: number): void => report((done += count), 'running');
  const stagedOf = new Map<HostItem, StagedContent>();
  const files = tree.items.filter(({ type }) => type === 'file');
  let failed = false;
  const work = async (): Promise<void> => {
    for (let file = files.pop(); file !== undefined && !failed; file = files.pop()) {
      try {
        stagedOf.set(file, await stageFile(file, folder, { signal, onBytes }));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  // All of them end before anyone cleans up the folder.
  const ends = await Promise.allSettled(Array.from({ length: PARALLEL_FILES }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  report(done, 'done');
  return tree.items.map((item) => ({ ...item, content: stagedOf.get(item) }));
}

async function stageFile(
  { hostPath }: HostItem,
  folder: string,
  options: { readonly signal: AbortSignal | undefined; readonly onBytes: (count: number) => void },
): Promise<StagedContent> {
  // Not blocked by a pipe and not led away by a symlink that took the file's place since.
  const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(hostPath, constants.O_RDONLY | noFollow);
  try {
    if (!(await handle.stat()).isFile()) throw changedError(hostPath);
    const bytes = handle.createReadStream({ autoClose: false, highWaterMark: READ_BYTES });
    return await stageContent(folder, bytes, options);
  } finally {
    await handle.close();
  }
}

async function hostItem(name: ByteString, hostPath: Buffer, stats: BigIntStats): Promise<HostItem | undefined> {
  const type = typeOf(stats);
  if (type === undefined) return undefined;
  const usual = type === 'dir' ? 0o755 : 0o644;
  const isLinked = type !== 'dir' && stats.nlink > 1n;
  return {
    name,
    type,
    mode: type === 'symlink' ? 0o777 : HAS_MODES ? Number(stats.mode & 0o777n) : usual,
    mtime: timestampOf(stats.mtimeNs),
    size: type === 'file' ? Number(stats.size) : 0,
    target: fromBytes(type === 'symlink' ? await readlink(hostPath, { encoding: 'buffer' }) : Buffer.alloc(0)),
    hostPath,
    linkKey: isLinked ? `${stats.dev}:${stats.ino}` : undefined,
  };
}

/** Undefined for sockets, which no tar can hold (rule 71), and devices, which mean nothing away from this computer. */
function typeOf(stats: BigIntStats): HostItem['type'] | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'dir';
  if (stats.isSymbolicLink()) return 'symlink';
  return stats.isFIFO() ? 'fifo' : undefined;
}

const NANOSECONDS = 1_000_000_000n;

function timestampOf(nanoseconds: bigint): Timestamp {
  const rest = ((nanoseconds % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return { sec: Number((nanoseconds - rest) / NANOSECONDS), nsec: Number(rest) };
}

function changedError(hostPath: Buffer): LaminaError {
  const subject = hostPath.toString();
  return new LaminaError('IO', `${subject} became something else while it was copied.`, {
    subject,
    hint: 'Another program is changing the folder; try again when it is done.',
  });
}

/**
 * What is in a tar file on disk, without reading its content: for archives whose members are large (layers) and come
 * in any order (semantics 95).
 */
import { open, type FileHandle } from 'node:fs/promises';
import { LaminaError, toLaminaError } from '../errors';
import { toText, type ByteString } from '../path/byte-string';
import type { LayerPath } from '../path/layer-path';
import { EntryAssembler } from './entry-assembler';
import { BLOCK_BYTES, isZeroBlock, paddingAfter } from './header';
import { DEFAULT_LIMITS, type TarLimits } from './limits';
import { tarInvalid, TRUNCATED_HINT } from './tar-error';
import type { EntryType, TarEntry } from './types';

export { isTar } from './header';

export interface TarMember {
  readonly name: LayerPath;
  readonly rawName: ByteString;
  readonly type: EntryType;
  /** Bytes of content; 0 for everything but regular files. */
  readonly size: number;
  /** Offset of the content in the file. */
  readonly offset: number;
  /** Target of a symlink, verbatim; of a hard link, normalised. */
  readonly linkname: ByteString;
}

export interface MemberIndexOptions {
  readonly signal?: AbortSignal | undefined;
  readonly limits?: TarLimits | undefined;
}

/**
 * All members in tar order, duplicates included.
 * @throws LaminaError TAR_INVALID, LIMIT_EXCEEDED, IO, CANCELLED; `subject` is the file
 */
export async function indexTarFile(file: string, options: MemberIndexOptions = {}): Promise<TarMember[]> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      return await readMembers(new Window(handle, size), options);
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    const { code, message, hint } = toLaminaError(thrown, file);
    throw new LaminaError(code, message, { hint, subject: file, cause: thrown });
  }
}

async function readMembers(window: Window, options: MemberIndexOptions): Promise<TarMember[]> {
  const members: TarMember[] = [];
  const limits = options.limits ?? DEFAULT_LIMITS;
  const assembler = new EntryAssembler({ limits, diagnostic: () => undefined });
  let position = 0;
  let zeroBlocks = 0;
  while (zeroBlocks < 2 && position < window.size) {
    options.signal?.throwIfAborted();
    const block = await window.read(position, BLOCK_BYTES, 'a header');
    if (isZeroBlock(block)) {
      zeroBlocks++;
      position += BLOCK_BYTES;
      continue;
    }
    if (zeroBlocks > 0) throw tarInvalid('A single zero block stands in the middle of the tar', position);
    const step = assembler.header(block, position);
    position += BLOCK_BYTES;
    if (step.kind === 'record') assembler.record(await window.read(position, step.size, 'an extended header'));
    if (step.kind === 'entry') members.push(memberOf(step.entry, window.size));
    const size = step.kind === 'entry' ? step.entry.size : step.size;
    position += size + paddingAfter(size);
  }
  return members;
}

function memberOf({ path, rawName, type, size, offset, linkname }: TarEntry, fileSize: number): TarMember {
  const missing = offset + size - fileSize;
  if (missing > 0) {
    const message = `The tar ends too early, inside “${toText(rawName)}”: ${missing} bytes are missing`;
    throw tarInvalid(message, fileSize, TRUNCATED_HINT);
  }
  return { name: path, rawName, type, size, offset, linkname };
}

const WINDOW_BYTES = 64 * 1024;

/** Reads at any place; small members lie close together, so that one read serves many headers. */
class Window {
  readonly #handle: FileHandle;
  readonly size: number;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** A view that is valid until the next read. */
  async read(position: number, length: number, what: string): Promise<Buffer> {
    const offset = position - this.#start;
    if (offset >= 0 && offset + length <= this.#bytes.length) return this.#bytes.subarray(offset, offset + length);
    const wanted = Math.max(length, Math.min(WINDOW_BYTES, this.size - position));
    const buffer = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.#handle.read(buffer, filled, wanted - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (filled < length) {
      throw tarInvalid(
        `The tar ends too early, inside ${what}: ${length - filled} bytes are missing`,
        this.size,
        TRUNCATED_HINT,
      );
    }
    this.#start = position;
    this.#bytes = buffer.subarray(0, filled);
    return this.#bytes.subarray(0, length);
  }
}

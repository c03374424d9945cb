/**
 * Writes the container layer as a tar that depends on nothing but the layer itself (semantics 2.1, 2.2): the same
 * container gives the same DiffID on every machine.
 */
import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { digestFromHex, type Digest } from '../../digest/digest';
import type { LayerEntry } from '../../layer/entry';
import type { WorkOptions } from '../../options';
import { createTarWriter } from '../../tar/writer';
import type { UpperContent } from '../upper';
import type { UpperRow } from '../upper-rows';

export interface WriteLayerRequest extends WorkOptions {
  readonly rows: readonly UpperRow[];
  /** File to write; must not exist. */
  readonly file: string;
  /** Later times are written as this one; seconds (SOURCE_DATE_EPOCH). */
  readonly latestTime: number | undefined;
  /** Fails when the bytes turn out not to be the content. */
  readonly open: (content: UpperContent, signal?: AbortSignal) => Promise<AsyncIterable<unknown>>;
}

export interface WrittenLayer {
  /** Of the tar: digest of the blob and DiffID at once. */
  readonly digest: Digest;
  readonly size: number;
}

const BUFFER_BYTES = 1024 * 1024;
const PART = 'layer';

/** @throws LaminaError BLOB_MISSING or BLOB_DAMAGED for content that is not what it was, CANCELLED */
export async function writeLayer(request: WriteLayerRequest): Promise<WrittenLayer> {
  const { rows, file, signal } = request;
  const progress = progressOf(request);
  const handle = await open(file, 'wx', 0o644);
  try {
    const sink = new HashingSink(handle);
    const writer = createTarWriter((chunk) => sink.write(chunk));
    for (const { entry, content } of rows) {
      signal?.throwIfAborted();
      const header = { ...entry, mtime: timeInLayer(entry, request.latestTime) };
      if (content === undefined || entry.size === 0) await writer.add(header);
      else await writer.add(header, counted(await request.open(content, signal), progress.add, signal));
    }
    await writer.end();
    const written = await sink.end();
    progress.done();
    return written;
  } finally {
    await handle.close();
  }
}

function progressOf({ rows, onProgress }: WriteLayerRequest): {
  readonly add: (bytes: number) => void;
  readonly done: () => void;
} {
  const totalBytes = rows.reduce((sum, { entry }) => sum + entry.size, 0);
  let doneBytes = 0;
  const report = (state: 'running' | 'done'): void =>
    onProgress?.({ part: PART, label: 'container layer', doneBytes, totalBytes, state });
  report('running');
  return {
    add: (bytes) => {
      doneBytes += bytes;
      report('running');
    },
    done: () => report('done'),
  };
}

async function* counted(
  chunks: AsyncIterable<unknown>,
  add: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    if (!(chunk instanceof Uint8Array)) throw new TypeError('the content is not bytes');
    add(chunk.byteLength);
    yield chunk;
  }
}

function timeInLayer({ mtime }: LayerEntry, latest: number | undefined): LayerEntry['mtime'] {
  return { sec: latest === undefined ? mtime.sec : Math.min(mtime.sec, latest), nsec: 0 };
}

/** Gathers small pieces, hashes them, writes them. */
class HashingSink {
  readonly #handle: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #size = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.byteLength;
    if (this.#pendingBytes >= BUFFER_BYTES) await this.#flush();
  }

  async end(): Promise<WrittenLayer> {
    await this.#flush();
    await this.#handle.sync();
    return { digest: digestFromHex(this.#hash.digest('hex')), size: this.#size };
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#hash.update(bytes);
    this.#size += bytes.byteLength;
    await this.#handle.writeFile(bytes);
  }
}

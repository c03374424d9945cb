/**
 * The one pass over a layer: copies the blob, hashes it, inflates it, hashes the tar (DiffID), hashes every file and
 * writes the index. Runs in a layer worker, or in the calling thread for tests. Each byte is read once; for an
 * uncompressed layer digest and DiffID are the same and computed once (rule 77).
 */
import { createHash, randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { digestFromHex, type Digest } from '../digest/digest';
import { LaminaError, toLaminaError } from '../errors';
import type { WorkOptions } from '../options';
import { DEFAULT_LIMITS, type TarLimits } from '../tar/limits';
import { sniffCompression, unsupportedCompression } from './compression';
import { Gunzipper } from './gunzip';
import { IndexWriter } from './index-writer';
import { LayerScan } from './scan';
import { readPart, type FilePart } from './source-reader';

export interface IngestJob {
  /** Where the stored layer is: a whole blob, or a member of an archive. */
  readonly source: FilePart;
  /** Folder for what is made; both files get names of their own there. */
  readonly folder: string;
  /** Whether the blob is copied into the folder. */
  readonly copy: boolean;
  /** What a person calls the layer, for messages and progress: `layer 3 of 5`. */
  readonly label: string;
  /** Stable key for progress; the label by default. */
  readonly part?: string | undefined;
  readonly expectedDigest?: Digest | undefined;
  readonly expectedDiffId?: Digest | undefined;
  readonly limits?: TarLimits | undefined;
}

export interface IngestResult {
  /** Of the bytes as stored. */
  readonly digest: Digest;
  readonly size: number;
  /** Of the uncompressed tar. */
  readonly diffId: Digest;
  /** The copied blob, flushed to the disk; undefined without `copy`. */
  readonly file: string | undefined;
  readonly indexFile: string;
  readonly compression: 'none' | 'gzip';
  readonly entries: number;
}

/**
 * @throws LaminaError TAR_INVALID, LAYER_INVALID, UNSUPPORTED_COMPRESSION, DIGEST_MISMATCH, LIMIT_EXCEEDED,
 * ARCHIVE_INCOMPLETE, DISK_FULL, IO, CANCELLED. Nothing is left in the folder then.
 */
export async function ingestLayer(job: IngestJob, options: WorkOptions = {}): Promise<IngestResult> {
  const name = randomUUID();
  const file = job.copy ? join(job.folder, `${name}.blob`) : undefined;
  const indexFile = join(job.folder, `${name}.index`);
  const index = new IndexWriter(indexFile);
  try {
    const pass = new Pass(job, index, options);
    return { ...(await pass.run(file)), file, indexFile };
  } catch (thrown) {
    index.discard();
    await rm(indexFile, { force: true });
    if (file !== undefined) await rm(file, { force: true });
    throw inContext(thrown, job);
  }
}

/** The layer for a message: its label, and the file when the label does not name it. */
function titleOf({ label, source }: IngestJob): string {
  const name = basename(source.file);
  return label.includes(name) ? label : `${label} of ${name}`;
}

/** Says which layer of which file an error is about. */
function inContext(thrown: unknown, job: IngestJob): LaminaError {
  const { file } = job.source;
  const error = toLaminaError(thrown, file);
  if (error.subject !== undefined) return error;
  const message = `${titleOf(job)} cannot be used. ${error.message}`;
  return new LaminaError(error.code, message, { hint: error.hint, subject: file, cause: thrown });
}

const PROGRESS_INTERVAL_MS = 100;

class Pass {
  readonly #job: IngestJob;
  readonly #index: IndexWriter;
  readonly #options: WorkOptions;
  readonly #scan: LayerScan;
  readonly #limits: TarLimits;
  readonly #blobHash = createHash('sha256');
  #lastProgress = 0;

  constructor(job: IngestJob, index: IndexWriter, options: WorkOptions) {
    this.#job = job;
    this.#index = index;
    this.#options = options;
    this.#limits = job.limits ?? DEFAULT_LIMITS;
    this.#scan = new LayerScan((entry) => index.add(entry), this.#limits);
  }

  async run(file: string | undefined): Promise<Omit<IngestResult, 'file' | 'indexFile'>> {
    const source = await open(this.#job.source.file, 'r');
    try {
      const target = file === undefined ? undefined : await open(file, 'wx');
      try {
        return await this.#read(source, target);
      } finally {
        await target?.close();
      }
    } finally {
      await source.close();
    }
  }

  async #read(source: FileHandle, target: FileHandle | undefined): Promise<Omit<IngestResult, 'file' | 'indexFile'>> {
    const { length } = this.#job.source;
    let unpacker: Unpacker | undefined;
    let done = 0;
    try {
      for await (const chunk of readPart(source, this.#job.source)) {
        this.#options.signal?.throwIfAborted();
        unpacker ??= this.#unpackerFor(chunk);
        const writing = target === undefined ? undefined : writeFully(target, chunk, done);
        // A failure is met at the await below; until then it must not count as unhandled.
        writing?.catch(() => undefined);
        this.#blobHash.update(chunk);
        await unpacker.write(chunk);
        await writing;
        done += chunk.length;
        this.#report(done, 'running');
      }
      unpacker ??= this.#unpackerFor(Buffer.alloc(0));
      await unpacker.end();
      await target?.sync();
      const result = this.#finish(unpacker);
      this.#report(length, 'done');
      return result;
    } catch (thrown) {
      unpacker?.destroy();
      throw thrown;
    }
  }

  #unpackerFor(firstBytes: Buffer): Unpacker {
    const compression = sniffCompression(firstBytes);
    if (compression === 'none') return plainUnpacker(this.#scan);
    if (compression === 'gzip') return gzipUnpacker(this.#scan, this.#limits);
    throw unsupportedCompression(compression, titleOf(this.#job), this.#job.source.file);
  }

  #finish(unpacker: Unpacker): Omit<IngestResult, 'file' | 'indexFile'> {
    const { expectedDigest, expectedDiffId, source } = this.#job;
    const digest = digestFromHex(this.#blobHash.digest('hex'));
    const diffId = unpacker.diffId() ?? digest;
    this.#compare('its bytes have the digest', digest, expectedDigest);
    this.#compare('its content has the DiffID', diffId, expectedDiffId);
    this.#index.finish(diffId, this.#scan.end());
    const { compression } = unpacker;
    return { digest, size: source.length, diffId, compression, entries: this.#index.count };
  }

  #compare(what: string, found: Digest, expected: Digest | undefined): void {
    if (expected === undefined || expected === found) return;
    throw new LaminaError('DIGEST_MISMATCH', `It should be ${expected}, but ${what} ${found}.`, {
      hint: 'The file is damaged, or it was changed after it was made: fetch or export it again.',
    });
  }

  #report(doneBytes: number, state: 'running' | 'done'): void {
    const { onProgress } = this.#options;
    const now = performance.now();
    if (onProgress === undefined || (state === 'running' && now - this.#lastProgress < PROGRESS_INTERVAL_MS)) return;
    this.#lastProgress = now;
    const { label, part = label, source } = this.#job;
    onProgress({ part, label, doneBytes, totalBytes: source.length, state });
  }
}

async function writeFully(target: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    const { bytesWritten } = await target.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

/** Takes stored bytes and pushes the tar in them to the scan. */
interface Unpacker {
  readonly compression: 'none' | 'gzip';
  write(chunk: Buffer): Promise<void> | void;
  end(): Promise<void> | void;
  /** After `end`; undefined when the stored bytes are the tar. */
  diffId(): Digest | undefined;
  destroy(): void;
}

function plainUnpacker(scan: LayerScan): Unpacker {
  return {
    compression: 'none',
    write: (chunk) => scan.push(chunk),
    end: () => undefined,
    diffId: () => undefined,
    destroy: () => undefined,
  };
}

function gzipUnpacker(scan: LayerScan, limits: TarLimits): Unpacker {
  const hash = createHash('sha256');
  const gunzipper = new Gunzipper((chunk) => {
    hash.update(chunk);
    scan.push(chunk);
  }, limits);
  return {
    compression: 'gzip',
    write: (chunk) => gunzipper.write(chunk),
    end: () => gunzipper.end(),
    diffId: () => digestFromHex(hash.digest('hex')),
    destroy: () => gunzipper.destroy(),
  };
}

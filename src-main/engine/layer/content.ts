/**
 * Content of one file out of a stored layer: read in place when the blob is a plain tar, inflated up to its end when it
 * is gzip. Nothing is unpacked on disk.
 */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LaminaError, toLaminaError } from '../errors';
import { SNIFF_BYTES, sniffCompression, unsupportedCompression } from './compression';

export interface ContentRequest {
  readonly blobFile: string;
  /** Where the content begins in the uncompressed tar, and how long it is. */
  readonly offset: number;
  readonly size: number;
  /** Hex SHA-256 of the whole content. */
  readonly sha256: string;
  /** First byte to give; 0 by default. */
  readonly start?: number | undefined;
  /** The byte after the last one to give; the end of the content by default. */
  readonly end?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is read at a time. */
const CHUNK_BYTES = 256 * 1024;

/**
 * A stream of the bytes asked for. A read of the whole content is verified: its last event is an error then and not an
 * end (BLOB_DAMAGED) when the SHA-256 differs. The caller consumes or destroys it, which closes the blob.
 * @throws LaminaError BLOB_MISSING, BLOB_DAMAGED, UNSUPPORTED_COMPRESSION, IO; the same as stream errors
 */
export async function openContent(request: ContentRequest): Promise<Readable> {
  const { blobFile, size } = request;
  const start = Math.min(Math.max(request.start ?? 0, 0), size);
  const end = Math.min(Math.max(request.end ?? size, start), size);
  const handle = await openBlob(blobFile);
  let pieces: AsyncIterable<Buffer>;
  try {
    pieces = await piecesOf(handle, request, { start: request.offset + start, end: request.offset + end });
  } catch (thrown) {
    await handle.close();
    throw toLaminaError(thrown, blobFile);
  }
  const wanted = start === 0 && end === size ? verified(pieces, request) : pieces;
  const stream = Readable.from(guarded(wanted, blobFile), {
    objectMode: false,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  // Also when it is destroyed before anyone read from it; a read in flight is waited for.
  stream.once('close', () => void handle.close().catch(() => undefined));
  return stream;
}

async function openBlob(blobFile: string): Promise<FileHandle> {
  try {
    return await open(blobFile, 'r');
  } catch (thrown) {
    const error = toLaminaError(thrown, blobFile);
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw error;
    throw new LaminaError('BLOB_MISSING', `The layer ${blobFile} is not in the store any more.`, {
      subject: blobFile,
      hint: 'Import the image again.',
      cause: thrown,
    });
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

async function piecesOf(handle: FileHandle, { blobFile }: ContentRequest, span: Span): Promise<AsyncIterable<Buffer>> {
  const head = Buffer.alloc(SNIFF_BYTES);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  const compression = sniffCompression(head.subarray(0, bytesRead));
  if (compression === 'none') return plainPieces(handle, span);
  if (compression === 'gzip') return gzipPieces(handle, span);
  throw unsupportedCompression(compression, 'The layer', blobFile);
}

async function* plainPieces(handle: FileHandle, { start, end }: Span): AsyncGenerator<Buffer> {
  for (let position = start; position < end;) {
    // The consumer may keep what it gets, so each piece has memory of its own.
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* gzipPieces(handle: FileHandle, { start, end }: Span): AsyncGenerator<Buffer> {
  if (start === end) return;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const stored = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK_BYTES });
  stored.on('error', (error) => gunzip.destroy(error));
  stored.pipe(gunzip);
  try {
    let position = 0;
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      const piece = chunk.subarray(Math.max(0, start - position), Math.max(0, end - position));
      position += chunk.length;
      if (piece.length > 0) yield piece;
      if (position >= end) return;
    }
  } finally {
    stored.destroy();
    gunzip.destroy();
  }
}

/** Passes the pieces on and checks length and SHA-256 at the end. */
async function* verified(
  pieces: AsyncIterable<Buffer>,
  { size, sha256, blobFile }: ContentRequest,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    length += piece.length;
    yield piece;
  }
  if (length === size && hash.digest('hex') === sha256) return;
  throw damaged(blobFile, 'a file in it does not have the content it had when the image was added');
}

/** Turns what the system or zlib says into our errors. */
async function* guarded(pieces: AsyncIterable<Buffer>, blobFile: string): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
  } catch (thrown) {
    const isZlib = thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_');
    throw isZlib ? damaged(blobFile, 'it cannot be inflated', thrown) : toLaminaError(thrown, blobFile);
  }
}

function damaged(blobFile: string, why: string, cause?: unknown): LaminaError {
  return new LaminaError('BLOB_DAMAGED', `The layer ${blobFile} is damaged: ${why}.`, {
    subject: blobFile,
    hint: 'Run `lamina fsck`, remove the image and import it again.',
    cause,
  });
}

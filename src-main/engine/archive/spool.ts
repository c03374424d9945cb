/**
 * A tar that is gzip-compressed as a whole is decompressed once, into the transaction's folder, so that its members
 * can be read in any order. Bounded: a small file cannot fill the disk (semantics 3, S5).
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LaminaError, toLaminaError } from '../errors';
import type { WorkOptions } from '../options';
import { isTar } from '../tar/member-index';
import { throwIfCancelled } from './read-region';
import { notAnArchive } from './refusal';

const MAX_BYTES = 64 * 1024 ** 3;
/** From here on a file may not grow more than a thousandfold. */
const RATIO_FROM_BYTES = 100 * 1024 ** 2;
const MAX_RATIO = 1000;
const TAR_BLOCK = 512;

export interface SpoolRequest {
  readonly file: string;
  readonly fileBytes: number;
  /** Where the decompressed tar goes. */
  readonly folder: string;
}

/**
 * Decompresses `file` and returns the path of the tar in `folder`.
 * @throws UNKNOWN_FORMAT or ARCHIVE_INVALID when what is inside is no tar (told by its first block), ARCHIVE_INVALID
 * when the gzip stream is damaged, LIMIT_EXCEEDED
 */
export async function spoolGzip(request: SpoolRequest, options: WorkOptions): Promise<string> {
  const spooled = path.join(request.folder, `spool-${randomUUID()}.tar`);
  try {
    await pipeline(
      createReadStream(request.file, { highWaterMark: 256 * 1024 }),
      progressOf(request, options),
      createGunzip({ chunkSize: 256 * 1024 }),
      guard(request),
      createWriteStream(spooled, { flags: 'wx' }),
      options.signal === undefined ? {} : { signal: options.signal },
    );
  } catch (error) {
    await rm(spooled, { force: true });
    throwIfCancelled(options.signal);
    throw spoolError(error, request.file);
  }
  return spooled;
}

function progressOf(request: SpoolRequest, options: WorkOptions): Transform {
  let doneBytes = 0;
  const report = (state: 'running' | 'done'): void =>
    options.onProgress?.({
      part: `unpack:${request.file}`,
      label: `unpacking ${path.basename(request.file)}`,
      doneBytes,
      totalBytes: request.fileBytes,
      state,
    });
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      doneBytes += chunk.length;
      report('running');
      done(null, chunk);
    },
    flush(done) {
      report('done');
      done();
    },
  });
}

/** Refuses what is no tar at its first block, and what grows beyond reason. */
function guard(request: SpoolRequest): Transform {
  const limit = Math.min(MAX_BYTES, Math.max(RATIO_FROM_BYTES, request.fileBytes * MAX_RATIO));
  let total = 0;
  let head: Buffer | undefined = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      if (total > limit) {
        done(tooLarge(request.file, limit));
        return;
      }
      if (head !== undefined) {
        head = Buffer.concat([head, chunk]);
        if (head.length >= TAR_BLOCK) {
          if (!isTar(head.subarray(0, TAR_BLOCK))) {
            done(notAnArchive(`The content of ${request.file}`, head));
            return;
          }
          head = undefined;
        }
      }
      done(null, chunk);
    },
    flush(done) {
      done(head === undefined ? null : notAnArchive(`The content of ${request.file}`, head));
    },
  });
}

function tooLarge(file: string, limit: number): LaminaError {
  return new LaminaError('LIMIT_EXCEEDED', `${file} unpacks to more than ${limit} bytes.`, {
    subject: file,
    hint: 'It looks like a decompression bomb. If you trust it, unpack it with gunzip and import the tar.',
  });
}

function spoolError(error: unknown, file: string): LaminaError {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')) {
    return new LaminaError(
      'ARCHIVE_INVALID',
      `${file} is damaged: its gzip stream cannot be read (${error.message}).`,
      {
        subject: file,
        hint: 'It is truncated or was changed on the way. Copy or download it again and compare the sizes.',
        cause: error,
      },
    );
  }
  return toLaminaError(error, file);
}

/**
 * Inflates gzip as it is written in, with zlib working in the thread pool while the caller hashes what came out before.
 * Several members after one another are one stream; zero bytes may follow the last one, anything else may not
 * (rule 74). zlib stops at such zeros and says nothing of what follows them, so that is looked at here.
 */
import type { TransformOptions } from 'node:stream';
import { createGunzip, type Gunzip, type ZlibOptions } from 'node:zlib';
import { LaminaError } from '../errors';
import { limitExceeded, type TarLimits } from '../tar/limits';

const OUTPUT_BYTES = 256 * 1024;
/** Two pieces ahead of the consumer, so that zlib and the consumer never wait for one another. */
const OPTIONS: ZlibOptions & TransformOptions = { chunkSize: OUTPUT_BYTES, highWaterMark: 2 * OUTPUT_BYTES };

export class Gunzipper {
  readonly #gunzip: Gunzip = createGunzip(OPTIONS);
  readonly #drained: Promise<void>;
  #written = 0;
  #ended = false;

  /** @param sink gets the inflated bytes in order; what it throws ends the work */
  constructor(sink: (chunk: Buffer) => void, limits: TarLimits) {
    this.#drained = this.#drain(sink, limits);
    // Whoever writes or ends sees the failure; nobody may be there yet when it happens.
    this.#drained.catch(() => undefined);
  }

  /** Resolves when the chunk's memory may be used again. @throws what the sink threw, LaminaError LAYER_INVALID */
  async write(chunk: Buffer): Promise<void> {
    const start = this.#written;
    this.#written += chunk.length;
    if (!this.#ended) {
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#gunzip.write(chunk, () => resolve());
        }),
        this.#drained,
      ]);
      // It ended or failed within this chunk.
      if (this.#gunzip.destroyed) await this.#drained;
    }
    // zlib takes all of a chunk, unless the last member ended in it or before it.
    requireZeros(chunk.subarray(Math.max(0, this.#gunzip.bytesWritten - start)));
  }

  /** Resolves when all output has been given. @throws as `write`, and when the gzip is incomplete */
  async end(): Promise<void> {
    if (!this.#ended) this.#gunzip.end();
    await this.#drained;
  }

  /** Stops at once; a no-op when all is done. */
  destroy(): void {
    this.#gunzip.destroy();
  }

  async #drain(sink: (chunk: Buffer) => void, limits: TarLimits): Promise<void> {
    let produced = 0;
    try {
      for await (const chunk of this.#gunzip as AsyncIterable<Buffer>) {
        produced += chunk.length;
        if (produced > limits.ratioGraceBytes && produced > this.#written * limits.maxRatio) {
          throw limitExceeded(`The layer inflates to more than ${limits.maxRatio} times its size`);
        }
        sink(chunk);
      }
      this.#ended = true;
    } catch (thrown) {
      throw toGzipError(thrown);
    }
  }
}

function requireZeros(bytes: Buffer): void {
  if (bytes.every((byte) => byte === 0)) return;
  throw new LaminaError('LAYER_INVALID', 'There is something else than zeros after the end of the gzip data.', {
    hint: 'The file is damaged or was put together wrongly: fetch or export it again.',
  });
}

/** zlib's own codes become a sentence; everything else passes. */
function toGzipError(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof LaminaError || !('code' in thrown)) return thrown;
  const { code } = thrown;
  if (typeof code !== 'string' || !code.startsWith('Z_')) return thrown;
  const message =
    code === 'Z_BUF_ERROR' ? 'The gzip data ends too early.' : `The gzip data is damaged (${thrown.message}).`;
  return new LaminaError('LAYER_INVALID', message, {
    hint: 'The file is incomplete or damaged: fetch or export it again.',
    cause: thrown,
  });
}

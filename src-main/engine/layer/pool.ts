/**
 * Layer scans in worker threads, a few at a time. Workers are started when there is work and kept until `close`. Without
 * a worker bundle the scans run in the calling thread (tests, scripts).
 */
import { availableParallelism } from 'node:os';
import { LaminaError } from '../errors';
import type { WorkOptions } from '../options';
import { ingestLayer, type IngestJob, type IngestResult } from './ingest';
import { LayerWorker } from './layer-worker';

export type { IngestJob, IngestResult } from './ingest';

export interface LayerPool {
  /**
   * Waits for a free worker, then does the one pass over a layer (see `ingestLayer`).
   * @throws LaminaError as `ingestLayer`; aborting leaves nothing behind
   */
  ingest(job: IngestJob, options?: WorkOptions): Promise<IngestResult>;
  /** Stops the workers; jobs that run or wait fail with CANCELLED. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Bundle of worker-entry.ts. */
  readonly workerFile?: string | undefined;
  /** Scans at the same time; the number of cores, at most 4, by default. */
  readonly workers?: number | undefined;
}

const MAX_WORKERS = 4;

/** Runs one job to its end. */
interface Runner {
  ingest(job: IngestJob, options: WorkOptions): Promise<IngestResult>;
  readonly isUsable: boolean;
  close(): Promise<void>;
}

const inline: Runner = { ingest: ingestLayer, isUsable: true, close: () => Promise.resolve() };

export function createLayerPool(options: PoolOptions = {}): LayerPool {
  const { workerFile, workers = Math.min(availableParallelism(), MAX_WORKERS) } = options;
  return new Pool(() => (workerFile === undefined ? inline : new LayerWorker(workerFile)), Math.max(1, workers));
}

function cancelled(): LaminaError {
  return new LaminaError('CANCELLED', 'The work was cancelled.');
}

class Pool implements LayerPool {
  readonly #start: () => Runner;
  #free: number;
  readonly #idle: Runner[] = [];
  readonly #all = new Set<Runner>();
  readonly #waiting: (() => void)[] = [];
  readonly #closing = new AbortController();

  constructor(start: () => Runner, size: number) {
    this.#start = start;
    this.#free = size;
  }

  async ingest(job: IngestJob, options: WorkOptions = {}): Promise<IngestResult> {
    await this.#acquire(options.signal);
    const runner = this.#idle.pop() ?? this.#start();
    this.#all.add(runner);
    try {
      return await runner.ingest(job, { ...options, signal: this.#withClosing(options.signal) });
    } finally {
      // A worker that died or had to be killed is not used again.
      if (runner.isUsable) this.#idle.push(runner);
      else this.#all.delete(runner);
      this.#release();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all([...this.#all].map((runner) => runner.close()));
    this.#all.clear();
  }

  async #acquire(signal: AbortSignal | undefined): Promise<void> {
    const isOver = (): boolean => this.#closing.signal.aborted || signal?.aborted === true;
    while (!isOver() && this.#free === 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    if (isOver()) {
      // Someone else may have waited behind a wake-up that was ours.
      this.#waiting.shift()?.();
      throw cancelled();
    }
    this.#free--;
  }

  #release(): void {
    this.#free++;
    this.#waiting.shift()?.();
  }

  /** One signal for both reasons to stop. */
  #withClosing(signal: AbortSignal | undefined): AbortSignal {
    if (signal === undefined) return this.#closing.signal;
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    if (signal.aborted || this.#closing.signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    this.#closing.signal.addEventListener('abort', abort, { once: true });
    return controller.signal;
  }
}

/**
 * Layer scans in worker threads, a few at a time. Workers are started when there is work and kept until `close`. Without
 * a worker bundle the scans run in the calling thread (tests, scripts).
 */
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { LaminaError } from '../errors';
import type { WorkOptions } from '../options';
import { ingestLayer, type IngestJob, type IngestResult } from './ingest';
import { LayerWorker } from './layer-worker';

export type { IngestJob } from './ingest';

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

class Pool implements LayerPool {
  readonly #start: () => Runner;
  #free: number;
  readonly #idle: Runner[] = [];
  readonly #all = new Set<Runner>();
  /** Wake-ups of those that wait for a free worker, first come first. */
  readonly #waiting = new Set<() => void>();
  readonly #closing = new AbortController();

  constructor(start: () => Runner, size: number) {
    this.#start = start;
    this.#free = size;
    // Every job listens, those that wait too.
    setMaxListeners(0, this.#closing.signal);
  }

  async ingest(job: IngestJob, options: WorkOptions = {}): Promise<IngestResult> {
    const stop = this.#eitherOf(options.signal);
    try {
      await this.#acquire(stop.signal);
      return await this.#run(job, { ...options, signal: stop.signal });
    } finally {
      stop.release();
    }
  }

  async #run(job: IngestJob, options: WorkOptions): Promise<IngestResult> {
    const runner = this.#idle.pop() ?? this.#start();
    this.#all.add(runner);
    try {
      return await runner.ingest(job, options);
    } finally {
      // A worker that died or had to be killed is not used again.
      if (runner.isUsable) this.#idle.push(runner);
      else this.#all.delete(runner);
      this.#free++;
      this.#wakeNext();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#all].map((runner) => runner.close()));
    this.#all.clear();
  }

  async #acquire(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#free === 0) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    if (signal.aborted) {
      // It may have been woken for a free worker that the next one can have.
      if (this.#free > 0) this.#wakeNext();
      throw new LaminaError('CANCELLED', 'The work was cancelled.');
    }
    this.#free--;
  }

  #wakeNext(): void {
    for (const wake of this.#waiting) {
      wake();
      return;
    }
  }

  /** One signal for both reasons to stop; `release` when the job is over, as the reasons live longer. */
  #eitherOf(signal: AbortSignal | undefined): { readonly signal: AbortSignal; release(): void } {
    const controller = new AbortController();
    const reasons = signal === undefined ? [this.#closing.signal] : [this.#closing.signal, signal];
    const abort = (): void => controller.abort();
    if (reasons.some(({ aborted }) => aborted)) abort();
    for (const reason of reasons) reason.addEventListener('abort', abort);
    return {
      signal: controller.signal,
      release: () => {
        for (const reason of reasons) reason.removeEventListener('abort', abort);
      },
    };
  }
}

/** The pool's side of one worker thread. */
import { Worker } from 'node:worker_threads';
import { LaminaError } from '../errors';
import type { WorkOptions } from '../options';
import type { IngestJob, IngestResult } from './ingest';
import type { FromWorker, ToWorker } from './protocol';

/** A worker that does not stop when told is killed; what it left lies in the job's folder, which its owner removes. */
const CANCEL_TIMEOUT_MS = 5_000;
/** JavaScript objects only: buffers are not counted. A scan needs a tenth of it. */
const HEAP_MB = 256;

interface Task {
  readonly resolve: (result: IngestResult) => void;
  readonly reject: (error: LaminaError) => void;
  readonly options: WorkOptions;
}

export class LayerWorker {
  readonly #worker: Worker;
  readonly #tasks = new Map<number, Task>();
  #nextId = 1;
  #isUsable = true;

  constructor(workerFile: string) {
    this.#worker = new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    // An idle worker must not keep the process alive; while it works, its open job does.
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => this.#die(`The layer worker failed: ${error.message}`));
    this.#worker.on('exit', (code) => this.#die(`The layer worker ended unexpectedly with code ${code}.`));
    this.#worker.unref();
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  async ingest(job: IngestJob, options: WorkOptions): Promise<IngestResult> {
    const id = this.#nextId++;
    const { signal } = options;
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      this.#post({ kind: 'cancel', id });
      timer = setTimeout(() => void this.close(), CANCEL_TIMEOUT_MS);
    };
    const result = new Promise<IngestResult>((resolve, reject) => {
      this.#tasks.set(id, { resolve, reject, options });
    });
    this.#worker.ref();
    this.#post({ kind: 'ingest', id, job });
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await result;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      this.#tasks.delete(id);
      if (this.#tasks.size === 0) this.#worker.unref();
    }
  }

  async close(): Promise<void> {
    this.#isUsable = false;
    this.#failAll(new LaminaError('CANCELLED', 'The work was cancelled.'));
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    const task = this.#tasks.get(message.id);
    if (message.kind === 'progress') task?.options.onProgress?.(message.progress);
    else if (message.kind === 'done') task?.resolve(message.result);
    else task?.reject(LaminaError.fromFacts(message.facts));
  }

  #die(message: string): void {
    this.#isUsable = false;
    this.#failAll(new LaminaError('INTERNAL', message));
  }

  #failAll(error: LaminaError): void {
    for (const task of this.#tasks.values()) task.reject(error);
  }
}

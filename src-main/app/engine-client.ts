/** Main's side of the engine thread: requests and answers by id, events, and a new thread for another store. */
import { Worker } from 'node:worker_threads';
import { LaminaError } from '../engine/index';
import type { EngineCallName, HostCallName, HostCalls } from '../ipc/calls';
import type { CallInput, CallOutput } from '../ipc/contract/calls';
import type { EventName, EventPayloads } from '../ipc/contract/events';
import type { Answer, WireError } from '../ipc/contract/views';
import type { EngineMessage, EngineRequest, EngineStart } from '../ipc/engine-protocol';

export interface EngineFiles {
  readonly engineThreadFile: string;
  readonly layerWorkerFile: string;
}

export type EngineListener = <N extends EventName>(name: N, payload: EventPayloads[N]) => void;

type Settle = (answer: Answer<unknown>) => void;

/** How long the thread may take to let go of its store before it is ended. A commit is waited for, however long it takes. */
const STOP_PATIENCE_MS = 5_000;

export class EngineClient {
  readonly #files: EngineFiles;
  readonly #listener: EngineListener;
  #storeDir: string;
  #worker: Worker | undefined;
  #nextId = 1;
  readonly #pending = new Map<number, Settle>();

  constructor(files: EngineFiles, storeDir: string, listener: EngineListener) {
    this.#files = files;
    this.#storeDir = storeDir;
    this.#listener = listener;
  }

  /** @throws LaminaError */
  call<N extends EngineCallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    return this.#request(name, input);
  }

  /** @throws LaminaError */
  host<N extends HostCallName>(name: N, input: HostCalls[N]['input']): Promise<HostCalls[N]['output']> {
    return this.#request(name, input);
  }

  /** Closes the present store and opens another one. */
  async useStore(storeDir: string): Promise<void> {
    await this.stop();
    this.#storeDir = storeDir;
    this.#listener('images.changed', undefined);
    this.#listener('containers.changed', undefined);
    this.#listener('jobs.changed', []);
  }

  /** Lets commits end, cancels everything else, closes the store and ends the thread. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    // A store that could not be opened answers with its error; there is nothing to close then.
    await this.host('host.close', undefined).catch(() => undefined);
    this.#worker = undefined;
    await Promise.race([worker.terminate(), new Promise((resolve) => setTimeout(resolve, STOP_PATIENCE_MS).unref())]);
    this.#failPending('The engine was stopped.');
  }

  #request(name: EngineRequest['name'], input: unknown): Promise<never> {
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#pending.set(id, (answer) => {
        if (answer.ok) resolve(answer.value as never);
        else reject(errorFromWire(answer.error));
      });
      worker.postMessage({ id, name, input } satisfies EngineRequest);
    });
  }

  #start(): Worker {
    const workerData: EngineStart = { storeDir: this.#storeDir, layerWorkerFile: this.#files.layerWorkerFile };
    const worker = new Worker(this.#files.engineThreadFile, { workerData });
    worker.on('message', (message: EngineMessage) => this.#receive(message));
    worker.on('error', (error) => this.#lost(worker, `The engine failed: ${error.message}`));
    worker.on('exit', () => this.#lost(worker, 'The engine ended unexpectedly.'));
    return worker;
  }

  #receive(message: EngineMessage): void {
    if (message.kind === 'event') {
      this.#listener(message.name, message.payload);
      return;
    }
    const settle = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    settle?.(message.answer);
  }

  /** The store survives the loss of the thread at any point; the next call starts a new one. */
  #lost(worker: Worker, message: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failPending(message);
    this.#listener('jobs.changed', []);
  }

  #failPending(message: string): void {
    const settles = [...this.#pending.values()];
    this.#pending.clear();
    for (const settle of settles) settle({ ok: false, error: { code: 'INTERNAL', message } });
  }
}

function errorFromWire(error: WireError): LaminaError {
  return LaminaError.fromFacts({ ...error, code: error.code as LaminaError['code'] });
}

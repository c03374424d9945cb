/** What every command works with: the store that was asked for, the output, progress and the interrupt key. */
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { defaultStoreDir, openLamina, type Lamina, type WorkOptions } from '../engine';
import type { Output } from './output';
import { progressOn } from './progress';

export class CommandLine {
  readonly out: Output;
  readonly err: NodeJS.WriteStream;
  /** Exit code of a command that did its work and found something wrong. */
  exitCode = 0;
  /** `--store`, when given. */
  storeOption: string | undefined;

  constructor(out: Output, err: NodeJS.WriteStream) {
    this.out = out;
    this.err = err;
  }

  /** Opens the store, does the work and closes it, whatever happens. Interrupting cancels the work cleanly. */
  async withStore(work: (lamina: Lamina, options: WorkOptions) => Promise<void>): Promise<void> {
    const interrupt = new AbortController();
    // Every layer listens; there may be hundreds.
    setMaxListeners(0, interrupt.signal);
    const onInterrupt = (): void => interrupt.abort();
    // Only the first time: a second interrupt ends the process at once.
    process.once('SIGINT', onInterrupt);
    process.once('SIGTERM', onInterrupt);
    const progress = progressOn(this.err);
    const lamina = await openLamina(this.storeDir(), { workerFile: workerFile() });
    try {
      await work(lamina, { signal: interrupt.signal, onProgress: progress.onProgress });
    } finally {
      progress.end();
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
      await lamina.close();
    }
  }

  private storeDir(): string {
    const { LAMINA_STORE } = process.env;
    const chosen = this.storeOption ?? LAMINA_STORE;
    return chosen === undefined || chosen === '' ? defaultStoreDir() : path.resolve(chosen);
  }
}

/** The bundle beside this one, unless the environment names another; an empty name means: no threads. */
function workerFile(): string | undefined {
  const { LAMINA_WORKER } = process.env;
  if (LAMINA_WORKER !== undefined) return LAMINA_WORKER === '' ? undefined : path.resolve(LAMINA_WORKER);
  return path.join(__dirname, 'layer-worker.cjs');
}

/** Other processes that work on a store, for tests of what happens between processes and when one is killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const SCRIPT = join(import.meta.dirname, 'store-process-main.ts');

export interface StoreProcess {
  readonly pid: number;
  /** Resolves when the process prints this line; rejects when it ends before. */
  said(line: string): Promise<void>;
  /** Kills it as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Waits for its end; rejects when it fails. */
  end(): Promise<void>;
}

/** Runs a job of store-process-main.ts on the store in `dir`. */
export function storeProcess(job: string, dir: string, ...args: string[]): StoreProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, job, dir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    pid: child.pid ?? -1,
    said: listener(child, closed),
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
    end: async () => {
      const [code] = await closed;
      if (code !== 0) throw new Error(`${job} ended with ${String(code)}`);
    },
  };
}

function listener(child: ChildProcess, closed: Promise<unknown>): StoreProcess['said'] {
  const said = new Set<string>();
  const waiting = new Map<string, () => void>();
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      said.add(line);
      waiting.get(line)?.();
    });
  }
  return async (line) => {
    const heard = new Promise<void>((done) => (said.has(line) ? done() : waiting.set(line, done)));
    const ended = closed.then(() => {
      if (!said.has(line)) throw new Error(`the process ended before it said “${line}”`);
    });
    await Promise.race([heard, ended]);
  };
}

/** Notices what another process (the command line) does to the store: images and containers, told apart, debounced. */
import { readdirSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

const DEBOUNCE_MS = 120;

export interface StoreListener {
  /** index.json was replaced. */
  readonly images: () => void;
  /** A container came, went, or its layer changed. */
  readonly containers: () => void;
}

/**
 * Best effort: where the system has no watches left, the window still shows its own changes at once and the others'
 * when a page is opened anew.
 */
export class StoreWatcher {
  readonly #containersDir: string;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #timers = new Map<() => void, NodeJS.Timeout>();
  readonly #listener: StoreListener;

  constructor(storeDir: string, listener: StoreListener) {
    this.#containersDir = join(storeDir, 'lamina', 'containers');
    this.#listener = listener;
    this.#watch(storeDir, (name) => {
      if (name === null || name === 'index.json') this.#soon(listener.images);
    });
    this.#watch(this.#containersDir, () => this.#containersMoved());
    this.#watchEachContainer();
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#watchers.clear();
    this.#timers.clear();
  }

  #containersMoved(): void {
    this.#watchEachContainer();
    this.#soon(this.#listener.containers);
  }

  #watchEachContainer(): void {
    for (const name of namesIn(this.#containersDir)) {
      this.#watch(join(this.#containersDir, name), () => this.#soon(this.#listener.containers));
    }
  }

  #watch(folder: string, changed: (name: string | null) => void): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => changed(name));
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // not there (any more), or no watches left
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #soon(tell: () => void): void {
    clearTimeout(this.#timers.get(tell));
    this.#timers.set(
      tell,
      setTimeout(() => tell(), DEBOUNCE_MS),
    );
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}

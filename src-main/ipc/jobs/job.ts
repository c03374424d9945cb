/** One long action: queued → running → done, failed or cancelled; a queued one may be cancelled before it ran. */
import { LaminaError, toLaminaError, type PartProgress } from '../../engine/index';
import type { JobPart, JobRow, JobState, WireError } from '../contract/views';

export interface JobControl {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PartProgress) => void;
}

export interface JobSpec<T> {
  readonly kind: JobRow['kind'];
  readonly subject: string;
  readonly run: (control: JobControl) => Promise<T>;
  /** Keys of the images that the result brought. */
  readonly imageKeys?: (result: T) => readonly string[];
  /** Host files that were left out. */
  readonly skipped?: (result: T) => readonly string[];
  /** Runs at once, whatever else runs: somebody waits for it in a dialog. */
  readonly urgent?: boolean;
}

/** Speed is measured over this much of the recent past. */
const SPEED_WINDOW_MS = 3_000;

/** A job to those who do not care what it results in. */
export type AnyJob = Pick<Job<unknown>, 'id' | 'kind' | 'urgent' | 'state' | 'ended' | 'run' | 'cancel' | 'row'> & {
  readonly result: Promise<unknown>;
};

export class Job<T> {
  readonly id: number;
  /** Settles when the job has ended. @throws LaminaError, CANCELLED when it was cancelled */
  readonly result: Promise<T>;
  #state: JobState = 'queued';
  #startedAt: number;
  #endedAt: number | undefined;
  #error: WireError | undefined;
  #imageKeys: readonly string[] = [];
  #skipped: readonly string[] | undefined;
  readonly #parts = new Map<string, JobPart>();
  #samples: { readonly at: number; readonly bytes: number }[] = [];
  readonly #abort = new AbortController();
  readonly #spec: JobSpec<T>;
  readonly #changed: () => void;
  #resolve!: (value: T) => void;
  #reject!: (error: LaminaError) => void;

  constructor(id: number, spec: JobSpec<T>, changed: () => void) {
    this.id = id;
    this.#spec = spec;
    this.#changed = changed;
    this.#startedAt = Date.now();
    this.result = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever is interested awaits `result`; a failure that nobody awaits is shown in the list of jobs.
    this.result.catch(() => undefined);
  }

  get kind(): JobRow['kind'] {
    return this.#spec.kind;
  }

  get urgent(): boolean {
    return this.#spec.urgent === true;
  }

  get state(): JobState {
    return this.#state;
  }

  get ended(): boolean {
    return this.#endedAt !== undefined;
  }

  /** Does the work of a queued job; resolves when it has ended, never rejects. */
  async run(): Promise<void> {
    if (this.#state !== 'queued') return;
    this.#state = 'running';
    this.#startedAt = Date.now();
    this.#changed();
    try {
      const value = await this.#spec.run({ signal: this.#abort.signal, onProgress: (part) => this.#progress(part) });
      this.#imageKeys = this.#spec.imageKeys?.(value) ?? [];
      this.#skipped = this.#spec.skipped?.(value);
      this.#end('done');
      this.#resolve(value);
    } catch (thrown) {
      this.#fail(toLaminaError(thrown, this.#spec.subject));
    }
  }

  /** A running job ends when its work has cleaned up; a queued one at once; an ended one is left alone. */
  cancel(): void {
    if (this.ended) return;
    this.#abort.abort();
    if (this.#state === 'queued') this.#fail(new LaminaError('CANCELLED', 'The work was cancelled.'));
  }

  row(): JobRow {
    const parts = [...this.#parts.values()];
    const doneBytes = sum(parts.map((part) => part.doneBytes));
    return {
      id: this.id,
      kind: this.#spec.kind,
      subject: this.#spec.subject,
      state: this.#state,
      startedAt: new Date(this.#startedAt).toISOString(),
      endedAt: this.#endedAt === undefined ? undefined : new Date(this.#endedAt).toISOString(),
      doneBytes,
      totalBytes: totalOf(parts),
      bytesPerSecond: this.#speed(doneBytes),
      parts,
      error: this.#error,
      imageKeys: this.#imageKeys,
      skipped: this.#skipped,
    };
  }

  #progress(progress: PartProgress): void {
    if (this.ended) return;
    this.#parts.set(progress.part, { ...progress, totalBytes: progress.totalBytes });
    const now = Date.now();
    this.#samples.push({ at: now, bytes: sum([...this.#parts.values()].map((part) => part.doneBytes)) });
    const recent = this.#samples.findIndex((sample) => now - sample.at <= SPEED_WINDOW_MS);
    if (recent > 0) this.#samples = this.#samples.slice(recent);
    this.#changed();
  }

  #speed(doneBytes: number): number {
    if (this.#endedAt !== undefined) return rate(doneBytes, this.#endedAt - this.#startedAt);
    const first = this.#samples[0];
    return first === undefined ? 0 : rate(doneBytes - first.bytes, Date.now() - first.at);
  }

  #fail(error: LaminaError): void {
    this.#error = error.code === 'CANCELLED' ? undefined : error.toJSON();
    this.#end(error.code === 'CANCELLED' ? 'cancelled' : 'failed');
    this.#reject(error);
  }

  #end(state: 'done' | 'failed' | 'cancelled'): void {
    this.#state = state;
    this.#endedAt = Date.now();
    this.#changed();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Undefined as long as one part does not know how large it is. */
function totalOf(parts: readonly JobPart[]): number | undefined {
  const totals = parts.map((part) => part.totalBytes);
  return totals.length === 0 || totals.includes(undefined) ? undefined : sum(totals.map((total) => total ?? 0));
}

function rate(bytes: number, milliseconds: number): number {
  return milliseconds <= 0 ? 0 : Math.round((bytes * 1000) / milliseconds);
}

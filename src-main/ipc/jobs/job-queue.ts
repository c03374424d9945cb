/** Runs jobs, two at a time, in the order they came, and keeps the list of them for the Activity page. */
import { LaminaError } from '../../engine/index';
import type { JobRow } from '../contract/views';
import { Job, type AnyJob, type JobSpec } from './job';

const MAX_RUNNING = 2;
/** Ended jobs that are kept to be looked at. */
const MAX_ENDED = 200;
/** At most ten announcements a second, however fast the progress comes. */
const ANNOUNCE_INTERVAL_MS = 100;

export class JobQueue {
  readonly #jobs: AnyJob[] = [];
  readonly #announce: (rows: readonly JobRow[]) => void;
  #nextId = 1;
  #timer: NodeJS.Timeout | undefined;
  #announcedAt = 0;

  /** @param announce is given all rows, newest first, whenever one changed */
  constructor(announce: (rows: readonly JobRow[]) => void) {
    this.#announce = announce;
  }

  /** Queues a job; it starts by itself. */
  add<T>(spec: JobSpec<T>): Job<T> {
    const job = new Job(this.#nextId++, spec, () => this.#changed());
    this.#jobs.push(job);
    this.#changed();
    if (job.urgent) this.#start(job);
    else this.#startNext();
    return job;
  }

  /** Newest first. */
  rows(): JobRow[] {
    return this.#jobs.map((job) => job.row()).reverse();
  }

  cancel(id: number): void {
    const job = this.#jobs.find((candidate) => candidate.id === id);
    if (job === undefined) throw new LaminaError('INVALID_ARGUMENT', `There is no job ${id}.`);
    job.cancel();
  }

  /** Forgets the jobs that have ended. */
  clear(): void {
    this.#keep((job) => !job.ended);
    this.#changed();
  }

  /** Lets commits end, cancels the others, and waits until all have cleaned up. */
  async close(): Promise<void> {
    const active = this.#jobs.filter((job) => !job.ended);
    for (const job of active) if (job.kind !== 'commit') job.cancel();
    await Promise.allSettled(active.map((job) => job.result));
    this.#flush();
  }

  #start(job: AnyJob): void {
    void job.run().then(() => this.#startNext());
  }

  #startNext(): void {
    const running = this.#jobs.filter((job) => job.state === 'running' && !job.urgent).length;
    const waiting = this.#jobs.filter((job) => job.state === 'queued');
    for (const job of waiting.slice(0, Math.max(0, MAX_RUNNING - running))) this.#start(job);
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, this.#announcedAt + ANNOUNCE_INTERVAL_MS - Date.now()));
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#announcedAt = Date.now();
    const surplus = this.#jobs.filter((job) => job.ended).slice(0, -MAX_ENDED);
    if (surplus.length > 0) this.#keep((job) => !surplus.includes(job));
    this.#announce(this.rows());
  }

  #keep(wanted: (job: AnyJob) => boolean): void {
    this.#jobs.splice(0, this.#jobs.length, ...this.#jobs.filter(wanted));
  }
}

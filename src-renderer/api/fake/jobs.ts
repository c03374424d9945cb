/** Jobs that pretend to work: they advance by a clock and end. */
import type { JobPart, JobRow, WireError } from '@contract/views';

const TICK_MS = 100;
const BYTES_PER_TICK = 6_400_000;

interface JobPlan {
  readonly kind: JobRow['kind'];
  readonly subject: string;
  readonly parts: readonly { readonly label: string; readonly bytes: number; readonly known?: boolean }[];
  /** What happens when it is through; answers the keys of images it made. */
  readonly finish?: () => readonly string[];
  /** The error it ends with halfway. */
  readonly error?: WireError;
}

function advance(parts: readonly JobPart[], budget: number): JobPart[] {
  let left = budget;
  return parts.map((part) => {
    if (part.state === 'done' || part.state === 'known' || left <= 0) return part;
    const total = part.totalBytes ?? 0;
    const doneBytes = Math.min(total, part.doneBytes + left);
    left -= doneBytes - part.doneBytes;
    return { ...part, doneBytes, state: doneBytes === total ? 'done' : 'running' };
  });
}

export class FakeJobs {
  #jobs = new Map<number, JobRow>();
  #next = 1;
  readonly #changed: (jobs: readonly JobRow[]) => void;

  constructor(changed: (jobs: readonly JobRow[]) => void) {
    this.#changed = changed;
  }

  get list(): readonly JobRow[] {
    return [...this.#jobs.values()];
  }

  /** Starts a job that ends by itself; answers its id. */
  start(plan: JobPlan): number {
    const id = this.#next++;
    const parts = plan.parts.map((part, index) => ({
      part: `${index}`,
      label: part.label,
      doneBytes: part.known === true ? part.bytes : 0,
      totalBytes: part.bytes,
      state: part.known === true ? ('known' as const) : ('waiting' as const),
    }));
    this.#put({
      id,
      kind: plan.kind,
      subject: plan.subject,
      state: 'running',
      startedAt: new Date().toISOString(),
      endedAt: undefined,
      doneBytes: 0,
      totalBytes: parts.reduce((sum, part) => sum + part.totalBytes, 0),
      bytesPerSecond: 0,
      parts,
      error: undefined,
      imageKeys: [],
    });
    const timer = setInterval(() => {
      if (!this.#tick(id, plan)) clearInterval(timer);
    }, TICK_MS);
    return id;
  }

  cancel(id: number): void {
    const job = this.#jobs.get(id);
    if (job?.state === 'running') this.#end(job, 'cancelled');
  }

  clear(): void {
    this.#jobs = new Map([...this.#jobs].filter(([, job]) => job.state === 'running'));
    this.#changed(this.list);
  }

  #put(job: JobRow): void {
    this.#jobs.set(job.id, job);
    this.#changed(this.list);
  }

  #end(job: JobRow, state: JobRow['state'], more: Partial<JobRow> = {}): void {
    this.#put({ ...job, ...more, state, endedAt: new Date().toISOString() });
  }

  #tick(id: number, plan: JobPlan): boolean {
    const job = this.#jobs.get(id);
    if (job?.state !== 'running') return false;
    const parts = advance(job.parts, BYTES_PER_TICK);
    const doneBytes = parts.reduce((sum, part) => sum + part.doneBytes, 0);
    const moved = { ...job, parts, doneBytes, bytesPerSecond: (BYTES_PER_TICK * 1000) / TICK_MS };
    const total = job.totalBytes ?? 0;
    if (plan.error !== undefined && doneBytes >= total / 2) this.#end(moved, 'failed', { error: plan.error });
    else if (doneBytes >= total) this.#end(moved, 'done', { imageKeys: plan.finish?.() ?? [] });
    else this.#put(moved);
    return this.#jobs.get(id)?.state === 'running';
  }
}

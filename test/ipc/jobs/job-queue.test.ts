import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LaminaError } from '../../../src-main/engine/index';
import type { JobRow } from '../../../src-main/ipc/contract/views';
import type { JobControl, JobSpec } from '../../../src-main/ipc/jobs/job';
import { JobQueue } from '../../../src-main/ipc/jobs/job-queue';

/** A job that ends when the test says so, and that a cancel ends. */
function controlled(kind: JobRow['kind'] = 'import', extra: Partial<JobSpec<string>> = {}) {
  let control: JobControl | undefined;
  let finish!: (value: string) => void;
  let fail!: (error: Error) => void;
  const spec: JobSpec<string> = {
    kind,
    subject: 'a.tar',
    run: (given) => {
      control = given;
      return new Promise((resolve, reject) => {
        finish = resolve;
        fail = reject;
        given.signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
      });
    },
    ...extra,
  };
  return {
    spec,
    finish: (value = 'done') => finish(value),
    fail: (error: Error) => fail(error),
    control: () => control!,
  };
}

const announced: JobRow[][] = [];
const newQueue = () => new JobQueue((rows) => announced.push([...rows]));
const states = (queue: JobQueue) => queue.rows().map((row) => row.state);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  announced.length = 0;
});
afterEach(() => vi.useRealTimers());

describe('the job queue', () => {
  it('runs two jobs at a time, in the order they came', async () => {
    const queue = newQueue();
    const jobs = [controlled(), controlled(), controlled()];
    for (const { spec } of jobs) queue.add(spec);
    expect(states(queue)).toEqual(['queued', 'running', 'running']);
    jobs[0]!.finish();
    await vi.runAllTimersAsync();
    expect(states(queue)).toEqual(['running', 'running', 'done']);
  });

  it('runs a job that somebody waits for at once, beside the others', () => {
    const queue = newQueue();
    queue.add(controlled().spec);
    queue.add(controlled().spec);
    queue.add(controlled('commit', { urgent: true }).spec);
    expect(states(queue)).toEqual(['running', 'running', 'running']);
  });

  it('gives the result to whoever awaits it, and the keys of the images it made to the list', async () => {
    const queue = newQueue();
    const { spec, finish } = controlled('import', { imageKeys: (key) => [key] });
    const job = queue.add(spec);
    finish('sha256:1');
    await expect(job.result).resolves.toBe('sha256:1');
    expect(queue.rows()[0]).toMatchObject({ state: 'done', imageKeys: ['sha256:1'], error: undefined });
  });

  it('keeps what failed and why', async () => {
    const queue = newQueue();
    const { spec, fail } = controlled();
    const job = queue.add(spec);
    fail(new LaminaError('TAR_INVALID', 'The tar is broken.', { hint: 'Save it again.' }));
    await expect(job.result).rejects.toMatchObject({ code: 'TAR_INVALID' });
    expect(queue.rows()[0]).toMatchObject({
      state: 'failed',
      error: { code: 'TAR_INVALID', message: 'The tar is broken.', hint: 'Save it again.' },
    });
  });

  it('cancels a running job through its signal and shows it when its work has cleaned up', async () => {
    const queue = newQueue();
    const { spec, control } = controlled();
    const job = queue.add(spec);
    queue.cancel(job.id);
    expect(control().signal.aborted).toBe(true);
    await expect(job.result).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(queue.rows()[0]).toMatchObject({ state: 'cancelled', error: undefined });
  });

  it('cancels a waiting job without ever starting it', async () => {
    const queue = newQueue();
    queue.add(controlled().spec);
    queue.add(controlled().spec);
    const run = vi.fn(() => Promise.resolve('never'));
    const job = queue.add(controlled('import', { run }).spec);
    queue.cancel(job.id);
    await expect(job.result).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(run).not.toHaveBeenCalled();
    expect(() => queue.cancel(99)).toThrow(LaminaError);
  });

  it('forgets ended jobs when asked, and only those', async () => {
    const queue = newQueue();
    const ended = controlled();
    queue.add(ended.spec);
    queue.add(controlled().spec);
    ended.finish();
    await vi.runAllTimersAsync();
    queue.clear();
    expect(states(queue)).toEqual(['running']);
  });

  it('announces at most ten times a second, and always the last state', async () => {
    const queue = newQueue();
    const { spec, control } = controlled();
    queue.add(spec);
    for (let done = 1; done <= 1000; done += 1) {
      control().onProgress({ part: 'layer', label: 'layer', doneBytes: done, totalBytes: 1000, state: 'running' });
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(announced.length).toBeGreaterThan(5);
    expect(announced.length).toBeLessThanOrEqual(12);
    expect(announced.at(-1)?.[0]).toMatchObject({ doneBytes: 1000 });
  });

  it('adds up parts, knows the total once all parts do, and measures the speed of the last seconds', async () => {
    const queue = newQueue();
    const { spec, control } = controlled();
    queue.add(spec);
    const part = (name: string, doneBytes: number, totalBytes?: number) =>
      control().onProgress({ part: name, label: name, doneBytes, totalBytes, state: 'running' });
    part('1', 0, 5000);
    part('2', 0);
    expect(queue.rows()[0]).toMatchObject({ doneBytes: 0, totalBytes: undefined });
    await vi.advanceTimersByTimeAsync(1000);
    part('1', 2000, 5000);
    part('2', 100, 1000);
    expect(queue.rows()[0]).toMatchObject({ doneBytes: 2100, totalBytes: 6000, bytesPerSecond: 2100 });
    expect(queue.rows()[0]?.parts.map((row) => row.part)).toEqual(['1', '2']);
  });

  it('lets commits end when it closes, and cancels everything else', async () => {
    const queue = newQueue();
    const commit = controlled('commit', { urgent: true });
    const other = controlled();
    queue.add(commit.spec);
    queue.add(other.spec);
    let closed = false;
    const closing = queue.close().then(() => (closed = true));
    await vi.advanceTimersByTimeAsync(1000);
    expect(closed).toBe(false);
    expect(states(queue)).toEqual(['cancelled', 'running']);
    commit.finish();
    await closing;
    expect(states(queue)).toEqual(['cancelled', 'done']);
  });
});

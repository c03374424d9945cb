import type { JobRow } from '@contract/views';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { call, on } from '../api/bridge';

/** Whether a job still has something to do. */
function isActive(job: JobRow): boolean {
  return job.state === 'queued' || job.state === 'running';
}

/** A mirror of main's jobs, newest first. */
export const useJobsStore = defineStore('jobs', () => {
  const jobs = shallowRef<readonly JobRow[]>([]);
  const endedListeners = new Set<(job: JobRow) => void>();

  const active = computed(() => jobs.value.filter(isActive));
  const finished = computed(() => jobs.value.filter((job) => !isActive(job)));

  function replace(next: readonly JobRow[]): void {
    const before = new Map(jobs.value.map((job) => [job.id, job]));
    jobs.value = [...next].sort((a, b) => b.id - a.id);
    for (const job of next) {
      const earlier = before.get(job.id);
      // A job may start and end between two events; what was already over at the first look is not news.
      if (!isActive(job) && (earlier === undefined ? started : isActive(earlier))) {
        for (const listener of endedListeners) listener(job);
      }
    }
  }

  let started = false;

  /** Loads the jobs and follows them from now on. */
  async function start(): Promise<void> {
    on('jobs.changed', replace);
    replace(await call('jobs.list'));
    started = true;
  }

  /** Tells when a job ends while the window watches; returns the function that stops listening. */
  function onEnded(listener: (job: JobRow) => void): () => void {
    endedListeners.add(listener);
    return () => endedListeners.delete(listener);
  }

  const cancel = (id: number): Promise<void> => call('jobs.cancel', { id });

  /** Forgets the jobs that are over. */
  async function clear(): Promise<void> {
    await call('jobs.clear');
    replace(await call('jobs.list'));
  }

  return { jobs, active, finished, start, onEnded, cancel, clear };
});

/** What a job's numbers mean; nothing of the window. */
import type { JobPart, JobRow } from '@contract/views';

/** How far it is, from 0 to 1; undefined while its size is unknown. */
export function fractionOf(item: Pick<JobRow | JobPart, 'doneBytes' | 'totalBytes'>): number | undefined {
  if (item.totalBytes === undefined) return undefined;
  return item.totalBytes === 0 ? 1 : Math.min(1, item.doneBytes / item.totalBytes);
}

/** Seconds that are left at the present speed; undefined when that says nothing. */
export function secondsLeft(
  job: Pick<JobRow, 'doneBytes' | 'totalBytes' | 'bytesPerSecond' | 'state'>,
): number | undefined {
  if (job.state !== 'running' || job.totalBytes === undefined || job.bytesPerSecond <= 0) return undefined;
  return Math.max(0, job.totalBytes - job.doneBytes) / job.bytesPerSecond;
}

/** Seconds from start to end; undefined while it runs. */
export function secondsTaken(job: Pick<JobRow, 'startedAt' | 'endedAt'>): number | undefined {
  if (job.endedAt === undefined) return undefined;
  const seconds = (Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

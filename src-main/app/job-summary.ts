/** What the tray, the taskbar and notifications say about the jobs. */
import type { JobRow } from '../ipc/contract/views';
import { fill, type MessageKey, type Messages } from './messages';

const TITLES: Readonly<Record<JobRow['kind'], MessageKey>> = {
  import: 'jobImport',
  export: 'jobExport',
  commit: 'jobCommit',
  add: 'jobAdd',
  sample: 'jobSample',
  collect: 'jobCollect',
};

export function isActive(job: JobRow): boolean {
  return job.state === 'queued' || job.state === 'running';
}

export function jobTitle(job: JobRow, messages: Messages): string {
  return fill(messages[TITLES[job.kind]], { subject: job.subject });
}

/** A line of the tray's menu: what runs and how far it is. */
export function jobLine(job: JobRow, messages: Messages): string {
  const title = jobTitle(job, messages);
  if (job.state === 'queued') return fill(messages.jobQueued, { title });
  const fraction = fractionOf([job]);
  return fraction === undefined ? title : fill(messages.jobPercent, { title, percent: Math.floor(fraction * 100) });
}

/** 0 to 1 over all running jobs; undefined when none says how long it is. */
export function fractionOf(jobs: readonly JobRow[]): number | undefined {
  const measured = jobs.filter((job) => job.state === 'running' && job.totalBytes !== undefined && job.totalBytes > 0);
  const total = measured.reduce((sum, job) => sum + (job.totalBytes ?? 0), 0);
  const done = measured.reduce((sum, job) => sum + Math.min(job.doneBytes, job.totalBytes ?? 0), 0);
  return total === 0 ? undefined : done / total;
}

/** Value for the taskbar (BrowserWindow.setProgressBar): 0–1, 2 for "some time", -1 for none. */
export function taskbarProgress(jobs: readonly JobRow[]): number {
  return jobs.some(isActive) ? (fractionOf(jobs) ?? 2) : -1;
}

/** Jobs that were active in `before` and have ended in `now` by themselves (not cancelled by the user). */
export function newlyEnded(before: readonly JobRow[], now: readonly JobRow[]): JobRow[] {
  const active = new Set(before.filter(isActive).map((job) => job.id));
  return now.filter((job) => active.has(job.id) && (job.state === 'done' || job.state === 'failed'));
}

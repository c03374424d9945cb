/** Shows how jobs go outside of the window: taskbar, and a notification when a long one ends unseen. */
import { Notification } from 'electron';
import type { JobRow } from '../ipc/contract/views';
import { jobTitle, newlyEnded, taskbarProgress } from './job-summary';
import { fill, type Messages } from './messages';
import type { MainWindow } from './window';

/** A job shorter than this ends before anybody looks elsewhere. */
const LONG_JOB_MS = 5_000;

export class JobNotices {
  readonly #window: MainWindow;
  readonly #messages: () => Messages;
  #jobs: readonly JobRow[] = [];

  constructor(window: MainWindow, messages: () => Messages) {
    this.#window = window;
    this.#messages = messages;
  }

  get jobs(): readonly JobRow[] {
    return this.#jobs;
  }

  /** @returns the jobs that have ended since the last update */
  update(jobs: readonly JobRow[]): readonly JobRow[] {
    const ended = newlyEnded(this.#jobs, jobs);
    this.#jobs = jobs;
    this.#window.native?.setProgressBar(taskbarProgress(jobs));
    if (!this.#window.visible) for (const job of ended) this.#notify(job);
    return ended;
  }

  #notify(job: JobRow): void {
    const duration = Date.parse(job.endedAt ?? job.startedAt) - Date.parse(job.startedAt);
    if (duration < LONG_JOB_MS && job.state === 'done') return;
    const messages = this.#messages();
    const title = fill(job.state === 'done' ? messages.jobDone : messages.jobFailed, {
      title: jobTitle(job, messages),
    });
    const notification = new Notification({ title, body: job.error?.message ?? '' });
    notification.on('click', () => this.#window.command({ kind: 'go', page: 'activity' }));
    notification.show();
  }
}

/**
 * When the window closes and when the program ends. Running jobs outlive the window; the program ends only after the
 * engine has let go of its store: a commit is finished, everything else is cancelled without a trace.
 */
import { app, dialog, Notification } from 'electron';
import type { JobRow } from '../ipc/contract/views';
import type { EngineClient } from './engine-client';
import { isActive } from './job-summary';
import { fill, type Messages } from './messages';
import type { SettingsStore } from './settings';

export interface LifecycleParts {
  readonly engine: EngineClient;
  readonly settings: SettingsStore;
  readonly messages: () => Messages;
  readonly jobs: () => readonly JobRow[];
}

type Phase = 'running' | 'asking' | 'stopping' | 'stopped';

export class Lifecycle {
  readonly #parts: LifecycleParts;
  #phase: Phase = 'running';

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    app.on('before-quit', (event) => {
      if (this.#phase === 'stopped') return;
      event.preventDefault();
      if (this.#phase === 'running') void this.quit();
    });
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin' && this.#phase === 'running') void this.quit();
    });
  }

  /** Whether a window the user closes may go. While jobs run it is only hidden, which is said the first time. */
  mayCloseWindow(): boolean {
    if (this.#phase !== 'running' || !this.#busy()) return true;
    const { settings, messages } = this.#parts;
    if (!settings.stored.backgroundNoticeShown) {
      settings.change({ backgroundNoticeShown: true });
      const { backgroundTitle: title, backgroundBody: body } = messages();
      new Notification({ title, body }).show();
    }
    return false;
  }

  /** Asks first when jobs are running. */
  async quit(): Promise<void> {
    if (this.#phase !== 'running') return;
    this.#phase = 'asking';
    if (!(await this.#mayQuit())) {
      this.#phase = 'running';
      return;
    }
    this.#phase = 'stopping';
    await this.#parts.engine.stop();
    this.#phase = 'stopped';
    app.quit();
  }

  #busy(): boolean {
    return this.#parts.jobs().some(isActive);
  }

  /** Asks the engine what runs now: what it last announced may be a moment old. */
  async #mayQuit(): Promise<boolean> {
    const jobs = await this.#parts.engine.call('jobs.list', undefined).catch(() => []);
    const active = jobs.filter(isActive).length;
    return active === 0 || (await this.#confirm(active));
  }

  async #confirm(active: number): Promise<boolean> {
    const { quitTitle, quitBody, quitAnyway, keepRunning } = this.#parts.messages();
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: quitTitle,
      detail: fill(quitBody, { count: active }),
      buttons: [quitAnyway, keepRunning],
      defaultId: 1,
      cancelId: 1,
    });
    return response === 0;
  }
}

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { type ApiError, toApiError } from '../api/api-error';

/** A short message in the corner of the window. Texts are ready to show. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'error';
  readonly title: string;
  readonly detail?: string | undefined;
  /** A place in the window it leads to. */
  readonly link?: { readonly label: string; readonly to: string } | undefined;
  /** The error behind it, for its hint and for copying. */
  readonly error?: ApiError | undefined;
}

const KEPT = 5;

/** Messages of the window, newest last. */
export const useNoticesStore = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([]);
  let next = 1;

  function show(notice: Omit<Notice, 'id'>): void {
    notices.value = [...notices.value, { ...notice, id: next++ }].slice(-KEPT);
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  /** Shows what went wrong under a title that says what was tried. */
  function fail(title: string, thrown: unknown): void {
    const error = toApiError(thrown);
    if (error.code === 'CANCELLED') return;
    show({ tone: 'error', title, detail: error.message, error });
  }

  /** Runs work; a notice under this title says what went wrong. */
  async function attempt(title: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      fail(title, thrown);
    }
  }

  return { notices, show, dismiss, fail, attempt };
});

import type { HistoryRowView, ImageDetails } from '@contract/views';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { type ApiError, toApiError } from '../api/api-error';
import { call, on } from '../api/bridge';

export type InspectFormat = 'docker-25' | 'docker-20.10';

/** The image whose page is open: what its digest fixes for ever, and its names, which may change meanwhile. */
export const useImagePageStore = defineStore('imagePage', () => {
  const key = shallowRef<string>();
  const details = shallowRef<ImageDetails>();
  const history = shallowRef<readonly HistoryRowView[]>();
  const inspect = shallowRef<string>();
  const error = shallowRef<ApiError>();
  const historyError = shallowRef<ApiError>();
  const inspectError = shallowRef<ApiError>();

  let inspectAsked = 0;

  /** Opens the page of an image; history and JSON are fetched when they are looked at. */
  async function open(next: string): Promise<void> {
    if (next !== key.value) {
      details.value = undefined;
      history.value = undefined;
      inspect.value = undefined;
    }
    key.value = next;
    await refresh();
  }

  async function refresh(): Promise<void> {
    const wanted = key.value;
    if (wanted === undefined) return;
    try {
      const answer = await call('images.get', { key: wanted });
      if (wanted !== key.value) return;
      details.value = answer;
      error.value = undefined;
    } catch (thrown) {
      if (wanted === key.value) error.value = toApiError(thrown);
    }
  }

  async function loadHistory(): Promise<void> {
    const wanted = key.value;
    if (wanted === undefined || history.value !== undefined) return;
    historyError.value = undefined;
    try {
      const answer = await call('images.history', { key: wanted });
      if (wanted === key.value) history.value = answer;
    } catch (thrown) {
      if (wanted === key.value) historyError.value = toApiError(thrown);
    }
  }

  async function loadInspect(format: InspectFormat): Promise<void> {
    const wanted = key.value;
    if (wanted === undefined) return;
    const mine = ++inspectAsked;
    inspectError.value = undefined;
    try {
      const answer = await call('images.inspect', { key: wanted, format });
      if (mine === inspectAsked && wanted === key.value) inspect.value = answer;
    } catch (thrown) {
      if (mine === inspectAsked) inspectError.value = toApiError(thrown);
    }
  }

  function close(): void {
    key.value = undefined;
    details.value = undefined;
    history.value = undefined;
    inspect.value = undefined;
    error.value = undefined;
  }

  on('images.changed', () => void refresh());

  return {
    key,
    details,
    history,
    inspect,
    error,
    historyError,
    inspectError,
    open,
    refresh,
    loadHistory,
    loadInspect,
    close,
  };
});

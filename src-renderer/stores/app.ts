import type { WindowCommand } from '@contract/events';
import type { UsageView } from '@contract/views';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { type ApiError, toApiError } from '../api/api-error';
import { call, on } from '../api/bridge';

/** What belongs to no single noun: how full the store is, and commands of the native menu. */
export const useAppStore = defineStore('app', () => {
  const usage = shallowRef<UsageView>();
  const usageError = shallowRef<ApiError>();

  async function refreshUsage(): Promise<void> {
    try {
      usage.value = await call('store.usage');
      usageError.value = undefined;
    } catch (thrown) {
      usageError.value = toApiError(thrown);
    }
  }

  /** Keeps the usage current and hands the menu's commands to `run`. */
  async function start(run: (command: WindowCommand) => void): Promise<void> {
    on('window.command', run);
    on('images.changed', () => void refreshUsage());
    on('containers.changed', () => void refreshUsage());
    await refreshUsage();
  }

  /** Deletes blobs that nothing refers to. */
  async function collect(): Promise<{ readonly freedBytes: number; readonly removed: number }> {
    const result = await call('store.collect');
    await refreshUsage();
    return result;
  }

  const revealStore = (): Promise<void> => call('store.reveal');

  return { usage, usageError, refreshUsage, start, collect, revealStore };
});

import type { ImageRow } from '@contract/views';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { type ApiError, toApiError } from '../api/api-error';
import { call, importDropped, on } from '../api/bridge';

/** The images of the store, and what can be done to them as a whole. */
export const useImagesStore = defineStore('images', () => {
  const rows = shallowRef<readonly ImageRow[]>([]);
  /** Whether the rows have been fetched at least once. */
  const loaded = shallowRef(false);
  const error = shallowRef<ApiError>();

  const byKey = computed(() => new Map(rows.value.map((row) => [row.key, row])));

  let latest = 0;

  /** Fetches the rows; an answer overtaken by a newer one is dropped. */
  async function refresh(): Promise<void> {
    const mine = ++latest;
    try {
      const answer = await call('images.list');
      if (mine !== latest) return;
      rows.value = answer;
      error.value = undefined;
      loaded.value = true;
    } catch (thrown) {
      if (mine === latest) error.value = toApiError(thrown);
    }
  }

  /** Fetches the rows now and whenever main says they changed. */
  async function start(): Promise<void> {
    on('images.changed', () => void refresh());
    await refresh();
  }

  const tag = (key: string, reference: string): Promise<void> => call('images.tag', { key, reference });
  const untag = (reference: string): Promise<void> => call('images.untag', { reference });

  /** Removes images one after another, so that an error names the one it is about. */
  async function remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) await call('images.remove', { key });
  }

  /** Makes a sample image; answers its key. */
  async function makeSample(which: 'textbook' | 'story'): Promise<string> {
    const { key } = await call('images.sample', { which });
    await refresh();
    return key;
  }

  /** Asks for a file or folder and imports it; answers the job ids, none when cancelled. */
  const importDialog = (kind: 'file' | 'folder'): Promise<readonly number[]> => call('images.importDialog', { kind });

  /** Asks where to write and exports as a job; answers its id, undefined when cancelled. */
  const exportDialog = (
    keys: readonly string[],
    format: 'docker-archive' | 'oci-archive',
  ): Promise<number | undefined> => call('images.exportDialog', { keys: [...keys], format });

  return {
    rows,
    loaded,
    error,
    byKey,
    refresh,
    start,
    tag,
    untag,
    remove,
    makeSample,
    importDialog,
    exportDialog,
    importDropped,
  };
});

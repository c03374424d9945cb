import { defineStore } from 'pinia';
import { computed } from 'vue';
import { call, importDropped } from '../api/bridge';
import { mirroredRows } from './mirrored-rows';

/** The images of the store, and what can be done to them as a whole. */
export const useImagesStore = defineStore('images', () => {
  const { rows, loaded, error, refresh, start } = mirroredRows(() => call('images.list'), 'images.changed');

  const byKey = computed(() => new Map(rows.value.map((row) => [row.key, row])));

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

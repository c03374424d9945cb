import type { ChangeRow } from '@contract/views';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { type ApiError, toApiError } from '../api/api-error';
import { call } from '../api/bridge';

/** What the container whose page is open changed, as `docker diff` lists it. */
export const useChangesStore = defineStore('changes', () => {
  /** Undefined until they have been fetched. */
  const rows = shallowRef<readonly ChangeRow[]>();
  const error = shallowRef<ApiError>();

  let asked = 0;

  /** Fetches the changes of a container; an answer overtaken by a newer one is dropped. */
  async function load(id: string): Promise<void> {
    const mine = ++asked;
    try {
      const answer = await call('containers.changes', { id });
      if (mine !== asked) return;
      rows.value = answer;
      error.value = undefined;
    } catch (thrown) {
      if (mine === asked) error.value = toApiError(thrown);
    }
  }

  function clear(): void {
    asked += 1;
    rows.value = undefined;
    error.value = undefined;
  }

  return { rows, error, load, clear };
});

import type { EventName } from '@contract/events';
import { shallowRef, type ShallowRef } from 'vue';
import { type ApiError, toApiError } from '../api/api-error';
import { on } from '../api/bridge';

export interface MirroredRows<Row> {
  readonly rows: ShallowRef<readonly Row[]>;
  /** Whether the rows have been fetched at least once. */
  readonly loaded: ShallowRef<boolean>;
  /** What the last fetch failed with. */
  readonly error: ShallowRef<ApiError | undefined>;
  /** Fetches the rows; an answer overtaken by a newer one is dropped. */
  readonly refresh: () => Promise<void>;
  /** Fetches the rows now and whenever main says they changed. */
  readonly start: () => Promise<void>;
}

/** A list of main as a store holds it: fetched whole, and again at each event that says it changed. */
export function mirroredRows<Row>(fetch: () => Promise<readonly Row[]>, changed: EventName): MirroredRows<Row> {
  const rows = shallowRef<readonly Row[]>([]);
  const loaded = shallowRef(false);
  const error = shallowRef<ApiError>();
  let latest = 0;

  async function refresh(): Promise<void> {
    const mine = ++latest;
    try {
      const answer = await fetch();
      if (mine !== latest) return;
      rows.value = answer;
      error.value = undefined;
      loaded.value = true;
    } catch (thrown) {
      if (mine === latest) error.value = toApiError(thrown);
    }
  }

  async function start(): Promise<void> {
    on(changed, () => void refresh());
    await refresh();
  }

  return { rows, loaded, error, refresh, start };
}

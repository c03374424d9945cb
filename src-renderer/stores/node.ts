/** The path that is selected in the open tree: its facts, its versions, and the content of one of them. */
import type { NodeDetails, Preview, VersionView } from '@contract/views';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { type ApiError, toApiError } from '../api/api-error';
import { call } from '../api/bridge';
import { useTreeStore } from './tree';

const FIRST_BYTES = 256 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;

export const useNodeStore = defineStore('node', () => {
  const tree = useTreeStore();
  const path = shallowRef<string>();
  const details = shallowRef<NodeDetails>();
  const error = shallowRef<ApiError>();
  /** Layer of the version on show; undefined for a path no layer wrote a version of. */
  const layer = shallowRef<number>();
  const preview = shallowRef<Preview>();
  const previewError = shallowRef<ApiError>();
  const loading = shallowRef(false);

  const version = computed<VersionView | undefined>(() =>
    details.value?.versions.find((candidate) => candidate.layer === layer.value),
  );
  const isCurrent = computed(
    () =>
      version.value !== undefined &&
      details.value?.ghost === false &&
      version.value.layer === details.value.current?.layer,
  );

  let asked = 0;
  let previewAsked = 0;

  function clear(): void {
    asked += 1;
    previewAsked += 1;
    path.value = undefined;
    details.value = undefined;
    error.value = undefined;
    layer.value = undefined;
    preview.value = undefined;
    previewError.value = undefined;
    loading.value = false;
  }

  /** Shows another path: the version that the tree shows, or the newest of a ghost. */
  async function select(next: string): Promise<void> {
    path.value = next;
    await fetch(undefined);
  }

  /** Fetches the path again after the tree changed; stays at the version on show unless that was the current one. */
  async function refresh(): Promise<void> {
    if (path.value !== undefined) await fetch(isCurrent.value ? undefined : layer.value);
  }

  async function fetch(keepLayer: number | undefined): Promise<void> {
    const view = tree.state?.view;
    const wanted = path.value;
    if (view === undefined || wanted === undefined) return;
    const mine = ++asked;
    loading.value = true;
    try {
      const answer = await call('tree.details', { view, path: wanted });
      if (mine !== asked) return;
      details.value = answer;
      error.value = undefined;
      const kept = answer.versions.find((candidate) => candidate.layer === keepLayer);
      await showVersion((kept ?? answer.current ?? answer.versions[0])?.layer);
    } catch (thrown) {
      if (mine !== asked) return;
      details.value = undefined;
      preview.value = undefined;
      error.value = toApiError(thrown);
    } finally {
      if (mine === asked) loading.value = false;
    }
  }

  /** Shows the version that a layer wrote. */
  async function showVersion(next: number | undefined): Promise<void> {
    layer.value = next;
    await read(FIRST_BYTES);
  }

  /** Reads the version on show to the longest that a preview can be. */
  const showMore = (): Promise<void> => read(MOST_BYTES);

  async function read(limit: number): Promise<void> {
    const view = tree.state?.view;
    const wanted = path.value;
    const mine = ++previewAsked;
    if (view === undefined || wanted === undefined || version.value?.type !== 'file') {
      preview.value = undefined;
      previewError.value = undefined;
      return;
    }
    try {
      const answer = await call('tree.preview', { view, path: wanted, layer: version.value.layer, limit });
      if (mine !== previewAsked) return;
      preview.value = answer;
      previewError.value = undefined;
    } catch (thrown) {
      if (mine !== previewAsked) return;
      preview.value = undefined;
      previewError.value = toApiError(thrown);
    }
  }

  /** Writes the version on show where the user says; answers the file's name, undefined when cancelled. @throws ApiError */
  async function saveAs(): Promise<string | undefined> {
    const view = tree.state?.view;
    if (view === undefined || path.value === undefined) return undefined;
    return call('tree.saveAs', { view, path: path.value, layer: layer.value });
  }

  return {
    path,
    details,
    error,
    layer,
    preview,
    previewError,
    loading,
    version,
    isCurrent,
    clear,
    select,
    refresh,
    showVersion,
    showMore,
    saveAs,
  };
});

import type { CallInput } from '@contract/calls';
import type { CommitView, ContainerRow } from '@contract/views';
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { addDropped, call } from '../api/bridge';
import { mirroredRows } from './mirrored-rows';

/** What the commit dialog asks for. */
export type CommitRequest = Omit<CallInput<'containers.commit'>, 'id'>;
/** New permissions or owner of a path; what is left out stays. */
export type AttributeRequest = Omit<CallInput<'containers.setAttributes'>, 'id'>;

/** The containers of the store, and every edit of one. Edits answer when they are on disk. */
export const useContainersStore = defineStore('containers', () => {
  const { rows, loaded, error, refresh, start } = mirroredRows(() => call('containers.list'), 'containers.changed');

  const byId = computed(() => new Map(rows.value.map((row) => [row.id, row])));

  /** Puts the row an edit answered in its place at once, before the list is fetched again. */
  function keep(row: ContainerRow): ContainerRow {
    const known = byId.value.has(row.id);
    rows.value = known ? rows.value.map((other) => (other.id === row.id ? row : other)) : [row, ...rows.value];
    return row;
  }

  /** A new container on an image; main finds a name when none is given. */
  const create = async (imageKey: string, name?: string): Promise<ContainerRow> =>
    keep(await call('containers.create', { imageKey, name }));

  const rename = async (id: string, name: string): Promise<ContainerRow> =>
    keep(await call('containers.rename', { id, name }));

  async function remove(id: string): Promise<void> {
    await call('containers.remove', { id });
    rows.value = rows.value.filter((row) => row.id !== id);
  }

  const writeText = async (id: string, path: string, text: string, encoding: 'utf-8' | 'utf-16le'): Promise<void> => {
    keep(await call('containers.writeText', { id, path, text, encoding }));
  };

  const newFile = async (id: string, parent: string, name: string): Promise<void> => {
    keep(await call('containers.newFile', { id, parent, name }));
  };

  const newFolder = async (id: string, parent: string, name: string): Promise<void> => {
    keep(await call('containers.newFolder', { id, parent, name }));
  };

  /** New name in the same directory. */
  const renamePath = async (id: string, path: string, name: string): Promise<void> => {
    keep(await call('containers.renamePath', { id, path, name }));
  };

  const deletePaths = async (id: string, paths: readonly string[]): Promise<void> => {
    keep(await call('containers.deletePaths', { id, paths: [...paths] }));
  };

  const setAttributes = async (id: string, request: AttributeRequest): Promise<void> => {
    keep(await call('containers.setAttributes', { id, ...request }));
  };

  /** Asks for files or a folder of the computer and copies them into a directory as a job; undefined when cancelled. */
  const addDialog = (id: string, parent: string, kind: 'file' | 'folder'): Promise<number | undefined> =>
    call('containers.addDialog', { id, parent, kind });

  const commit = (id: string, request: CommitRequest): Promise<CommitView> =>
    call('containers.commit', { id, ...request });

  return {
    rows,
    loaded,
    error,
    byId,
    refresh,
    start,
    create,
    rename,
    remove,
    writeText,
    newFile,
    newFolder,
    renamePath,
    deletePaths,
    setAttributes,
    addDialog,
    addDropped,
    commit,
  };
});

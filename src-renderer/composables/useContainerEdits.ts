import type { ContainerRow } from '@contract/views';
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ALL_LAYERS } from '../components/layer/layer-choice';
import { childKey, keyText, parentKey } from '../format/path-key';
import { useContainersStore, type AttributeRequest } from '../stores/containers';
import { useNodeStore } from '../stores/node';
import { useNoticesStore } from '../stores/notices';
import type { Explorer } from './useExplorer';

type EditDialog = 'newFile' | 'newFolder' | 'rename' | 'delete' | 'permissions';

export interface ContainerEdits {
  readonly dialog: ShallowRef<EditDialog | undefined>;
  readonly busy: Ref<boolean>;
  /** What the open dialog's work failed with, to show in it. */
  readonly error: Ref<string | undefined>;
  readonly close: () => void;
  readonly ask: (dialog: EditDialog) => void;
  /** Directory that new things go into: the selected one, or the one around what is selected. */
  readonly folder: ComputedRef<string>;
  readonly targets: ComputedRef<readonly string[]>;
  readonly canChange: ComputedRef<boolean>;
  readonly create: (kind: 'newFile' | 'newFolder', name: string) => Promise<void>;
  readonly rename: (name: string) => Promise<void>;
  readonly remove: () => Promise<void>;
  readonly setAttributes: (change: Omit<AttributeRequest, 'path'>) => Promise<void>;
  readonly addDialog: (kind: 'file' | 'folder') => Promise<void>;
  readonly addDropped: (folder: string, files: readonly File[]) => Promise<void>;
}

/** Edits of a container's files, with the dialogs that ask first. */
export function useContainerEdits(container: () => ContainerRow | undefined, explorer: Explorer): ContainerEdits {
  const { t } = useI18n();
  const containers = useContainersStore();
  const node = useNodeStore();
  const notices = useNoticesStore();
  const { selection } = explorer;

  const dialog = shallowRef<EditDialog>();
  const busy = ref(false);
  const error = ref<string>();

  const folder = computed(() => {
    const row = selection.activeRow.value;
    if (row === undefined) return '';
    return row.type === 'dir' && !row.ghost ? row.path : parentKey(row.path);
  });
  const targets = computed(() => [...selection.selected.value]);
  const canChange = computed(() => targets.value.length > 0 && selection.activeRow.value?.ghost === false);

  function close(): void {
    dialog.value = undefined;
    error.value = undefined;
  }

  function ask(wanted: EditDialog): void {
    const makesNew = wanted === 'newFile' || wanted === 'newFolder';
    if (!makesNew && !canChange.value) return;
    // An edit is of what the container sees, so that is what is shown.
    if (explorer.choice.value.mode !== 'union') explorer.choose(ALL_LAYERS);
    dialog.value = wanted;
  }

  /** Runs a dialog's work; the dialog shows what went wrong and stays open. */
  async function inDialog(work: (id: string) => Promise<void>): Promise<void> {
    const id = container()?.id;
    if (id === undefined) return;
    busy.value = true;
    error.value = undefined;
    try {
      await work(id);
      close();
    } catch (thrown) {
      error.value = thrown instanceof Error ? thrown.message : String(thrown);
    } finally {
      busy.value = false;
    }
  }

  async function noticed(title: string, work: (id: string) => Promise<unknown>): Promise<void> {
    const id = container()?.id;
    if (id === undefined) return;
    try {
      await work(id);
    } catch (thrown) {
      notices.fail(title, thrown);
    }
  }

  const create = (kind: 'newFile' | 'newFolder', name: string): Promise<void> =>
    inDialog(async (id) => {
      const parent = folder.value;
      await containers[kind](id, parent, name);
      await selection.goTo(childKey(parent, name));
    });

  const rename = (name: string): Promise<void> =>
    inDialog(async (id) => {
      const path = targets.value[0];
      if (path === undefined) return;
      await containers.renamePath(id, path, name);
      await selection.goTo(childKey(parentKey(path), name));
    });

  const remove = (): Promise<void> =>
    inDialog(async (id) => {
      const paths = targets.value;
      const around = parentKey(paths[0] ?? '');
      await containers.deletePaths(id, paths);
      selection.clear();
      node.clear();
      if (around !== '') await selection.goTo(around);
    });

  const setAttributes = (change: Omit<AttributeRequest, 'path'>): Promise<void> =>
    inDialog(async (id) => {
      for (const path of targets.value) await containers.setAttributes(id, { path, ...change });
    });

  const addDialog = (kind: 'file' | 'folder'): Promise<void> =>
    noticed(t('containers.add.failed'), (id) => containers.addDialog(id, folder.value, kind));

  const addDropped = (into: string, files: readonly File[]): Promise<void> =>
    noticed(t('containers.add.failedInto', { folder: keyText(into) }), (id) => containers.addDropped(id, into, files));

  return {
    dialog,
    busy,
    error,
    close,
    ask,
    folder,
    targets,
    canChange,
    create,
    rename,
    remove,
    setAttributes,
    addDialog,
    addDropped,
  };
}

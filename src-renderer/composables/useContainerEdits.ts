import type { ContainerRow } from '@contract/views';
import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ALL_LAYERS } from '../components/layer/layer-choice';
import { childKey, keyText, parentKey } from '../format/path-key';
import { useContainersStore, type AttributeRequest } from '../stores/containers';
import { useNodeStore } from '../stores/node';
import { useNoticesStore } from '../stores/notices';
import { useDialog, type Dialog } from './useDialog';
import type { Explorer } from './useExplorer';

type EditDialog = 'newFile' | 'newFolder' | 'rename' | 'delete' | 'permissions';

export interface ContainerEdits extends Omit<Dialog<EditDialog>, 'inDialog'> {
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

  const { dialog, busy, error, close, inDialog } = useDialog<EditDialog>();

  const folder = computed(() => {
    const row = selection.activeRow.value;
    if (row === undefined) return '';
    return row.type === 'dir' && !row.ghost ? row.path : parentKey(row.path);
  });
  const targets = computed(() => [...selection.selected.value]);
  const canChange = computed(() => targets.value.length > 0 && selection.activeRow.value?.ghost === false);

  function ask(wanted: EditDialog): void {
    const makesNew = wanted === 'newFile' || wanted === 'newFolder';
    if (!makesNew && !canChange.value) return;
    // An edit is of what the container sees, so that is what is shown.
    if (explorer.choice.value.mode !== 'union') explorer.choose(ALL_LAYERS);
    dialog.value = wanted;
  }

  /** Runs the open dialog's work on the container, and closes it. */
  async function edit(work: (id: string) => Promise<void>): Promise<void> {
    const id = container()?.id;
    if (id === undefined) return;
    await inDialog(async () => {
      await work(id);
      close();
    });
  }

  async function add(title: string, work: (id: string) => Promise<unknown>): Promise<void> {
    const id = container()?.id;
    if (id !== undefined) await notices.attempt(title, () => work(id));
  }

  const create = (kind: 'newFile' | 'newFolder', name: string): Promise<void> =>
    edit(async (id) => {
      const parent = folder.value;
      await containers[kind](id, parent, name);
      await selection.goTo(childKey(parent, name));
    });

  const rename = (name: string): Promise<void> =>
    edit(async (id) => {
      const path = targets.value[0];
      if (path === undefined) return;
      await containers.renamePath(id, path, name);
      await selection.goTo(childKey(parentKey(path), name));
    });

  const remove = (): Promise<void> =>
    edit(async (id) => {
      const paths = targets.value;
      const around = parentKey(paths[0] ?? '');
      await containers.deletePaths(id, paths);
      selection.clear();
      node.clear();
      if (around !== '') await selection.goTo(around);
    });

  const setAttributes = (change: Omit<AttributeRequest, 'path'>): Promise<void> =>
    edit(async (id) => {
      for (const path of targets.value) await containers.setAttributes(id, { path, ...change });
    });

  const addDialog = (kind: 'file' | 'folder'): Promise<void> =>
    add(t('containers.add.failed'), (id) => containers.addDialog(id, folder.value, kind));

  const addDropped = (into: string, files: readonly File[]): Promise<void> =>
    add(t('containers.add.failedInto', { folder: keyText(into) }), (id) => containers.addDropped(id, into, files));

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

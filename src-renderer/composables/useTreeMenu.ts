import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { MenuItem } from '../components/base/menu';
import { keyText } from '../format/path-key';
import type { ContainerEdits } from './useContainerEdits';
import type { Explorer } from './useExplorer';

/** The menu of the selected rows of the file tree; with `edits`, also what a container allows. */
export function useTreeMenu(explorer: Explorer, edits?: ContainerEdits): ComputedRef<readonly (readonly MenuItem[])[]> {
  const { t } = useI18n();
  const { selection } = explorer;

  const paths = computed(() => [...selection.selected.value].map(keyText));
  const looks = computed<readonly MenuItem[]>(() => {
    const row = selection.activeRow.value;
    return [
      {
        label: t('explorer.menu.openAll'),
        icon: 'i-lucide-list-tree',
        keys: ['*'],
        disabled: row?.hasChildren !== true,
        testid: 'menu-open-all',
        run: () => void selection.act({ kind: 'toggle', open: true, deep: true }),
      },
      {
        label: t('explorer.menu.closeAll'),
        icon: 'i-lucide-list-collapse',
        disabled: row?.hasChildren !== true || !row.open,
        run: () => void selection.act({ kind: 'toggle', open: false, deep: true }),
      },
      {
        label: t('explorer.menu.copyPath', {}, paths.value.length),
        icon: 'i-lucide-copy',
        testid: 'menu-copy-path',
        run: () => void navigator.clipboard.writeText(paths.value.join('\n')),
      },
    ];
  });

  return computed(() => {
    if (edits === undefined) return [looks.value];
    const disabled = !edits.canChange.value;
    return [
      looks.value,
      [
        { label: t('containers.tools.newFile'), icon: 'i-lucide-file-plus', run: () => edits.ask('newFile') },
        { label: t('containers.tools.newFolder'), icon: 'i-lucide-folder-plus', run: () => edits.ask('newFolder') },
      ],
      [
        {
          label: t('containers.menu.rename'),
          icon: 'i-lucide-text-cursor-input',
          keys: ['F2'],
          disabled: disabled || edits.targets.value.length !== 1,
          run: () => edits.ask('rename'),
        },
        {
          label: t('containers.menu.permissions'),
          icon: 'i-lucide-key-round',
          disabled,
          run: () => edits.ask('permissions'),
        },
        {
          label: t('containers.menu.delete'),
          icon: 'i-lucide-trash-2',
          keys: ['delete'],
          danger: true,
          disabled,
          testid: 'menu-delete',
          run: () => edits.ask('delete'),
        },
      ],
    ];
  });
}

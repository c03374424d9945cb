import type { ImageRow } from '@contract/views';
import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { MenuItem } from '../components/base/menu';
import type { ImageActions } from './useImageActions';

type Groups = ComputedRef<readonly (readonly MenuItem[])[]>;

export interface ImageMenu {
  /** The menu of the selected rows. */
  readonly groups: Groups;
  readonly importGroups: Groups;
  readonly exportGroups: Groups;
}

/** The menus of the image list. What needs one image alone is off when more are selected. */
export function useImageMenu(options: {
  readonly rows: ComputedRef<readonly ImageRow[]>;
  readonly open: (key: string) => void;
  readonly actions: ImageActions;
}): ImageMenu {
  const { t } = useI18n();
  const { rows, open, actions } = options;

  const exportItems = computed<readonly MenuItem[]>(() => [
    {
      label: t('images.exportDocker'),
      icon: 'i-lucide-file-archive',
      testid: 'export-docker',
      run: () => void actions.exportDialog('docker-archive'),
    },
    {
      label: t('images.exportOci'),
      icon: 'i-lucide-file-archive',
      testid: 'export-oci',
      run: () => void actions.exportDialog('oci-archive'),
    },
  ]);

  const groups = computed<readonly (readonly MenuItem[])[]>(() => {
    const [first] = rows.value;
    const disabled = rows.value.length !== 1;
    return [
      [
        {
          label: t('images.open'),
          icon: 'i-lucide-layers',
          keys: ['enter'],
          disabled,
          run: () => {
            if (first !== undefined) open(first.key);
          },
        },
        {
          label: t('images.newContainer'),
          icon: 'i-lucide-package-plus',
          disabled,
          run: () => (actions.dialog.value = 'container'),
        },
      ],
      [
        { label: t('images.tag'), icon: 'i-lucide-tag', disabled, run: () => (actions.dialog.value = 'tag') },
        { label: t('images.copyId'), icon: 'i-lucide-copy', run: () => void actions.copyIds() },
      ],
      exportItems.value,
      [
        {
          label: t('images.remove'),
          icon: 'i-lucide-trash-2',
          keys: ['delete'],
          danger: true,
          run: () => (actions.dialog.value = 'remove'),
        },
      ],
    ];
  });

  const importGroups = computed<readonly (readonly MenuItem[])[]>(() => [
    [
      {
        label: t('images.importFile'),
        icon: 'i-lucide-file-archive',
        keys: ['meta', 'i'],
        testid: 'import-file',
        run: () => void actions.importDialog('file'),
      },
      {
        label: t('images.importFolder'),
        icon: 'i-lucide-folder-input',
        testid: 'import-folder',
        run: () => void actions.importDialog('folder'),
      },
    ],
    [
      { label: t('images.sampleTextbook'), icon: 'i-lucide-book-open', run: () => void actions.makeSample('textbook') },
      { label: t('images.sampleStory'), icon: 'i-lucide-shield-check', run: () => void actions.makeSample('story') },
    ],
  ]);

  return { groups, importGroups, exportGroups: computed(() => [exportItems.value]) };
}

import type { WindowCommand } from '@contract/events';
import { useRouter } from 'vue-router';
import { useI18n } from 'vue-i18n';
import { useImagesStore } from '../stores/images';
import { useNoticesStore } from '../stores/notices';
import { useShortcuts } from './useShortcuts';

/** Puts the cursor into the page's filter field, if it has one. */
function focusFilter(): void {
  const field = document.querySelector<HTMLInputElement>('[data-filter]');
  field?.focus();
  field?.select();
}

/** The window's own keys, and the commands of the native menu and the tray. */
export function useWindowCommands(): {
  readonly run: (command: WindowCommand) => void;
  readonly importFiles: () => Promise<void>;
} {
  const { t } = useI18n();
  const router = useRouter();
  const images = useImagesStore();
  const notices = useNoticesStore();

  const go = (to: string): void => void router.push(to);

  const run = (command: WindowCommand): void => {
    switch (command.kind) {
      case 'go':
        go(`/${command.page}`);
        break;
      case 'openImage':
        go(`/images/${command.key}`);
        break;
      case 'focusSearch':
        focusFilter();
    }
  };

  const importFiles = async (): Promise<void> => {
    try {
      await images.importDialog('file');
    } catch (thrown) {
      notices.fail(t('images.importFailed'), thrown);
    }
  };

  useShortcuts({
    'mod+i': () => void importFiles(),
    'mod+1': () => go('/images'),
    'mod+2': () => go('/containers'),
    'mod+3': () => go('/activity'),
    'mod+4': () => go('/settings'),
    '/': focusFilter,
    'mod+f': focusFilter,
  });

  return { run, importFiles };
}

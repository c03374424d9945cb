import { onBeforeUnmount, onMounted } from 'vue';

/** Keys as `mod+i`, `delete`, `/`; `mod` is Cmd on a Mac and Ctrl elsewhere. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const isMac = navigator.platform.startsWith('Mac');

/** Whether what is typed there is text, so that plain keys are not shortcuts. */
function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** The name of a pressed key as `Shortcuts` writes it. */
function shortcutOf(event: KeyboardEvent): string {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return `${mod ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${event.key.toLowerCase()}`;
}

/**
 * Global keys while the calling component is there. Keys without `mod` do nothing in a text field or a dialog. A key
 * that is taken here does not reach the native menu too.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const onKeydown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const name = shortcutOf(event);
    const run = shortcuts[name];
    if (run === undefined) return;
    const inDialog = document.querySelector('[role="dialog"]') !== null;
    if (!name.startsWith('mod+') && (inDialog || isTextField(event.target))) return;
    event.preventDefault();
    run(event);
  };
  onMounted(() => window.addEventListener('keydown', onKeydown));
  onBeforeUnmount(() => window.removeEventListener('keydown', onKeydown));
}

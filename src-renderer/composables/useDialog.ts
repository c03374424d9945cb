import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { errorLine } from './error-line';

export interface Dialog<Name extends string> {
  /** The dialog that is open. */
  readonly dialog: ShallowRef<Name | undefined>;
  /** Whether the open dialog's work runs. */
  readonly busy: Ref<boolean>;
  /** What the open dialog's work failed with, to show in it. */
  readonly error: Ref<string | undefined>;
  readonly close: () => void;
  /** Runs the open dialog's work; the dialog shows what went wrong and stays open. */
  readonly inDialog: (work: () => Promise<void>) => Promise<void>;
}

/** The dialogs of a page, of which one is open at a time. */
export function useDialog<Name extends string>(): Dialog<Name> {
  const dialog: ShallowRef<Name | undefined> = shallowRef();
  const busy = ref(false);
  const error = ref<string>();

  function close(): void {
    dialog.value = undefined;
    error.value = undefined;
  }

  async function inDialog(work: () => Promise<void>): Promise<void> {
    busy.value = true;
    error.value = undefined;
    try {
      await work();
    } catch (thrown) {
      error.value = errorLine(thrown);
    } finally {
      busy.value = false;
    }
  }

  return { dialog, busy, error, close, inDialog };
}

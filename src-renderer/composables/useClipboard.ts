import { ref, type Ref } from 'vue';

const SHOWN_MS = 1600;

/** Copies text; `copied` is true for a moment afterwards, for the button to show it. */
export function useClipboard(): { readonly copied: Ref<boolean>; readonly copy: (text: string) => Promise<void> } {
  const copied = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => (copied.value = false), SHOWN_MS);
  };
  return { copied, copy };
}

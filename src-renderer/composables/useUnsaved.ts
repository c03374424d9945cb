import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router';

export interface Unsaved {
  /** Text was changed and not saved. */
  readonly dirty: Readonly<Ref<boolean>>;
  readonly mark: (dirty: boolean) => void;
  /** The question is on screen. */
  readonly asking: Ref<boolean>;
  /** True at once when nothing would be lost, else what the user answers. */
  readonly mayLeave: () => Promise<boolean>;
  readonly answer: (leave: boolean) => void;
}

/** Asks before unsaved text is lost: by another selection, another page or a closed window. */
export function useUnsaved(): Unsaved {
  const dirty = ref(false);
  const asking = ref(false);
  const waiting = shallowRef<((leave: boolean) => void)[]>([]);

  function mayLeave(): Promise<boolean> {
    if (!dirty.value) return Promise.resolve(true);
    asking.value = true;
    return new Promise((resolve) => (waiting.value = [...waiting.value, resolve]));
  }

  function answer(leave: boolean): void {
    asking.value = false;
    if (leave) dirty.value = false;
    const resolvers = waiting.value;
    waiting.value = [];
    for (const resolve of resolvers) resolve(leave);
  }

  function beforeUnload(event: BeforeUnloadEvent): void {
    if (!dirty.value) return;
    // Electron keeps the window open without a word; the question is ours.
    event.preventDefault();
    void mayLeave().then((leave) => {
      if (leave) window.close();
    });
  }

  onBeforeRouteLeave(mayLeave);
  onBeforeRouteUpdate(mayLeave);
  onMounted(() => window.addEventListener('beforeunload', beforeUnload));
  onBeforeUnmount(() => window.removeEventListener('beforeunload', beforeUnload));

  const mark = (now: boolean): void => {
    dirty.value = now;
  };

  return { dirty, mark, asking, mayLeave, answer };
}

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';

/** What a drop would do: said before the mouse is let go, done after. */
export interface DropTarget {
  /** One line: `Import as images`, `Add to /etc`. */
  readonly title: string;
  /** What may be dropped, or what becomes of it. */
  readonly detail: string;
  readonly icon: string;
  /** Where the mouse is matters: the page stays in sight and the words stand at its foot. */
  readonly aside?: boolean;
  readonly drop: (files: readonly File[]) => Promise<void>;
}

/** Who takes files dropped on the window; the newest target that is not undefined. */
export const useDropStore = defineStore('drop', () => {
  const targets = shallowRef<readonly (() => DropTarget | undefined)[]>([]);

  const current = computed(() => {
    for (let i = targets.value.length - 1; i >= 0; i--) {
      const target = targets.value[i]?.();
      if (target !== undefined) return target;
    }
    return undefined;
  });

  /** Puts a target on top; returns the function that takes it away. */
  function add(target: () => DropTarget | undefined): () => void {
    targets.value = [...targets.value, target];
    return () => (targets.value = targets.value.filter((other) => other !== target));
  }

  return { current, add };
});

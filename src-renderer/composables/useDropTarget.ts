import { onBeforeUnmount, onMounted, toValue, type MaybeRefOrGetter } from 'vue';
import { useDropStore, type DropTarget } from '../stores/drop';

/**
 * While the calling component is there, files dropped anywhere on the window go to this target instead of being
 * imported. The newest target wins; `undefined` lets the one below it take the drop.
 */
export function useDropTarget(target: MaybeRefOrGetter<DropTarget | undefined>): void {
  const drops = useDropStore();
  let remove: (() => void) | undefined;
  onMounted(() => (remove = drops.add(() => toValue(target))));
  onBeforeUnmount(() => remove?.());
}

import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/**
 * Makes the whole window take files from outside. `over` is true while some are held over it; `dropped` gets them
 * when they are let go.
 */
export function useFileDrop(dropped: (files: readonly File[]) => void): { readonly over: Ref<boolean> } {
  const over = ref(false);

  const onDragOver = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    over.value = true;
  };
  const onDragLeave = (event: DragEvent): void => {
    // Moving from one element to another also leaves; only leaving the window names nothing entered.
    if (event.relatedTarget === null) over.value = false;
  };
  const onDrop = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over.value = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) dropped(files);
  };

  onMounted(() => {
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('dragover', onDragOver);
    window.removeEventListener('dragleave', onDragLeave);
    window.removeEventListener('drop', onDrop);
  });
  return { over };
}

import type { ImageRow } from '@contract/views';
import { ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { useContainersStore } from '../stores/containers';
import { useImagesStore } from '../stores/images';
import { useNoticesStore } from '../stores/notices';
import { errorLine } from './error-line';
import { shortId } from './image-list';

type ImageDialog = 'remove' | 'tag' | 'container';

export interface ImageActions {
  /** The dialog that is open. */
  readonly dialog: ShallowRef<ImageDialog | undefined>;
  /** Whether the open dialog's work runs. */
  readonly busy: Ref<boolean>;
  /** What the open dialog's work failed with, to show in it. */
  readonly error: Ref<string | undefined>;
  readonly sampleBusy: ShallowRef<'textbook' | 'story' | undefined>;
  readonly close: () => void;
  readonly remove: () => Promise<void>;
  readonly tag: (reference: string) => Promise<void>;
  readonly untag: (reference: string) => Promise<void>;
  readonly createContainer: (name: string | undefined) => Promise<void>;
  readonly importDialog: (kind: 'file' | 'folder') => Promise<void>;
  readonly exportDialog: (format: 'docker-archive' | 'oci-archive') => Promise<void>;
  readonly copyIds: () => Promise<void>;
  readonly makeSample: (which: 'textbook' | 'story') => Promise<void>;
}

/** What can be done to the selected images, with the dialogs that ask first. */
export function useImageActions(selected: ComputedRef<readonly ImageRow[]>): ImageActions {
  const { t } = useI18n();
  const router = useRouter();
  const images = useImagesStore();
  const containers = useContainersStore();
  const notices = useNoticesStore();

  const dialog = shallowRef<ImageDialog>();
  const busy = ref(false);
  const error = ref<string>();
  const sampleBusy = shallowRef<'textbook' | 'story'>();

  function close(): void {
    dialog.value = undefined;
    error.value = undefined;
  }

  /** Runs a dialog's work; the dialog shows what went wrong and stays open. */
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

  /** Runs work without a dialog; a notice says what went wrong. */
  async function noticed(title: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      notices.fail(title, thrown);
    }
  }

  const keys = (): string[] => selected.value.map((row) => row.key);

  async function remove(): Promise<void> {
    busy.value = true;
    await noticed(t('images.removeFailed'), () => images.remove(keys()));
    busy.value = false;
    close();
  }

  async function withOnly(work: (row: ImageRow) => Promise<void>): Promise<void> {
    const [row] = selected.value;
    if (row !== undefined) await inDialog(() => work(row));
  }

  async function makeSample(which: 'textbook' | 'story'): Promise<void> {
    sampleBusy.value = which;
    await noticed(t('images.sampleFailed'), async () => router.push(`/images/${await images.makeSample(which)}`));
    sampleBusy.value = undefined;
  }

  return {
    dialog,
    busy,
    error,
    sampleBusy,
    close,
    remove,
    tag: (reference) => withOnly((row) => images.tag(row.key, reference)),
    untag: (reference) => inDialog(() => images.untag(reference)),
    createContainer: (name) =>
      withOnly(async (row) => {
        const container = await containers.create(row.key, name);
        close();
        await router.push(`/containers/${container.id}`);
      }),
    importDialog: (kind) => noticed(t('images.importFailed'), () => images.importDialog(kind)),
    exportDialog: (format) => noticed(t('images.exportFailed'), () => images.exportDialog(keys(), format)),
    copyIds: () =>
      noticed(t('images.copyFailed'), async () => {
        await navigator.clipboard.writeText(selected.value.map((row) => row.id).join('\n'));
        const [first] = selected.value;
        if (first !== undefined) {
          notices.show({
            tone: 'success',
            title: t('images.copied', { id: shortId(first.id), count: selected.value.length }, selected.value.length),
          });
        }
      }),
    makeSample,
  };
}

import type { ImageRow } from '@contract/views';
import { shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { useContainersStore } from '../stores/containers';
import { useImagesStore } from '../stores/images';
import { useNoticesStore } from '../stores/notices';
import { shortId } from './image-list';
import { useDialog, type Dialog } from './useDialog';

type ImageDialog = 'remove' | 'tag' | 'container';

export interface ImageActions extends Omit<Dialog<ImageDialog>, 'inDialog'> {
  readonly sampleBusy: ShallowRef<'textbook' | 'story' | undefined>;
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

  const { dialog, busy, error, close, inDialog } = useDialog<ImageDialog>();
  const sampleBusy = shallowRef<'textbook' | 'story'>();

  const keys = (): string[] => selected.value.map((row) => row.key);

  async function remove(): Promise<void> {
    busy.value = true;
    await notices.attempt(t('images.removeFailed'), () => images.remove(keys()));
    busy.value = false;
    close();
  }

  async function withOnly(work: (row: ImageRow) => Promise<void>): Promise<void> {
    const [row] = selected.value;
    if (row !== undefined) await inDialog(() => work(row));
  }

  async function makeSample(which: 'textbook' | 'story'): Promise<void> {
    sampleBusy.value = which;
    await notices.attempt(t('images.sampleFailed'), async () =>
      router.push(`/images/${await images.makeSample(which)}`),
    );
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
    importDialog: (kind) => notices.attempt(t('images.importFailed'), () => images.importDialog(kind)),
    exportDialog: (format) => notices.attempt(t('images.exportFailed'), () => images.exportDialog(keys(), format)),
    copyIds: () =>
      notices.attempt(t('images.copyFailed'), async () => {
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

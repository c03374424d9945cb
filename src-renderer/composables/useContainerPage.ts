import type { ContainerRow } from '@contract/views';
import { onBeforeUnmount, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { useChangesStore } from '../stores/changes';
import { useContainersStore, type CommitRequest } from '../stores/containers';
import { useNoticesStore } from '../stores/notices';
import { useSettingsStore } from '../stores/settings';
import { useDialog, type Dialog } from './useDialog';

type PageDialog = 'commit' | 'rename' | 'remove';

export interface ContainerPage extends Omit<Dialog<PageDialog>, 'inDialog'> {
  readonly rename: (name: string) => Promise<void>;
  readonly remove: () => Promise<void>;
  readonly commit: (request: CommitRequest) => Promise<void>;
}

/** What is done to a container as a whole: its changes, commit, rename, remove. */
export function useContainerPage(container: () => ContainerRow | undefined): ContainerPage {
  const { t } = useI18n();
  const router = useRouter();
  const containers = useContainersStore();
  const notices = useNoticesStore();
  const settings = useSettingsStore();
  const changes = useChangesStore();

  const { dialog, busy, error, close, inDialog } = useDialog<PageDialog>();

  /** Runs the open dialog's work on the container, and closes it. */
  async function run(work: (row: ContainerRow) => Promise<void>): Promise<void> {
    const row = container();
    if (row === undefined) return;
    await inDialog(async () => {
      await work(row);
      close();
    });
  }

  // Every edit raises the revision, so the list is always that of what is seen.
  watch(
    () => `${container()?.id ?? ''}@${container()?.revision ?? ''}`,
    () => {
      const id = container()?.id;
      if (id !== undefined) void changes.load(id);
    },
    { immediate: true },
  );
  onBeforeUnmount(() => changes.clear());

  const rename = (name: string): Promise<void> =>
    run(async ({ id }) => {
      await containers.rename(id, name);
    });

  const remove = (): Promise<void> =>
    run(async ({ id }) => {
      await containers.remove(id);
      await router.push('/containers');
    });

  const commit = (request: CommitRequest): Promise<void> =>
    run(async ({ id }) => {
      const result = await containers.commit(id, request);
      if (request.author !== settings.settings?.author) await settings.setAuthor(request.author);
      const name = result.reference ?? result.id.slice(7, 19);
      notices.show({
        tone: 'success',
        title: t('containers.commit.done', { name }),
        detail: t(result.newLayer ? 'containers.commit.doneLayer' : 'containers.commit.doneEmpty'),
        link: { label: t('containers.commit.show'), to: `/images/${result.key}` },
      });
    });

  return { dialog, busy, error, close, rename, remove, commit };
}

import type { JobRow } from '@contract/views';
import { onBeforeUnmount, onMounted } from 'vue';
import { useI18n } from 'vue-i18n';
import { useJobsStore } from '../stores/jobs';
import { useNoticesStore } from '../stores/notices';
import { useJobText } from './useJobText';

/** Says in the corner of the window when a job ended, with a link to what it made or to its error. */
export function useJobNotices(): void {
  const { t } = useI18n();
  const { endedOf } = useJobText();
  const jobs = useJobsStore();
  const notices = useNoticesStore();

  const tell = (job: JobRow): void => {
    // A sample is opened as soon as it is there, which says enough.
    if (job.state === 'cancelled' || (job.kind === 'sample' && job.state === 'done')) return;
    const [key] = job.imageKeys;
    notices.show(
      job.state === 'failed'
        ? {
            tone: 'error',
            title: endedOf(job),
            detail: job.error?.message,
            link: { label: t('jobs.showDetails'), to: '/activity' },
          }
        : {
            tone: 'success',
            title: endedOf(job),
            link: key === undefined ? undefined : { label: t('jobs.openImage'), to: `/images/${key}` },
          },
    );
  };

  let stop: (() => void) | undefined;
  onMounted(() => (stop = jobs.onEnded(tell)));
  onBeforeUnmount(() => stop?.());
}

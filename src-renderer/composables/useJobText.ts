import type { JobRow } from '@contract/views';
import { useI18n } from 'vue-i18n';

/** Words for jobs, in the language in use. */
export function useJobText(): { readonly titleOf: (job: JobRow) => string; readonly endedOf: (job: JobRow) => string } {
  const { t } = useI18n();
  return {
    /** What it does: `Import python.tar`. */
    titleOf: (job) => t(`jobs.title.${job.kind}`, { subject: job.subject }),
    /** How it ended: `Imported python.tar`, `Could not import python.tar`. */
    endedOf: (job) =>
      t(job.state === 'done' ? `jobs.done.${job.kind}` : `jobs.failed.${job.kind}`, { subject: job.subject }),
  };
}

import type { JobRow } from '@contract/views';
import { afterEach, describe, expect, it } from 'vitest';
import JobItem from '../../../../src-renderer/components/job/JobItem.vue';
import { mountInWindow, type MountedWindow } from '../../../support/window';

const running: JobRow = {
  id: 1,
  kind: 'import',
  subject: 'python.tar',
  state: 'running',
  startedAt: '2025-01-01T00:00:00Z',
  endedAt: undefined,
  doneBytes: 40_000_000,
  totalBytes: 100_000_000,
  bytesPerSecond: 20_000_000,
  parts: [
    { part: '0', label: 'sha256:aa', doneBytes: 10, totalBytes: 10, state: 'known' },
    { part: '1', label: 'sha256:bb', doneBytes: 5, totalBytes: 10, state: 'running' },
  ],
  error: undefined,
  imageKeys: [],
};

let mounted: MountedWindow;
afterEach(() => mounted.wrapper.unmount());

describe('a job', () => {
  it('says how far, how fast and how long still, with a bar for each layer', async () => {
    mounted = await mountInWindow(JobItem, { job: running });
    const text = mounted.find('job').textContent;
    expect(text).toContain('Import python.tar');
    expect(text).toContain('40.0 MB of 100.0 MB');
    expect(text).toContain('20.0 MB/s');
    expect(text).toContain('3 sec left');
    expect(mounted.all('job-part')).toHaveLength(2);
    expect(document.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('40');
    mounted.find('job-cancel').click();
    expect(mounted.wrapper.emitted()['cancel']).toHaveLength(1);
  });

  it('that failed says what happened and what to do', async () => {
    const error = { code: 'DIGEST_MISMATCH', message: 'Layer aa differs.', hint: 'Download it again.' };
    mounted = await mountInWindow(JobItem, {
      job: { ...running, state: 'failed', endedAt: '2025-01-01T00:00:02Z', error },
    });
    const text = mounted.find('error').textContent;
    expect(text).toContain('Could not import python.tar');
    expect(text).toContain('Layer aa differs.');
    expect(text).toContain('Download it again.');
    expect(mounted.all('job-cancel')).toEqual([]);
  });

  it('that is done leads to its image, in the language in use', async () => {
    const key = `sha256:${'a'.repeat(64)}`;
    mounted = await mountInWindow(
      JobItem,
      { job: { ...running, state: 'done', endedAt: '2025-01-01T00:00:02Z', imageKeys: [key] } },
      'zh-CN',
    );
    expect(mounted.find('job-open').getAttribute('href')).toBe(`/images/${key}`);
    expect(mounted.find('job').textContent).toContain('用时 2秒');
  });
});

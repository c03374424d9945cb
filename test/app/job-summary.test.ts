import { describe, expect, it } from 'vitest';
import { fractionOf, jobLine, newlyEnded, taskbarProgress } from '../../src-main/app/job-summary';
import { messagesIn } from '../../src-main/app/messages';
import type { JobRow } from '../../src-main/ipc/contract/views';

function job(change: Partial<JobRow> = {}): JobRow {
  return {
    id: 1,
    kind: 'import',
    subject: 'a.tar',
    state: 'running',
    startedAt: '2025-01-01T00:00:00.000Z',
    endedAt: undefined,
    doneBytes: 25,
    totalBytes: 100,
    bytesPerSecond: 1,
    parts: [],
    error: undefined,
    imageKeys: [],
    ...change,
  };
}

describe('what is said of jobs outside of the window', () => {
  it('is a line with percent in the language of the user', () => {
    expect(jobLine(job(), messagesIn('en'))).toBe('Importing a.tar  25 %');
    expect(jobLine(job({ state: 'queued' }), messagesIn('zh-CN'))).toBe('正在导入 a.tar（等待中）');
    expect(jobLine(job({ totalBytes: undefined }), messagesIn('en'))).toBe('Importing a.tar');
  });

  it('is the share of all running work that is done', () => {
    expect(fractionOf([job(), job({ doneBytes: 300, totalBytes: 300 }), job({ totalBytes: undefined })])).toBe(
      325 / 400,
    );
    expect(fractionOf([job({ doneBytes: 500 })])).toBe(1);
    expect(fractionOf([])).toBeUndefined();
  });

  it('is a bar on the taskbar while jobs are active, and none otherwise', () => {
    expect(taskbarProgress([job()])).toBe(0.25);
    expect(taskbarProgress([job({ totalBytes: undefined })])).toBe(2);
    expect(taskbarProgress([job({ state: 'done' })])).toBe(-1);
  });

  it('is told once for each job that ended by itself', () => {
    const before = [job({ id: 1 }), job({ id: 2 }), job({ id: 3 }), job({ id: 4, state: 'done' })];
    const now = [
      job({ id: 1, state: 'done' }),
      job({ id: 2, state: 'failed' }),
      job({ id: 3, state: 'cancelled' }),
      job({ id: 4, state: 'done' }),
    ];
    expect(newlyEnded(before, now).map(({ id }) => id)).toEqual([1, 2]);
  });
});

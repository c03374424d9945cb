import { expect, it } from 'vitest';
import { fractionOf, secondsLeft, secondsTaken } from '../../../src-renderer/composables/job-progress';

it('is a fraction of the size, and unknown without one', () => {
  expect(fractionOf({ doneBytes: 5, totalBytes: 10 })).toBe(0.5);
  expect(fractionOf({ doneBytes: 12, totalBytes: 10 })).toBe(1);
  expect(fractionOf({ doneBytes: 0, totalBytes: 0 })).toBe(1);
  expect(fractionOf({ doneBytes: 5, totalBytes: undefined })).toBeUndefined();
});

it('tells the time that is left only while something moves', () => {
  const job = { doneBytes: 40, totalBytes: 100, bytesPerSecond: 20, state: 'running' as const };
  expect(secondsLeft(job)).toBe(3);
  expect(secondsLeft({ ...job, bytesPerSecond: 0 })).toBeUndefined();
  expect(secondsLeft({ ...job, state: 'queued' })).toBeUndefined();
  expect(secondsLeft({ ...job, totalBytes: undefined })).toBeUndefined();
});

it('tells how long a job took when it is over', () => {
  expect(secondsTaken({ startedAt: '2025-01-01T00:00:00Z', endedAt: '2025-01-01T00:00:02.5Z' })).toBe(2.5);
  expect(secondsTaken({ startedAt: '2025-01-01T00:00:00Z', endedAt: undefined })).toBeUndefined();
});

import type { JobRow } from '@contract/views';
import { flushPromises } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../../src-renderer/api/api-error';
import { useAppStore } from '../../../src-renderer/stores/app';
import { useDropStore } from '../../../src-renderer/stores/drop';
import { useImagesStore } from '../../../src-renderer/stores/images';
import { useJobsStore } from '../../../src-renderer/stores/jobs';
import { useNoticesStore } from '../../../src-renderer/stores/notices';
import { useSettingsStore } from '../../../src-renderer/stores/settings';
import { connectStore, type FakeBridge } from '../../support/window';

let bridge: FakeBridge;
beforeEach(() => {
  bridge = connectStore({ rows: 2 });
});

describe('images', () => {
  it('are fetched at the start and again when main says they changed', async () => {
    const images = useImagesStore();
    expect(images.loaded).toBe(false);
    await images.start();
    expect(images.rows).toHaveLength(4);
    await images.remove([images.rows[3]!.key]);
    await flushPromises();
    expect(images.rows).toHaveLength(3);
  });

  it('keep the newest answer when an older one comes later', async () => {
    const images = useImagesStore();
    let release: (answer: unknown) => void = () => undefined;
    const late = new Promise((resolve) => (release = resolve));
    vi.spyOn(bridge, 'call').mockReturnValueOnce(late as never);
    const first = images.refresh();
    await images.refresh();
    release({ ok: true, value: [] });
    await first;
    expect(images.rows).toHaveLength(4);
  });

  it('show an error and recover from it', async () => {
    const images = useImagesStore();
    const error = { code: 'STORE_LOCKED', message: 'in use' };
    vi.spyOn(bridge, 'call').mockResolvedValueOnce({ ok: false, error } as never);
    await images.refresh();
    expect(images.error).toMatchObject(error);
    await images.refresh();
    expect(images.error).toBeUndefined();
  });

  it('make a sample and answer its key', async () => {
    bridge = connectStore({ empty: true });
    const images = useImagesStore();
    const key = await images.makeSample('textbook');
    expect(images.byKey.get(key)?.layers).toBe(3);
  });
});

describe('jobs', () => {
  const job = (id: number, state: JobRow['state']): JobRow => ({
    id,
    kind: 'import',
    subject: 'a.tar',
    state,
    startedAt: '2025-01-01T00:00:00Z',
    endedAt: undefined,
    doneBytes: 0,
    totalBytes: undefined,
    bytesPerSecond: 0,
    parts: [],
    error: undefined,
    imageKeys: [],
  });

  it('tell once when one ends, also when it was never seen running', async () => {
    const jobs = useJobsStore();
    const ended = vi.fn();
    jobs.onEnded(ended);
    await jobs.start();
    bridge.store.emit('jobs.changed', [job(1, 'running')]);
    bridge.store.emit('jobs.changed', [job(1, 'failed'), job(2, 'done')]);
    bridge.store.emit('jobs.changed', [job(1, 'failed'), job(2, 'done'), job(3, 'queued')]);
    expect(ended.mock.calls.map(([each]) => (each as JobRow).id)).toEqual([1, 2]);
    expect(jobs.active.map((each) => each.id)).toEqual([3]);
    expect(jobs.finished.map((each) => each.id)).toEqual([2, 1]);
  });

  it('that ended before the window looked are no news', async () => {
    const jobs = useJobsStore();
    const ended = vi.fn();
    jobs.onEnded(ended);
    vi.spyOn(bridge, 'call').mockResolvedValueOnce({ ok: true, value: [job(1, 'done')] } as never);
    await jobs.start();
    expect(ended).not.toHaveBeenCalled();
  });
});

it('settings follow main and are changed through it', async () => {
  const settings = useSettingsStore();
  await settings.start();
  await settings.setLanguage('zh-CN');
  await settings.setTheme('dark');
  expect([settings.language, settings.theme]).toEqual(['zh-CN', 'dark']);
  expect(bridge.store.settings.theme).toBe('dark');
  bridge.store.emit('settings.changed', { ...settings.settings!, author: 'An author' });
  expect(settings.settings?.author).toBe('An author');
});

it('the usage of the store follows its images', async () => {
  const app = useAppStore();
  await app.start(() => undefined);
  const before = app.usage!.blobs;
  await useImagesStore().remove([[...bridge.store.images.keys()].at(-1)!]);
  await flushPromises();
  expect(app.usage!.blobs).toBeLessThan(before);
});

it('commands of the menu reach the window', async () => {
  const run = vi.fn();
  await useAppStore().start(run);
  bridge.store.emit('window.command', { kind: 'focusSearch' });
  expect(run).toHaveBeenCalledWith({ kind: 'focusSearch' });
});

it('the newest drop target that wants files gets them', () => {
  const drops = useDropStore();
  const target = { title: 'a', detail: '', icon: '', drop: () => Promise.resolve() };
  const removeA = drops.add(() => target);
  const removeB = drops.add(() => undefined);
  expect(drops.current).toBe(target);
  removeB();
  removeA();
  expect(drops.current).toBeUndefined();
});

describe('notices', () => {
  it('say what failed, but not that something was cancelled', () => {
    const notices = useNoticesStore();
    notices.fail('No export', new ApiError({ code: 'IO', message: 'disk gone' }));
    notices.fail('No export', new ApiError({ code: 'CANCELLED', message: 'cancelled' }));
    expect(notices.notices.map((notice) => notice.detail)).toEqual(['disk gone']);
  });

  it('keep the last five', () => {
    const notices = useNoticesStore();
    for (let i = 0; i < 8; i++) notices.show({ tone: 'info', title: `${i}` });
    expect(notices.notices.map((notice) => notice.title)).toEqual(['3', '4', '5', '6', '7']);
    notices.dismiss(notices.notices[0]!.id);
    expect(notices.notices).toHaveLength(4);
  });
});

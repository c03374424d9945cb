import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineClient } from '../../src-main/app/engine-client';
import { Lifecycle } from '../../src-main/app/lifecycle';
import { messagesIn } from '../../src-main/app/messages';
import type { SettingsStore } from '../../src-main/app/settings';
import type { JobRow } from '../../src-main/ipc/contract/views';

const electron = vi.hoisted(() => ({
  listeners: new Map<string, (event: { preventDefault: () => void }) => void>(),
  quit: vi.fn(),
  ask: vi.fn(),
  notify: vi.fn(),
}));
vi.mock('electron', () => ({
  app: {
    on: (name: string, listener: (event: { preventDefault: () => void }) => void) =>
      electron.listeners.set(name, listener),
    quit: electron.quit,
  },
  dialog: { showMessageBox: electron.ask },
  Notification: class {
    show = electron.notify;
  },
}));

const RUNNING = [{ state: 'running' }] as JobRow[];
const QUIT = { response: 0 };
const STAY = { response: 1 };

function newLifecycle(jobs: readonly JobRow[]) {
  const stored = { backgroundNoticeShown: false };
  const stop = vi.fn(() => Promise.resolve());
  const lifecycle = new Lifecycle({
    engine: { call: () => Promise.resolve(jobs), stop } as unknown as EngineClient,
    settings: { stored, change: (change: object) => Object.assign(stored, change) } as unknown as SettingsStore,
    messages: () => messagesIn('en'),
    jobs: () => jobs,
  });
  return { lifecycle, stop };
}

beforeEach(() => vi.clearAllMocks());

describe('closing the window', () => {
  it('is allowed while nothing runs', () => {
    expect(newLifecycle([]).lifecycle.mayCloseWindow()).toBe(true);
  });

  it('only hides it while jobs run, and says so the first time', () => {
    const { lifecycle } = newLifecycle(RUNNING);
    expect([lifecycle.mayCloseWindow(), lifecycle.mayCloseWindow()]).toEqual([false, false]);
    expect(electron.notify).toHaveBeenCalledTimes(1);
  });
});

describe('quitting', () => {
  it('lets go of the store before the program ends', async () => {
    const { lifecycle, stop } = newLifecycle([]);
    await lifecycle.quit();
    expect(electron.ask).not.toHaveBeenCalled();
    expect(stop.mock.invocationCallOrder[0]).toBeLessThan(electron.quit.mock.invocationCallOrder[0]!);
  });

  it('asks while jobs run, and the answer counts', async () => {
    const { lifecycle, stop } = newLifecycle(RUNNING);
    electron.ask.mockResolvedValueOnce(STAY);
    await lifecycle.quit();
    expect(stop).not.toHaveBeenCalled();
    electron.ask.mockResolvedValueOnce(QUIT);
    await lifecycle.quit();
    expect(electron.quit).toHaveBeenCalledTimes(1);
    expect(lifecycle.mayCloseWindow()).toBe(true);
  });

  it('holds back the system’s quit until the store is closed', async () => {
    newLifecycle([]);
    const event = { preventDefault: vi.fn() };
    electron.listeners.get('before-quit')?.(event);
    expect(event.preventDefault).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(electron.quit).toHaveBeenCalledTimes(1));
    electron.listeners.get('before-quit')?.(event);
    expect(event.preventDefault).toHaveBeenCalledTimes(1);
  });
});

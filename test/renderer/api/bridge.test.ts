import type { Bridge } from '@contract/bridge';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, toApiError } from '../../../src-renderer/api/api-error';
import { addDropped, call, connectBridge, importDropped, on } from '../../../src-renderer/api/bridge';

// Answers whatever it is asked; each test says what.
let says: ReturnType<typeof vi.fn<(...input: unknown[]) => Promise<never>>>;
let listens: ReturnType<typeof vi.fn<() => () => void>>;

function bridgeThatAnswers(answer: unknown): Bridge {
  says = vi.fn<(...input: unknown[]) => Promise<never>>().mockResolvedValue(answer as never);
  listens = vi.fn<() => () => void>().mockReturnValue(() => undefined);
  return { call: says, on: listens, importDropped: says, addDropped: says };
}

afterEach(() => connectBridge(undefined));

describe('a call', () => {
  it('gives the value', async () => {
    connectBridge(bridgeThatAnswers({ ok: true, value: [] }));
    expect(await call('images.list')).toEqual([]);
    expect(says).toHaveBeenCalledWith('images.list', undefined);
  });

  it('throws what main answered, with code, hint and subject', async () => {
    const error = { code: 'IMAGE_IN_USE', message: 'a is in use', hint: 'stop it', subject: 'a' };
    connectBridge(bridgeThatAnswers({ ok: false, error }));
    const thrown: unknown = await call('images.remove', { key: 'k' }).catch((e: unknown) => e);
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject(error);
  });
});

it('opens the envelope of drops too', async () => {
  connectBridge(bridgeThatAnswers({ ok: true, value: 7 }));
  expect(await addDropped('c', '', [])).toBe(7);
  connectBridge(bridgeThatAnswers({ ok: false, error: { code: 'IO', message: 'no' } }));
  await expect(importDropped([])).rejects.toThrow('no');
});

it('uses the preload when no other bridge is connected', () => {
  vi.stubGlobal('lamina', bridgeThatAnswers(undefined));
  on('images.changed', () => undefined);
  expect(listens).toHaveBeenCalled();
  vi.unstubAllGlobals();
});

it('makes an ApiError of anything', () => {
  const own = new ApiError({ code: 'IO', message: 'x' });
  expect(toApiError(own)).toBe(own);
  expect(toApiError(new Error('y'))).toMatchObject({ code: 'INTERNAL', message: 'y' });
  expect(toApiError('z').message).toBe('z');
});

import { describe, expect, it, vi } from 'vitest';
import { LaminaError } from '../../src-main/engine/index';
import type { Handlers } from '../../src-main/ipc/calls';
import type { CallName } from '../../src-main/ipc/contract/calls';
import { CALL_CHANNEL, DROP_CHANNEL } from '../../src-main/ipc/contract/channels';
import type { Answer } from '../../src-main/ipc/contract/views';
import { registerCalls, type Drop } from '../../src-main/ipc/register';

type Listener = (event: unknown, ...args: unknown[]) => Promise<Answer<unknown>>;

const KEY = `sha256:${'a'.repeat(64)}`;

function registered(
  handlers: Partial<Handlers<CallName>>,
  options: { trusted?: boolean; onDrop?: (drop: Drop) => Promise<number> } = {},
) {
  const listeners = new Map<string, Listener>();
  registerCalls(
    { handle: (channel, listener) => void listeners.set(channel, listener as Listener) },
    {
      isTrusted: () => options.trusted ?? true,
      handlers: handlers as Handlers<CallName>,
      onDrop: options.onDrop ?? (() => Promise.resolve(1)),
    },
  );
  return {
    call: (...args: unknown[]) => listeners.get(CALL_CHANNEL)!({}, ...args),
    drop: (drop: unknown) => listeners.get(DROP_CHANNEL)!({}, drop),
  };
}

function codeOf(answer: Answer<unknown>): string | undefined {
  return answer.ok ? undefined : answer.error.code;
}

describe('registered calls', () => {
  it('give the handler the parsed input and answer its value', async () => {
    const untag = vi.fn(() => undefined);
    const { call } = registered({ 'images.untag': untag });
    expect(await call('images.untag', { reference: 'a:1' })).toEqual({ ok: true, value: undefined });
    expect(untag).toHaveBeenCalledWith({ reference: 'a:1' });
  });

  it('refuse a sender that is not our window, before anything else', async () => {
    const list = vi.fn(() => []);
    const { call, drop } = registered({ 'images.list': list }, { trusted: false });
    expect(codeOf(await call('images.list'))).toBe('INVALID_ARGUMENT');
    expect(codeOf(await drop({ kind: 'import', paths: ['/a.tar'] }))).toBe('INVALID_ARGUMENT');
    expect(list).not.toHaveBeenCalled();
  });

  it.each([['images.steal'], ['__proto__'], ['toString'], [undefined], [{ toString: (): string => 'images.list' }]])(
    'refuse the name %s, which is not in the contract',
    async (name) => {
      expect(codeOf(await registered({}).call(name))).toBe('INVALID_ARGUMENT');
    },
  );

  it('refuse input that does not fit the schema and say where', async () => {
    const get = vi.fn();
    const { call } = registered({ 'images.get': get });
    const answer = await call('images.get', { key: 'latest' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'INVALID_ARGUMENT' } });
    expect(answer.ok ? '' : answer.error.message).toContain('images.get is not valid at key');
    expect(codeOf(await call('images.get', { key: KEY, more: 1 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(await call('images.get'))).toBe('INVALID_ARGUMENT');
    expect(get).not.toHaveBeenCalled();
  });

  it('answer what a handler throws as facts, and never throw themselves', async () => {
    const facts = { code: 'IMAGE_NOT_FOUND', message: 'No such image.', hint: 'Look again.', subject: 'a:1' };
    const { call } = registered({
      'images.get': () =>
        Promise.reject(new LaminaError('IMAGE_NOT_FOUND', 'No such image.', { hint: 'Look again.', subject: 'a:1' })),
      'images.list': () => {
        throw new TypeError('oops');
      },
    });
    expect(await call('images.get', { key: KEY })).toEqual({ ok: false, error: facts });
    expect(await call('images.list')).toMatchObject({ ok: false, error: { code: 'INTERNAL', message: 'oops' } });
  });

  it('take drops of absolute paths only', async () => {
    const onDrop = vi.fn(() => Promise.resolve(7));
    const { drop } = registered({}, { onDrop });
    expect(await drop({ kind: 'import', paths: ['/a.tar'] })).toEqual({ ok: true, value: 7 });
    expect(codeOf(await drop({ kind: 'import', paths: ['a.tar'] }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(await drop({ kind: 'import', paths: [] }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(await drop({ kind: 'add', paths: ['/a'] }))).toBe('INVALID_ARGUMENT');
    expect(onDrop).toHaveBeenCalledTimes(1);
  });
});

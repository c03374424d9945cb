import { describe, expect, it } from 'vitest';
import { APP_CALLS } from '../../src-main/ipc/calls';
import { callSchemas } from '../../src-main/ipc/contract/calls';
import { CALL_NAMES, EVENT_NAMES } from '../../src-main/ipc/contract/names';
import { engineHandlers, type HandlerContext } from '../../src-main/ipc/handlers/index';

const HOST_PREFIX = 'host.';

describe('the contract', () => {
  it('gives the preload exactly the calls that have a schema', () => {
    expect([...CALL_NAMES].sort()).toEqual(Object.keys(callSchemas).sort());
    expect(new Set(EVENT_NAMES).size).toBe(EVENT_NAMES.length);
  });

  it('has a handler for every call, either in the app or in the engine thread', () => {
    // Handlers look at their context only when they are called.
    const engine = Object.keys(engineHandlers({ lamina: {} } as HandlerContext));
    const answered = [...engine.filter((name) => !name.startsWith(HOST_PREFIX)), ...APP_CALLS];
    expect(answered.sort()).toEqual(Object.keys(callSchemas).sort());
  });

  it('has no call of the window that carries a host path', () => {
    expect(CALL_NAMES.filter((name) => name.startsWith(HOST_PREFIX))).toEqual([]);
  });
});

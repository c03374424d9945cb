import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { livenessOf, ownIdentity, unixStart } from '../../../src-main/engine/store/process-identity';

describe('the identity of a process', () => {
  it('is the same each time it is asked for, and running', async () => {
    const own = await ownIdentity();
    expect(await ownIdentity()).toEqual(own);
    expect(own.pid).toBe(process.pid);
    expect(await livenessOf(own)).toBe('running');
  });

  it('is gone when another process has the id now', async () => {
    expect(await livenessOf({ ...(await ownIdentity()), start: 'b0123456789ab' })).toBe('gone');
  });

  it('is gone when the process has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    expect(await livenessOf({ ...(await ownIdentity()), pid: child.pid ?? -1 })).toBe('gone');
  });

  it('of another machine is not known', async () => {
    expect(await livenessOf({ ...(await ownIdentity()), host: '0123456789ab' })).toBe('unknown');
  });

  it.runIf(process.platform !== 'win32')('has a start that ps tells as well, to about a second', async () => {
    const told = Number(await unixStart(process.pid));
    expect(Math.abs(told - (Date.now() - process.uptime() * 1000))).toBeLessThan(5_000);
    expect(await unixStart(2 ** 22 + 1)).toBeUndefined();
  });
});

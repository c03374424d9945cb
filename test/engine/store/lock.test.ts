import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownIdentity } from '../../../src-main/engine/store/process-identity';
import { openStore } from '../../../src-main/engine/store/open-store';
import { storeProcess } from '../../support/store-process';
import { tempFolder } from '../../support/temp-folder';

/** A lock as a process leaves it that was killed while it held it. */
async function leaveLock(dir: string, owner: { readonly pid?: number; start?: string; host?: string }): Promise<void> {
  const { pid, start, host } = { ...(await ownIdentity()), ...owner };
  await mkdir(join(dir, 'lamina/lock'));
  await writeFile(join(dir, 'lamina/lock', `${pid}-${start}-${host}-${'a'.repeat(32)}`), 'a test');
}

describe('the lock of a store', () => {
  it('lets only one in at a time, in one process', async () => {
    const store = await openStore(await tempFolder('lock'));
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await new Promise((done) => setImmediate(done));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => store.withLock('work', work)));
    expect(most).toBe(1);
    expect(await readdir(join(store.dir, 'lamina/tmp'))).toEqual([]);
    expect(await readdir(join(store.dir, 'lamina'))).not.toContain('lock');
  });

  it('loses no count among processes', async () => {
    const dir = await tempFolder('lock-count');
    const file = join(dir, 'number');
    const store = join(dir, 'store');
    await openStore(store);
    await writeFile(file, '0');
    const counters = [1, 2, 3].map(() => storeProcess('count', store, file, '30'));
    await Promise.all(counters.map((counter) => counter.end()));
    expect(await readFile(file, 'utf8')).toBe('90');
  });

  it('is entered again by the work that holds it', async () => {
    const store = await openStore(await tempFolder('lock-again'));
    const answer = await store.withLock('outer', () => store.withLock('inner', () => Promise.resolve('both')));
    expect(answer).toBe('both');
  });

  it('is not entered again by work that outlives it', async () => {
    const store = await openStore(await tempFolder('lock-outlived'));
    let release = (): void => undefined;
    const gate = new Promise<void>((done) => (release = done));
    let outlived: Promise<string> = Promise.resolve('');
    const order: string[] = [];
    await store.withLock('outer', () => {
      outlived = gate.then(() => store.withLock('late', () => Promise.resolve(order.push('late')).then(() => 'late')));
      return Promise.resolve();
    });
    const second = store.withLock('second', async () => {
      release();
      await new Promise((done) => setImmediate(done));
      order.push('second');
    });
    await Promise.all([second, outlived]);
    expect(order).toEqual(['second', 'late']);
  });

  it('is free again after work that failed', async () => {
    const store = await openStore(await tempFolder('lock-failed'));
    await expect(store.withLock('fails', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(store.withLock('works', () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('is taken over from a process that was killed', async () => {
    const dir = await tempFolder('lock-killed');
    const holder = storeProcess('hold-lock', dir);
    await holder.said('held');
    await holder.kill();
    const store = await openStore(dir, { timeoutMs: 5_000 });
    await expect(store.withLock('after', () => Promise.resolve('mine'))).resolves.toBe('mine');
  });

  it('is taken over by one of many that see a dead holder, never by two at once', async () => {
    const dir = await tempFolder('lock-many');
    await openStore(dir);
    await leaveLock(dir, { start: 'bgone' });
    const file = join(dir, '.number');
    await writeFile(file, '0');
    await Promise.all([1, 2, 3, 4].map(() => storeProcess('count', dir, file, '10').end()));
    expect(await readFile(file, 'utf8')).toBe('40');
  });

  it('is taken over when another process has the dead one’s id', async () => {
    const store = await openStore(await tempFolder('lock-reused'), { timeoutMs: 1_000 });
    await leaveLock(store.dir, { start: 'b000000000000' });
    await expect(store.withLock('after', () => Promise.resolve('mine'))).resolves.toBe('mine');
  });

  it('is respected while its holder lives, and the error names that holder', async () => {
    const dir = await tempFolder('lock-held');
    const holder = storeProcess('hold-lock', dir);
    await holder.said('held');
    const store = await openStore(dir, { timeoutMs: 100 });
    const refused = store.withLock('waiting', () => Promise.resolve());
    await expect(refused).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await expect(refused).rejects.toThrow(`process ${holder.pid} (holding on`);
    await holder.kill();
  });

  it('of another machine is never taken over', async () => {
    const store = await openStore(await tempFolder('lock-elsewhere'), { timeoutMs: 50 });
    await leaveLock(store.dir, { host: 'ffffffffffff', pid: 1 });
    await expect(store.withLock('x', () => Promise.resolve())).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  });

  it('that lost its owner file to a crash does not block', async () => {
    const store = await openStore(await tempFolder('lock-empty'), { timeoutMs: 2_000 });
    await mkdir(join(store.dir, 'lamina/lock'));
    await expect(store.withLock('x', () => Promise.resolve(1))).resolves.toBe(1);
  });
});

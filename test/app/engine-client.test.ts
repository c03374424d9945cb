import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineClient } from '../../src-main/app/engine-client';

/** Answers late and in reverse order; fails, dies and announces on request. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
parentPort.on('message', ({ id, name, input }) => {
  if (name === 'jobs.cancel') process.exit(1);
  if (name === 'store.collect') parentPort.postMessage({ kind: 'event', name: 'images.changed' });
  const error = { code: 'IMAGE_NOT_FOUND', message: 'No such image.', hint: 'Look again.' };
  const answer = name === 'images.get' ? { ok: false, error } : { ok: true, value: { name, input, store: workerData.storeDir } };
  setTimeout(() => parentPort.postMessage({ kind: 'answer', id, answer }), name === 'store.usage' ? 50 : 0);
});
`;

let folder: string;
let client: EngineClient;
let events: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-client-'));
  const engineThreadFile = join(folder, 'thread.cjs');
  await writeFile(engineThreadFile, THREAD);
  events = [];
  client = new EngineClient({ engineThreadFile, layerWorkerFile: '' }, '/first', (name) => events.push(name));
});
afterEach(async () => {
  await client.stop();
  await rm(folder, { recursive: true });
});

describe('the engine client', () => {
  it('gives each call its own answer, whatever order they come in', async () => {
    const [slow, fast] = await Promise.all([
      client.call('store.usage', undefined),
      client.call('images.list', undefined),
    ]);
    expect(slow).toMatchObject({ name: 'store.usage', store: '/first' });
    expect(fast).toMatchObject({ name: 'images.list' });
  });

  it('throws errors of the engine as they were', async () => {
    await expect(client.call('images.get', { key: 'k' })).rejects.toMatchObject({
      name: 'LaminaError',
      code: 'IMAGE_NOT_FOUND',
      hint: 'Look again.',
    });
  });

  it('hands on what the engine announces', async () => {
    await client.call('store.collect', undefined);
    expect(events).toEqual(['images.changed']);
  });

  it('fails what was asked when the thread dies, and goes on with a new one', async () => {
    const usage = client.call('store.usage', undefined);
    const cancel = client.call('jobs.cancel', { id: 1 });
    await expect(usage).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(cancel).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(client.call('images.list', undefined)).resolves.toMatchObject({ store: '/first' });
  });

  it('opens another store in another thread and says that everything changed', async () => {
    await client.call('images.list', undefined);
    await client.useStore('/second');
    expect(events).toEqual(expect.arrayContaining(['images.changed', 'containers.changed', 'jobs.changed']));
    await expect(client.call('images.list', undefined)).resolves.toMatchObject({ store: '/second' });
  });
});

/** The other end of store-process.ts: one job on a store, told on the command line. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openStore } from '../../src-main/engine/store/open-store';
import { withRoot } from '../../src-main/engine/store/roots';
import type { BlobStore } from '../../src-main/engine/store/types';

const forever = (): Promise<never> => new Promise(() => setInterval(() => undefined, 1_000));

const jobs: Readonly<Record<string, (store: BlobStore, args: readonly string[]) => Promise<unknown>>> = {
  /** Takes the lock, says so, and never lets go. */
  'hold-lock': (store) =>
    store.withLock('holding on', () => {
      console.log('held');
      return forever();
    }),
  /** Stages a blob, says so, and never commits. */
  'stage-only': async (store, [text = '']) => {
    const transaction = await store.begin();
    await transaction.putBytes(Buffer.from(text));
    console.log('staged');
    return forever();
  },
  /** Adds one to a number in a file again and again, in a way that loses counts when two do it at once. */
  count: async (store, [file = '', times = '0']) => {
    for (let i = 0; i < Number(times); i += 1) {
      await store.withLock('counting', async () => {
        const before = Number(await readFile(file, 'utf8'));
        await nextTurn();
        await writeFile(file, String(before + 1));
      });
    }
  },
  /** Adds one tagged blob. */
  'add-one': async (store, [name = '']) => {
    const transaction = await store.begin();
    const blob = await transaction.putBytes(Buffer.from(name));
    await transaction.commit((roots) => withRoot(roots, { mediaType: 'm', ...blob }, `docker.io/library/${name}:1`));
  },
  /** Adds tagged blobs for ever; each reference must at any time lead to a whole blob. */
  'add-for-ever': async (store, [name = '']) => {
    console.log('adding');
    for (let i = 0; ; i += 1) {
      const transaction = await store.begin();
      const blob = await transaction.putBytes(Buffer.from(`${name} ${i} `.repeat(2_000)));
      const descriptor = { mediaType: 'application/octet-stream', ...blob };
      await transaction.commit((roots) => withRoot(roots, descriptor, `docker.io/library/${name}:${i % 5}`));
      if (i === 3) console.log('added some');
    }
  },
};

async function main(): Promise<void> {
  const [name = '', dir = '', ...args] = process.argv.slice(2);
  const job = jobs[name];
  if (job === undefined) throw new Error(`no job ${name}`);
  await job(await openStore(join(dir)), args);
}

void main();

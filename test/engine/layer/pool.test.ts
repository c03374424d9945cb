import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src-main/engine/digest/digest';
import { createLayerPool, type IngestJob, type LayerPool } from '../../../src-main/engine/layer/pool';
import type { PartProgress } from '../../../src-main/engine/options';
import { file, tar } from '../../support/tar-builder';

const layers = Array.from({ length: 6 }, (_, at) => tar([file(`file-${at}`, Buffer.alloc(2_000_000, `${at}`))]));

let root: string;
let workerFile: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lamina-pool-'));
  workerFile = join(root, 'bundle', 'layer-worker.cjs');
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: resolve('src-main/engine/layer/worker-entry.ts'),
      outDir: join(root, 'bundle'),
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'layer-worker.cjs' } },
    },
  });
});
afterAll(() => rm(root, { recursive: true }));

async function jobs(name: string, contents: readonly Buffer[]): Promise<IngestJob[]> {
  const folder = join(root, name);
  await mkdir(folder);
  return Promise.all(
    contents.map(async (bytes, at) => {
      const source = { file: join(root, `${name}-${at}.tar`), offset: 0, length: bytes.length };
      await writeFile(source.file, bytes);
      return { source, folder, copy: true, label: `layer ${at + 1}` };
    }),
  );
}

describe.each(['in worker threads', 'in the calling thread'])('a layer pool %s', (where) => {
  const key = where.replaceAll(' ', '-');
  const withPool = async (work: (pool: LayerPool) => Promise<void>): Promise<void> => {
    const pool = createLayerPool({ workers: 2, ...(where === 'in worker threads' ? { workerFile } : {}) });
    try {
      await work(pool);
    } finally {
      await pool.close();
    }
  };

  it('does more jobs than it has workers, with progress', async () => {
    await withPool(async (pool) => {
      const seen: PartProgress[] = [];
      const list = await jobs(`${key}-many`, [...layers, ...layers.map((bytes) => gzipSync(bytes, { level: 1 }))]);
      const results = await Promise.all(
        list.map((job) => pool.ingest(job, { onProgress: (progress) => seen.push(progress) })),
      );
      expect(results.map(({ diffId }) => diffId)).toEqual([...layers, ...layers].map((bytes) => digestOf(bytes)));
      expect(seen.filter(({ state }) => state === 'done')).toHaveLength(list.length);
    });
  });

  it('hands on an error and goes on working', async () => {
    await withPool(async (pool) => {
      const [bad, good] = await jobs(`${key}-error`, [Buffer.alloc(600, 'x'), tar([file('a')])]);
      if (bad === undefined || good === undefined) throw new Error('no jobs');
      const failure = { name: 'LaminaError', code: 'TAR_INVALID', subject: bad.source.file };
      await expect(pool.ingest(bad)).rejects.toMatchObject(failure);
      await expect(pool.ingest(good)).resolves.toMatchObject({ entries: 1 });
    });
  });

  it('stops running and waiting jobs when they are cancelled, and leaves nothing', async () => {
    await withPool(async (pool) => {
      const list = await jobs(`${key}-cancel`, layers);
      const controller = new AbortController();
      const work = list.map((job) => {
        return pool.ingest(job, { signal: controller.signal, onProgress: () => controller.abort() });
      });
      const outcomes = await Promise.allSettled(work);
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(reasons.length).toBeGreaterThanOrEqual(4);
      for (const reason of reasons) expect(reason).toMatchObject({ code: 'CANCELLED' });
      const done = outcomes.length - reasons.length;
      expect(await readdir(list[0]?.folder ?? '')).toHaveLength(2 * done);
      // The pool is as good as new.
      const [again] = await jobs(`${key}-again`, [tar([file('a')])]);
      if (again === undefined) throw new Error('no job');
      await expect(pool.ingest(again)).resolves.toMatchObject({ entries: 1 });
    });
  });

  it('gives a free worker to the next in line, also when others in the line have left it', async () => {
    const list = await jobs(`${key}-line`, layers);
    const pool = createLayerPool({ workers: 1, ...(where === 'in worker threads' ? { workerFile } : {}) });
    const controllers = list.map(() => new AbortController());
    const work = list.map((job, at) => pool.ingest(job, { signal: controllers[at]!.signal }));
    const settled = Promise.allSettled(work);
    // The line is 1, 2, 3, 4, 5 behind job 0.
    for (const at of [4, 2, 3]) controllers[at]!.abort();
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    await pool.close();
  });

  it('fails what waits when it is closed', async () => {
    const list = await jobs(`${key}-close`, layers);
    let outcomes: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([]);
    await withPool((pool) => {
      outcomes = Promise.allSettled(list.map((job) => pool.ingest(job)));
      return Promise.resolve();
    });
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: 'CANCELLED' } });
  });
});

it('a worker that cannot start fails its job, and says so', async () => {
  const broken = join(root, 'broken.cjs');
  await writeFile(broken, 'throw new Error("broken on purpose")');
  const pool = createLayerPool({ workerFile: broken, workers: 1 });
  const [job] = await jobs('broken', [tar([file('a')])]);
  if (job === undefined) throw new Error('no job');
  await expect(pool.ingest(job)).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringContaining('broken on purpose') as string,
  });
  await expect(pool.ingest(job)).rejects.toMatchObject({ code: 'INTERNAL' });
  await pool.close();
});

/** A layer worker: takes one job at a time from the pool, tells how far it is, and can be told to stop. */
import { parentPort } from 'node:worker_threads';
import { toLaminaError } from '../errors';
import { ingestLayer, type IngestJob } from './ingest';
import type { FromWorker, ToWorker } from './protocol';

const port = parentPort;
if (port === null) throw new Error('layer-worker runs as a worker thread only');

const running = new Map<number, AbortController>();

function tell(message: FromWorker): void {
  port?.postMessage(message);
}

async function ingest(id: number, job: IngestJob): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const result = await ingestLayer(job, {
      signal: controller.signal,
      onProgress: (progress) => tell({ kind: 'progress', id, progress }),
    });
    tell({ kind: 'done', id, result });
  } catch (thrown) {
    tell({ kind: 'failed', id, facts: toLaminaError(thrown, job.source.file).toJSON() });
  } finally {
    running.delete(id);
  }
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'cancel') running.get(message.id)?.abort();
  else void ingest(message.id, message.job);
});

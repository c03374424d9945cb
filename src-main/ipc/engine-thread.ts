/** Entry of the worker thread that the whole engine runs in, so that Electron's main thread only forwards. */
import { parentPort, workerData } from 'node:worker_threads';
import { startEngine } from './engine-host';
import type { EngineMessage, EngineRequest, EngineStart } from './engine-protocol';

function send(message: EngineMessage): void {
  parentPort?.postMessage(message);
}

const engine = startEngine(workerData as EngineStart, (name, payload) => send({ kind: 'event', name, payload }));

parentPort?.on('message', (request: EngineRequest) => {
  void engine.handle(request).then((answer) => send({ kind: 'answer', id: request.id, answer }));
});

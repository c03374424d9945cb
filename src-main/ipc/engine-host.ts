/** The engine behind messages: opens the store, answers requests one by one as they come, tells what changed. */
import { openLamina } from '../engine/index';
import { answer } from './answer';
import type { HostCallName, EngineCallName } from './calls';
import type { Announce, EngineRequest, EngineStart } from './engine-protocol';
import { BrowseCache } from './handlers/browse-cache';
import { engineHandlers } from './handlers/index';
import { OpenViews } from './handlers/open-views';
import { JobQueue } from './jobs/job-queue';
import { StoreWatcher } from './store-watcher';
import type { Answer } from './contract/views';

export interface EngineHost {
  handle(request: EngineRequest): Promise<Answer<unknown>>;
}

type AnyHandlers = Readonly<Record<EngineCallName | HostCallName, (input: unknown) => unknown>>;

/** A store that cannot be opened does not end the thread: every call answers why, and the user can choose another one. */
export function startEngine(start: EngineStart, announce: Announce): EngineHost {
  const opening = open(start, announce);
  opening.catch(() => undefined);
  return {
    handle: ({ name, input }) => answer(async () => (await opening)[name](input)),
  };
}

async function open(start: EngineStart, announce: Announce): Promise<AnyHandlers> {
  const lamina = await openLamina(start.storeDir, { workerFile: start.layerWorkerFile });
  const browses = new BrowseCache(lamina);
  const views = new OpenViews(lamina, browses, announce);
  const jobs = new JobQueue((rows) => announce('jobs.changed', rows));
  const watcher = new StoreWatcher(start.storeDir, {
    images: () => announce('images.changed', undefined),
    containers: () => {
      announce('containers.changed', undefined);
      // A store that cannot be read right now says so at the next call.
      views.refresh().catch(() => undefined);
    },
  });
  const handlers = engineHandlers({ lamina, jobs, browses, views, announce });
  const close = async (): Promise<undefined> => {
    watcher.close();
    await handlers['host.close'](undefined);
  };
  // Each handler takes what the schema of its own name parsed.
  return { ...handlers, 'host.close': close } as AnyHandlers;
}

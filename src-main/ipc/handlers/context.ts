import { LaminaError, type ContainerInfo, type Lamina } from '../../engine/index';
import type { Announce } from '../engine-protocol';
import type { JobQueue } from '../jobs/job-queue';
import type { BrowseCache } from './browse-cache';
import type { OpenViews } from './open-views';

/** What the handlers of the engine thread work with. */
export interface HandlerContext {
  readonly lamina: Lamina;
  readonly jobs: JobQueue;
  readonly views: OpenViews;
  readonly browses: BrowseCache;
  readonly announce: Announce;
}

/** The window knows containers by id, so that a rename does not confuse it; the engine takes their names. */
export async function containerById(lamina: Lamina, id: string): Promise<ContainerInfo> {
  const found = (await lamina.containers.list()).find((container) => container.id === id);
  if (found !== undefined) return found;
  throw new LaminaError('CONTAINER_NOT_FOUND', 'The container is not there any more.', { subject: id });
}

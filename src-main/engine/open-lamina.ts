/** Opens a store and puts the rooms of the engine together behind one face. */
import { browse } from './api/browse';
import { createImages } from './api/images';
import { createContainers } from './container/containers';
import { toLaminaError } from './errors';
import type { Lamina, LaminaOptions } from './lamina';
import { loadLayerIndex } from './layer/index-file';
import { createLayerPool } from './layer/pool';
import { collectGarbage } from './store/collect';
import { checkStore } from './store/fsck';
import { openStore } from './store/open-store';
import { storeUsage } from './store/usage';

/**
 * Opens the store in `dir`, made when missing. Close it when done: it may hold worker threads.
 * @throws LaminaError STORE_INVALID, IO
 */
export async function openLamina(dir: string, options: LaminaOptions = {}): Promise<Lamina> {
  const store = await openStore(dir).catch((error: unknown) => {
    throw toLaminaError(error, dir);
  });
  const pool = createLayerPool(options);
  const context = { store, pool };
  const containers = createContainers(context);
  const pinned = containers.pinned.bind(containers);
  return {
    dir: store.dir,
    images: createImages(context, containers),
    containers,
    browse: (target) => browse(context, containers, target),
    usage: () => storeUsage(store),
    collect: () => collectGarbage(store, pinned),
    fsck: (fsckOptions) => checkStore(store, { pinned, readIndex: loadLayerIndex }, fsckOptions),
    close: () => pool.close(),
  };
}

/** What every part of the engine's face works with. */
import type { LayerPool } from '../layer/pool';
import type { BlobStore } from '../store/types';

export interface EngineContext {
  readonly store: BlobStore;
  readonly pool: LayerPool;
}

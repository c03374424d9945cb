/** Messages between main and the engine thread. Both sides are ours; the inputs were parsed by main before. */
import type { EngineCallName, HostCallName } from './calls';
import type { EventName, EventPayloads } from './contract/events';
import type { Answer } from './contract/views';

/** `workerData` of the engine thread. */
export interface EngineStart {
  readonly storeDir: string;
  /** Bundle the layer scans run in; without it they run in the engine thread itself. */
  readonly layerWorkerFile?: string | undefined;
}

export interface EngineRequest {
  readonly id: number;
  readonly name: EngineCallName | HostCallName;
  readonly input: unknown;
}

export type EngineMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> }
  | { readonly kind: 'event'; readonly name: EventName; readonly payload: EventPayloads[EventName] };

/** How handlers tell every window that something changed. */
export type Announce = <N extends EventName>(name: N, payload: EventPayloads[N]) => void;

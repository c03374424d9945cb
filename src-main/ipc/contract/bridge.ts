/** What the preload puts on `window.lamina`: one way to call, one to listen, and drops, whose paths only it can see. */
import type { CallInput, CallName, CallOutput } from './calls';
import type { EventName, EventPayloads } from './events';
import type { Answer } from './views';

export interface Bridge {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Answer<CallOutput<N>>>;
  /** Returns the function that stops listening. */
  on<N extends EventName>(name: N, listener: (payload: EventPayloads[N]) => void): () => void;
  /** Imports files and folders dropped on the window; answers job ids. */
  importDropped(files: readonly File[]): Promise<Answer<readonly number[]>>;
  /** Copies dropped files and folders into a directory (a PathKey) of a container; answers the job id. */
  addDropped(container: string, parent: string, files: readonly File[]): Promise<Answer<number>>;
}

declare global {
  interface Window {
    readonly lamina: Bridge;
  }
}

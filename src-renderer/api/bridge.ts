/**
 * The only user of the preload's bridge. Answers of main become values or thrown ApiErrors, so that stores need no
 * envelope. Without a preload (a plain browser, a test) `connectBridge` puts another bridge in its place.
 */
import type { Bridge } from '@contract/bridge';
import type { CallInput, CallName, CallOutput } from '@contract/calls';
import type { EventName, EventPayloads } from '@contract/events';
import type { Answer } from '@contract/views';
import { ApiError } from './api-error';

let connected: Bridge | undefined;

/** Uses this bridge from now on; `undefined` goes back to the preload's. */
export function connectBridge(bridge: Bridge | undefined): void {
  connected = bridge;
}

/** Whether a preload is there, which is not so in a plain browser. */
export function hasPreload(): boolean {
  return 'lamina' in window;
}

function bridge(): Bridge {
  return connected ?? window.lamina;
}

function unwrap<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new ApiError(answer.error);
}

type Input<N extends CallName> = undefined extends CallInput<N> ? [] : [input: CallInput<N>];

/** Calls main. @throws ApiError with the code, message and hint that main answered */
export async function call<N extends CallName>(name: N, ...input: Input<N>): Promise<CallOutput<N>> {
  // The tuple is empty exactly when the call takes no input, which then is `undefined`.
  const [value] = input as [CallInput<N>];
  return unwrap(await bridge().call(name, value));
}

/** Listens to an event of main; returns the function that stops listening. */
export function on<N extends EventName>(name: N, listener: (payload: EventPayloads[N]) => void): () => void {
  return bridge().on(name, listener);
}

/** Imports what was dropped; answers the job ids. */
export async function importDropped(files: readonly File[]): Promise<readonly number[]> {
  return unwrap(await bridge().importDropped(files));
}

/** Copies what was dropped into a directory (a PathKey) of a container; answers the job id. */
export async function addDropped(container: string, parent: string, files: readonly File[]): Promise<number> {
  return unwrap(await bridge().addDropped(container, parent, files));
}

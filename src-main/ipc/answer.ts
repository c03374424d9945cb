import { toLaminaError } from '../engine/index';
import type { Answer, WireError } from './contract/views';

/** Runs a handler and wraps what it gives or throws: nothing is ever thrown across the bridge. */
export async function answer<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: wireError(thrown) };
  }
}

function wireError(thrown: unknown): WireError {
  return toLaminaError(thrown).toJSON();
}

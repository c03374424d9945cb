/** How main answers calls: types of handlers, and the split between what the app answers and what the engine thread answers. */
import type { CallInput, CallName, CallOutput } from './contract/calls';

/** One handler a call. May throw anything: `answer` turns it into an error of the contract. */
export type Handlers<N extends CallName> = { readonly [K in N]: (input: CallInput<K>) => Result<CallOutput<K>> };

/** A handler without an answer may end without `return undefined`. */
type Result<T> = [T] extends [undefined] ? void | Promise<void> : T | Promise<T>;

/** Calls that need Electron (settings, dialogs, the file manager); all others go to the engine thread. */
export const APP_CALLS = [
  'app.info',
  'settings.get',
  'settings.set',
  'settings.chooseStore',
  'store.reveal',
  'images.importDialog',
  'images.exportDialog',
  'containers.addDialog',
  'tree.saveAs',
] as const satisfies readonly CallName[];

export type AppCallName = (typeof APP_CALLS)[number];
export type EngineCallName = Exclude<CallName, AppCallName>;

/** Calls of main to the engine thread that carry host paths. The window cannot make them. */
export interface HostCalls {
  /** One import job for each path; answers their ids. */
  'host.import': { input: { readonly paths: readonly string[] }; output: readonly number[] };
  'host.export': {
    input: {
      readonly keys: readonly string[];
      readonly format: 'docker-archive' | 'oci-archive';
      readonly file: string;
    };
    output: number;
  };
  /** Copies files and folders into a directory of a container, all in one job; answers its id. */
  'host.add': {
    input: { readonly container: string; readonly parent: string; readonly paths: readonly string[] };
    output: number;
  };
  'host.saveVersion': {
    input: {
      readonly view: number;
      readonly path: string;
      readonly layer: number | undefined;
      readonly file: string;
    };
    output: undefined;
  };
  /** Lets commits end, cancels every other job, closes the store. */
  'host.close': { input: undefined; output: undefined };
}

export type HostCallName = keyof HostCalls;
export type HostHandlers = {
  readonly [K in HostCallName]: (input: HostCalls[K]['input']) => Result<HostCalls[K]['output']>;
};

/**
 * Where calls of the window enter main: one channel for calls, one for drops. Each is checked three times before it
 * runs: the sender is one of our windows showing our page, the name is in the contract, the input fits its schema.
 */
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { LaminaError } from '../engine/index';
import { answer } from './answer';
import type { Handlers } from './calls';
import { callSchemas, type CallName } from './contract/calls';
import { CALL_CHANNEL, DROP_CHANNEL } from './contract/channels';
import type { Answer } from './contract/views';

const dropPaths = z.array(z.string().min(1).max(32_768).refine(isAbsolute, 'not an absolute path')).min(1).max(10_000);
const dropSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('import'), paths: dropPaths }),
  z.strictObject({
    kind: z.literal('add'),
    container: z.string().regex(/^[0-9a-f]{32}$/),
    parent: z.string().max(65_536),
    paths: dropPaths,
  }),
]);
export type Drop = z.infer<typeof dropSchema>;

export interface Registration {
  /** Whether the message comes from one of our windows and from our page in it. */
  readonly isTrusted: (event: IpcMainInvokeEvent) => boolean;
  readonly handlers: Handlers<CallName>;
  readonly onDrop: (drop: Drop) => Promise<number | readonly number[]>;
}

export function registerCalls(ipcMain: Pick<IpcMain, 'handle'>, registration: Registration): void {
  const { isTrusted, handlers, onDrop } = registration;
  ipcMain.handle(CALL_CHANNEL, (event, name: unknown, input: unknown) =>
    guarded(isTrusted(event), () => dispatch(handlers, name, input)),
  );
  ipcMain.handle(DROP_CHANNEL, (event, drop: unknown) =>
    guarded(isTrusted(event), () => onDrop(parse(dropSchema, drop, 'drop'))),
  );
}

function guarded(trusted: boolean, work: () => unknown): Promise<Answer<unknown>> {
  return answer(() => {
    if (!trusted) throw new LaminaError('INVALID_ARGUMENT', 'The message does not come from a Lamina window.');
    return work();
  });
}

function dispatch(handlers: Handlers<CallName>, name: unknown, input: unknown): unknown {
  if (!isCallName(name)) throw new LaminaError('INVALID_ARGUMENT', 'There is no call of this name.');
  const parsed = parse<unknown>(callSchemas[name], input, name);
  // The schema that parsed the input and the handler belong to the same name.
  const handler = handlers[name] as (input: unknown) => unknown;
  return handler(parsed);
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(callSchemas, name);
}

function parse<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new LaminaError(
    'INVALID_ARGUMENT',
    `The input of ${what} is not valid${where}: ${issue?.message ?? 'unknown'}.`,
  );
}

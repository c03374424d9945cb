/** Errors as one line for people, and as exit codes for scripts: 1 for an error, 2 for wrong usage. */
import { LaminaError, toLaminaError } from '../engine';
import { printable } from './text';

const EXIT_CANCELLED = 130;

/** The command was typed wrongly in a way that the parser cannot see. */
export class UsageError extends Error {}

/** Prints one line: what happened, and what to do. */
export function reportError(stream: NodeJS.WriteStream, thrown: unknown): void {
  stream.write(`lamina: ${oneLine(thrown)}\n`);
}

export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof UsageError) return 2;
  return thrown instanceof LaminaError && thrown.code === 'CANCELLED' ? EXIT_CANCELLED : 1;
}

function oneLine(thrown: unknown): string {
  if (thrown instanceof UsageError) return printable(thrown.message);
  const { message, hint } = toLaminaError(thrown);
  return [message, hint].flatMap((text) => (text === undefined ? [] : printable(text.trim()))).join(' ');
}

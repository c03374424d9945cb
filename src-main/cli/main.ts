#!/usr/bin/env node
/** `lamina`: the engine without a window. Parses, runs one command, and turns what happened into an exit code. */
import { CommanderError } from 'commander';
import { CommandLine } from './command-line';
import { exitCodeOf, reportError } from './errors';
import { Output } from './output';
import { buildProgram } from './program';

async function main(args: readonly string[]): Promise<number> {
  const commandLine = new CommandLine(new Output(process.stdout), process.stderr);
  try {
    await buildProgram(commandLine).parseAsync(args, { from: 'user' });
    await commandLine.out.flush();
    return commandLine.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    reportError(process.stderr, error);
    return exitCodeOf(error);
  }
}

// The exit code is set and the process left to end by itself, so that what is written reaches a slow pipe whole.
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

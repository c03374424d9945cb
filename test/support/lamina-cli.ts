/** The built command line as a program, for tests that compare it with other programs. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const PROGRAM = resolve(import.meta.dirname, '../../out/main/lamina.cjs');

/** Runs `lamina --store STORE ARGS…` and answers its standard output; rejects when it fails. */
export async function lamina(store: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, [PROGRAM, '--store', store, ...args], { maxBuffer: 1 << 30 });
  return stdout;
}

/** Parses output that is one JSON value a line. */
export function jsonLines(output: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

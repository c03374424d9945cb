/** Runs a program with something on its standard input. */
import { spawn } from 'node:child_process';

/** Answers the standard output; rejects when the program fails. What it says on standard error is shown. */
export function runWithInput(input: string, program: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`${program} ended with ${String(code)}`));
    });
    child.stdin.end(input);
  });
}

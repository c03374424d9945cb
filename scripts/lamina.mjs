// `npm run -s lamina -- …`: the command line, built when a source is newer.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';

const root = resolve(fileURLToPath(import.meta.url), '..', '..');

try {
  await ensureBuilt({ log: (line) => console.error(line) });
  // npm runs scripts in the checkout; INIT_CWD is where the user typed the command and where relative paths start.
  const child = spawn(process.execPath, [join(root, 'out', 'main', 'lamina.cjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
  });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

// `npm run dev`: the window with live reload of the page; main and preload are rebuilt and restarted on a change.
import process from 'node:process';
import { findElectron } from './electron-runtime.mjs';
import { run, tool } from './lib/steps.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

try {
  await ensureSystemLibraries({ display: false });
  const { executable } = await findElectron({ log: (line) => console.log(line) });
  const root = process.getuid?.() === 0 ? ['--noSandbox'] : [];
  const [node, args] = tool('electron-vite/bin/electron-vite.js', 'dev', '--watch', ...root, ...process.argv.slice(2));
  process.exitCode = await run(node, args, { env: { ...process.env, ELECTRON_EXEC_PATH: executable } });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

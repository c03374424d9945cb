import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFileLock } from './file-lock.mjs';
import { run, tool } from './steps.mjs';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const SOURCES = ['src-main', 'src-renderer', 'package-lock.json', 'electron.vite.config.ts', 'vite.renderer.config.ts'];
/** The last file that a build writes. */
const RESULT = 'out/renderer/index.html';
const RESULTS = [
  'out/main/index.cjs',
  'out/main/lamina.cjs',
  'out/main/engine-thread.cjs',
  'out/preload/preload.cjs',
  RESULT,
];

/**
 * Builds `out/` when a source is newer than it.
 * @param {{ log?: (line: string) => void }} [options]
 * @throws {Error} when the build fails
 */
export async function ensureBuilt({ log = (line) => console.log(line) } = {}) {
  if (await isUpToDate()) return;
  await withFileLock(join(root, 'node_modules', '.lamina-build.lock'), async () => {
    if (await isUpToDate()) return;
    log('Building…');
    const [node, args] = tool('electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'error');
    if ((await run(node, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })) !== 0)
      throw new Error('The build failed, see above.');
  });
}

async function isUpToDate() {
  const built = await Promise.all(RESULTS.map((file) => modified(join(root, file))));
  const newest = await Promise.all(SOURCES.map((source) => newestIn(join(root, source))));
  return Math.min(...built) >= Math.max(...newest);
}

async function newestIn(path) {
  const status = await stat(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const entries = await readdir(path);
  return Math.max(status.mtimeMs, ...(await Promise.all(entries.map((entry) => newestIn(join(path, entry))))));
}

function modified(file) {
  return stat(file).then(
    (status) => status.mtimeMs,
    () => 0,
  );
}

// `npm run e2e [-- playwright arguments]`: the tests in test/e2e, in a real Electron, on a virtual display.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { withDisplay } from './lib/display.mjs';
import { findElectron } from './electron-runtime.mjs';
import { run, tool } from './lib/steps.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

/**
 * @param {readonly string[]} args for Playwright: a file, `-g pattern`, …
 * @returns {Promise<{ passed: number, failed: number }>} counted by single tests; a run without a test is a failure
 */
export async function runE2e(args) {
  await ensureSystemLibraries();
  await ensureBuilt();
  const { executable } = await findElectron({ log: (line) => console.log(line) });
  const folder = await mkdtemp(join(tmpdir(), 'lamina-e2e-report-'));
  const report = join(folder, 'report.json');
  try {
    const [node, playwright] = tool('@playwright/test/cli.js', 'test', '--reporter', 'list,json', ...args);
    const settings = { LAMINA_ELECTRON: executable, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
    // Always a display of its own: windows that come and go would disturb whoever sits at this one.
    const code = await withDisplay((env) => run(node, playwright, { env: { ...env, ...settings } }), { always: true });
    const { stats } = JSON.parse(await readFile(report, 'utf8'));
    const failed = stats.unexpected + stats.flaky + (stats.expected === 0 ? 1 : 0);
    return { passed: stats.expected, failed: failed === 0 && code !== 0 ? 1 : failed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { failed } = await runE2e(process.argv.slice(2));
  process.exitCode = failed === 0 ? 0 : 1;
}

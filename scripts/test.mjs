/** `npm test`: every check and every test, real Electron included. Sets up what it needs, see README. */
import process from 'node:process';
import { runE2e } from './e2e.mjs';
import { Steps, tool, vitest } from './lib/steps.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

const steps = new Steps();
await steps.step('system libraries', async () => {
  await ensureSystemLibraries();
  return { passed: 1, failed: 0 };
});
await steps.check('build', ...tool('electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'));
await steps.check('format', ...tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'));
await steps.check('types of main', ...tool('typescript/bin/tsc', '-p', 'tsconfig.main.json'));
await steps.check('types of the window', ...tool('vue-tsc/bin/vue-tsc.js', '-p', 'tsconfig.renderer.json'));
await steps.check('types of the tests', ...tool('vue-tsc/bin/vue-tsc.js', '-p', 'tsconfig.test.json'));
await steps.check('lint', ...tool('eslint/bin/eslint.js', '.', '--max-warnings', '0'), {
  env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=6144' },
});
await steps.check(
  'arrows',
  ...tool(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    'src-main',
    'src-renderer',
    '--config',
    '.dependency-cruiser.cjs',
  ),
);
await steps.check('dead code', ...tool('knip/bin/knip.js'));
await steps.step('engine, app, command line and window (vitest)', () => vitest(['main', 'renderer']));
await steps.step('real Electron (Playwright)', () => runE2e([]));
steps.finish();

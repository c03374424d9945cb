// `npm run package`: the app as a folder in dist/, with the Electron found here, then a start of it to see that it
// runs. Installers (AppImage, deb, nsis, dmg) are electron-builder's other targets; see electron-builder.yml.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { _electron } from '@playwright/test';
import { findElectron } from './electron-runtime.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { withDisplay } from './lib/display.mjs';
import { Steps, run, tool } from './lib/steps.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

async function buildPackage() {
  await ensureBuilt();
  const { dist, version } = await findElectron({ log: (line) => console.log(line) });
  await rm('dist', { recursive: true, force: true });
  const [node, builder] = tool('electron-builder/cli.js', '--dir', '--publish', 'never');
  const settings = [`-c.electronDist=${dist}`, `-c.electronVersion=${version}`];
  const code = await run(node, [...builder, ...settings]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Opens the packaged window on an empty store and makes the sample image in it: window, engine thread and workers run. */
async function startPackage() {
  await ensureSystemLibraries();
  const folder = await mkdtemp(join(tmpdir(), 'lamina-package-'));
  try {
    await withDisplay((env) => check(folder, env), { always: true });
    return { passed: 1, failed: 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function check(folder, env) {
  const electron = await _electron.launch({
    executablePath: await packagedProgram(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    env: { ...env, LAMINA_USER_DATA: join(folder, 'user'), LAMINA_STORE: join(folder, 'store') },
  });
  try {
    const page = await electron.firstWindow();
    await page.waitForLoadState();
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    const seen = await page.evaluate(async () => {
      const info = await window.lamina.call('app.info');
      const made = await window.lamina.call('images.sample', { which: 'textbook' });
      const images = await window.lamina.call('images.list');
      return { version: info.value?.version, made: made.ok, images: images.value?.length };
    });
    const expected = { version, made: true, images: 1 };
    if (JSON.stringify(seen) !== JSON.stringify(expected)) {
      throw new Error(`The packaged app answered ${JSON.stringify(seen)}, not ${JSON.stringify(expected)}.`);
    }
    console.log(`The packaged app runs: version ${version}, Electron ${await electronVersion(electron)}.`);
  } finally {
    await electron.close();
  }
}

function electronVersion(electron) {
  return electron.evaluate(() => process.versions.electron);
}

async function packagedProgram() {
  const folder = (await readdir('dist')).find((name) => name.endsWith('unpacked') || name.startsWith('mac'));
  if (folder === undefined) throw new Error('electron-builder left no folder in dist/.');
  if (process.platform === 'darwin') return join('dist', folder, 'Lamina.app', 'Contents', 'MacOS', 'Lamina');
  return join('dist', folder, process.platform === 'win32' ? 'Lamina.exe' : 'lamina');
}

const steps = new Steps();
await steps.step('package', buildPackage);
await steps.step('packaged app', startPackage);
steps.finish();

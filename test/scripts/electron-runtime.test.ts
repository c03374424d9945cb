import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const SCRIPT = resolve('scripts/electron-runtime.mjs');
const BINARY = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' } as Readonly<
  Record<string, string>
>;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-runtime-'));
});
afterEach(() => rm(folder, { recursive: true }));

const find = () => run(process.execPath, [SCRIPT], { env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder } });

describe('the search for an Electron', () => {
  it('takes the one that ELECTRON_OVERRIDE_DIST_PATH names before all others', async () => {
    const binary = join(folder, BINARY[process.platform] ?? 'electron');
    await mkdir(dirname(binary), { recursive: true });
    await writeFile(binary, '');
    await chmod(binary, 0o755);
    await writeFile(join(folder, 'version'), 'v99.0.0\n');
    expect((await find()).stdout.trim()).toBe(binary);
  });

  it('says so when there is none, and does not look elsewhere', async () => {
    await expect(find()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no Electron is there') as string,
    });
  });
});

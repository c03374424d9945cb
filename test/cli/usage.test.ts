import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCli, runCli, startCli } from '../support/built-cli';
import { tempFolder } from '../support/temp-folder';

const TINY = resolve(import.meta.dirname, '../../../shared/images/tiny.docker-archive.tar');

describe('the command line', () => {
  let folder: string;
  let store: string;

  beforeAll(async () => {
    folder = await tempFolder('cli-usage');
    store = join(folder, 'store');
    expect(await runCli(['--store', store, 'sample'])).toMatchObject({ code: 0 });
    expect(await runCli(['--store', store, 'import', TINY])).toMatchObject({ code: 0 });
  });

  it.each([
    [['ls'], 'missing required argument'],
    [['nonsense'], 'unknown command'],
    [['images', '--nonsense'], 'unknown option'],
    [['ls', 'textbook', '--layer', 'three'], 'Layers are counted from 1'],
    [['ls', 'textbook', '--layer', '0'], 'Layers are counted from 1'],
    [['ls', 'textbook', '--layer', '1', '--up-to', '2'], 'cannot be used with'],
    [['inspect', 'textbook', '--format', 'podman'], 'Allowed choices are'],
    [['export', 'textbook'], "required option '-o"],
    [['container', 'chmod', 'c', 'u+x', '/f'], 'A mode is an octal number'],
    [['container', 'chown', 'c', 'root', '/f'], 'An owner is UID'],
    [['import', 'a', 'b', '--name', 'x'], '--name goes with one path'],
    [[], 'Usage: lamina'],
  ])('%j is wrong usage: exit code 2', async (args, said) => {
    const run = await runCli(['--store', store, ...args]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(said);
  });

  it.each([
    [['inspect', 'nope'], 'lamina: The store has no image “nope”.'],
    [['cat', 'textbook', '/nope'], 'lamina: The image shows no “/nope”.'],
    [['cat', 'textbook', '/'], 'lamina: “/” is a directory.'],
    [['ls', 'textbook', '--layer', '9'], 'lamina: There is no layer 9; the image has 3.'],
    [['ls', 'textbook', '/../..'], 'lamina: The path “/../..” leaves the image root.'],
    [['tag', 'textbook', 'Upper/Case'], 'lamina: “Upper/Case” is not a valid reference'],
    [['import', '/nonexistent/file.tar'], 'lamina: '],
    [['container', 'diff', 'nope'], 'lamina: '],
    [['images', '--store', '/dev/null'], 'lamina: '],
  ])('%j is an error: exit code 1 and one line', async (args, said) => {
    const run = await runCli(['--store', store, ...args]);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr.startsWith(said)).toBe(true);
    expect(run.stderr.split('\n')).toHaveLength(2);
  });

  it('prints an error as the same line with --json', async () => {
    const plain = await runCli(['--store', store, 'ls', 'nope']);
    expect(await runCli(['--store', store, 'ls', 'nope', '--json'])).toEqual(plain);
  });

  it.each([['--help'], ['--version'], ['ls', '--help'], ['help', 'container']])('%s is no error', async (...args) => {
    expect(await runCli(args)).toMatchObject({ code: 0, stderr: '' });
  });

  it('takes the store from the environment, from an option before or after the command, and else from the data folder', async () => {
    const images = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> =>
      (JSON.parse((await runCli(args, { env })).stdout) as unknown[]).length;
    const env = { LAMINA_STORE: store };
    expect(await images(['images', '--json'], env)).toBe(2);
    expect(await images(['images', '--json', '--store', join(folder, 'other')], env)).toBe(0);
    expect(await images(['--store', store, 'images', '--json'], { LAMINA_STORE: join(folder, 'other') })).toBe(2);
    const home = { LAMINA_STORE: '', HOME: folder, XDG_DATA_HOME: join(folder, 'data'), LOCALAPPDATA: folder };
    expect(await images(['images', '--json'], home)).toBe(0);
    if (process.platform === 'linux') {
      expect(await readdir(join(folder, 'data/lamina/store'))).toContain('oci-layout');
    }
  });

  it('is quiet when the reader goes away', async () => {
    const child = await startCli(['--store', store, 'cat', 'corpus/tiny:1', '/bin/busybox']);
    const said: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, said }).toEqual({ code: 0, said: [] });
  });

  it.runIf(process.platform !== 'win32')('is a program that a shell can start', async () => {
    const child = spawn('/bin/sh', [
      '-c',
      '"$0" "$1" --store "$2" ls corpus/tiny:1 -R | head -n 2',
      process.execPath,
      await builtCli(),
      store,
    ]);
    const lines: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(lines.join('').split('\n')).toHaveLength(3);
  });

  it('gives a slow reader everything, in the end', async () => {
    const args = ['--store', store, 'cat', 'corpus/tiny:1', '/bin/busybox'];
    const child = await startCli(args);
    const ended = once(child, 'close');
    const hash = createHash('sha256');
    for await (const chunk of child.stdout ?? []) {
      hash.update(chunk as Buffer);
      await new Promise((done) => setImmediate(done));
    }
    expect((await ended)[0]).toBe(0);
    const { stdout } = await runCli(['--store', store, 'ls', 'corpus/tiny:1', '/bin/busybox', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ sha256: hash.digest('hex') });
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const other = join(folder, 'interrupted');
    await runCli(['--store', other, 'images']);
    const child = await startCli(['--store', other, 'import', TINY]);
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    for (let seen = 0; seen === 0 && child.exitCode === null;) {
      seen = (await readdir(join(other, 'lamina/tmp'))).length;
    }
    child.kill('SIGINT');
    const [code] = await ended;
    expect([0, 130]).toContain(code);
    expect(await readdir(join(other, 'lamina/tmp'))).toEqual([]);
    expect(await runCli(['--store', other, 'fsck'])).toMatchObject({ code: 0 });
  });
});

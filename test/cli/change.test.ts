import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, type Run } from '../support/built-cli';
import { tempFolder } from '../support/temp-folder';

const SHARED = resolve(import.meta.dirname, '../../../shared/images');

type Row = Record<string, unknown>;

describe('changing images', () => {
  let folder: string;
  let store: string;

  beforeAll(async () => {
    folder = await tempFolder('cli-change');
    store = join(folder, 'store');
    await good('import', join(SHARED, 'tiny.docker-archive.tar'));
  });

  const run = (...args: readonly string[]): Promise<Run> => runCli(['--store', store, ...args]);

  async function good(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await run(...args);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  }

  const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse(await good(...args, '--json'));

  it('edits a container and commits it as an image that keeps its parent’s layers', async () => {
    const host = join(folder, 'host');
    await mkdir(join(host, 'sub'), { recursive: true });
    await writeFile(join(host, 'sub/one'), '1');
    await writeFile(join(host, 'passwd'), 'root:x:0:0::/:/bin/sh\n');
    expect(await good('container', 'create', 'corpus/tiny:1', '--name', 'work')).toBe('work\n');
    await good('container', 'put', 'work', join(host, 'sub'), '/srv');
    await good('container', 'put', 'work', join(host, 'sub/one'), '/etc');
    await good('container', 'put', 'work', join(host, 'passwd'), '/etc/passwd');
    await good('container', 'mkdir', 'work', '-p', '/opt/a/b');
    await good('container', 'ln', 'work', '../etc/passwd', '/opt/link');
    await good('container', 'mv', 'work', '/srv/one', '/srv/two');
    await good('container', 'chmod', 'work', '700', '/srv');
    await good('container', 'chown', 'work', '5:6', '/srv', '-R');
    await good('container', 'del', 'work', '/bin/wget');
    const fromInput = await runCli(['--store', store, 'container', 'put', 'work', '-', '/etc/typed'], {
      input: 'typed in',
    });
    expect(fromInput.code).toBe(0);
    const lines = (await good('container', 'diff', 'work')).trim().split('\n');
    const expected = [
      ...['C /bin', 'D /bin/wget', 'C /etc', 'A /etc/one', 'C /etc/passwd', 'A /etc/typed'],
      ...['A /opt', 'A /opt/a', 'A /opt/a/b', 'A /opt/link', 'A /srv', 'A /srv/two'],
    ];
    expect(lines).toEqual(expected);
    expect(await json('container', 'diff', 'work')).toEqual(
      expected.map((line) => ({ kind: line[0], path: line.slice(2) })),
    );
    expect(await json('container', 'ls')).toMatchObject([{ name: 'work', imageReference: 'corpus/tiny:1' }]);

    const changes = ['-c', 'ENV A=b', '-c', 'CMD ["/bin/cat"]'];
    await good('commit', 'work', 'corpus/tiny:2', '-m', 'a message', '-a', 'an author', ...changes);
    const [before] = JSON.parse(await good('inspect', 'corpus/tiny:1')) as [{ RootFS: { Layers: string[] } }];
    const [after] = JSON.parse(await good('inspect', 'corpus/tiny:2')) as [
      typeof before & { Config: Row; Comment: string; Author: string },
    ];
    expect(after.RootFS.Layers.slice(0, -1)).toEqual(before.RootFS.Layers);
    expect(after).toMatchObject({ Comment: 'a message', Author: 'an author', Config: { Cmd: ['/bin/cat'] } });
    const list = (await good('ls', 'corpus/tiny:2', '/srv', '--json', '-d'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    expect(list).toMatchObject([
      { path: 'srv', mode: '0700', uid: 5, gid: 6, layer: 4 },
      { path: 'srv/two', uid: 5, gid: 6, layer: 4 },
    ]);
    expect(await good('cat', 'corpus/tiny:2', '/opt/link')).toBe('root:x:0:0::/:/bin/sh\n');
    expect(await good('cat', 'corpus/tiny:2', '/etc/typed')).toBe('typed in');
  });

  it('tags, refuses to remove what a container stands on, removes and collects', async () => {
    await good('tag', 'corpus/tiny:1', 'other/name:9');
    expect(await good('rmi', 'other/name:9')).toBe('Untagged other/name:9\n');
    await good('container', 'create', 'corpus/tiny:1', '--name', 'standing');
    const refused = await run('rmi', 'corpus/tiny:1');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('standing');
    await good('container', 'rm', 'standing');
    const rest = (await json('container', 'ls')) as Row[];
    for (const container of rest) await good('container', 'rm', String(container['name']));
    const spare = join(folder, 'spare');
    await runCli(['--store', spare, 'sample']);
    await runCli(['--store', spare, 'rmi', 'textbook']);
    const collected = await runCli(['--store', spare, 'gc', '--json']);
    expect((JSON.parse(collected.stdout) as { removed: unknown[] }).removed).toHaveLength(5);
    expect(await readdir(join(spare, 'blobs/sha256'))).toEqual([]);
    expect(await readdir(join(spare, 'lamina/index'))).toEqual([]);
  });

  it('leaves an image untagged when its name goes to another', async () => {
    const spare = join(folder, 'moved');
    const images = async (): Promise<string[][]> =>
      (JSON.parse((await runCli(['--store', spare, 'images', '--json'])).stdout) as { references: string[] }[]).map(
        (image) => image.references,
      );
    await runCli(['--store', spare, 'sample', 'name:1']);
    await runCli(['--store', spare, 'sample', 'name:1', '--story']);
    expect((await images()).sort()).toEqual([[], ['name:1']]);
  });

  it.each(['docker-archive', 'oci-archive', 'oci'])('exports %s that comes back with the same ids', async (format) => {
    const file = join(folder, `out-${format}`);
    await good('export', 'corpus/tiny:1', '-o', file, '--format', format);
    const spare = join(folder, `back-${format}`);
    expect((await runCli(['--store', spare, 'import', file])).code).toBe(0);
    const ask = ['inspect', 'corpus/tiny:1'];
    expect((await runCli(['--store', spare, ...ask])).stdout).toBe(await good(...ask));
    expect(await runCli(['--store', spare, 'fsck'])).toMatchObject({ code: 0 });
  });

  it('refuses what it cannot read, and leaves the store as it was', async () => {
    const spare = join(folder, 'refusing');
    await runCli(['--store', spare, 'sample']);
    const before = await readdir(spare, { recursive: true });
    const junk = join(folder, 'junk.tar');
    await writeFile(junk, 'this is no archive at all');
    for (const file of [junk, join(SHARED, 'tiny.docker-archive.tar.xz'), join(SHARED, 'tiny.oci-zstd.tar')]) {
      const refused = await runCli(['--store', spare, 'import', file]);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain(file);
    }
    expect((await readdir(spare, { recursive: true })).sort()).toEqual([...before].sort());
    expect(await runCli(['--store', spare, 'fsck'])).toMatchObject({ code: 0 });
  });

  it('imports the good ones of several, and says which is not', async () => {
    const spare = join(folder, 'several');
    const done = await runCli([
      '--store',
      spare,
      'import',
      join(SHARED, 'nope.tar'),
      join(SHARED, 'alpine-311.tar.gz'),
    ]);
    expect(done.code).toBe(1);
    expect(done.stdout).toContain('Imported alpine:3.11');
    expect(done.stderr).toContain('nope.tar');
  });

  it('finds damage, says what to do, and doing that helps', async () => {
    const spare = join(folder, 'damaged');
    const at = (...args: readonly string[]): Promise<Run> => runCli(['--store', spare, ...args]);
    await at('sample');
    const blobs = await readdir(join(spare, 'blobs/sha256'));
    const sizes = await Promise.all(
      blobs.map(async (name) => (await readFile(join(spare, 'blobs/sha256', name))).length),
    );
    const largest = join(spare, 'blobs/sha256', blobs[sizes.indexOf(Math.max(...sizes))] ?? '');
    const bytes = await readFile(largest);
    bytes[700] = (bytes[700] ?? 0) ^ 1;
    await writeFile(largest, bytes);
    const found = await at('fsck');
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('Run “lamina rmi textbook:latest”, then “lamina gc”');
    expect((JSON.parse((await at('fsck', '--json')).stdout) as { problems: unknown[] }).problems).toHaveLength(1);
    await at('rmi', 'textbook:latest');
    await at('gc');
    await at('sample');
    expect(await at('fsck')).toMatchObject({ code: 0 });
  });
});

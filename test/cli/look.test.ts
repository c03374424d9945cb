import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, type Run } from '../support/built-cli';
import { dockerFiles, hex, image, pack, plainLayer } from '../support/image-builder';
import { char, dir, fifo, file, hardlink, opaque, symlink, whiteout } from '../support/tar-builder';
import { tempFolder } from '../support/temp-folder';

const SHARED = resolve(import.meta.dirname, '../../../shared/images');
const BYTES = Buffer.from([0x63, 0x61, 0x66, 0xe9]);

type Row = Record<string, unknown>;

/** Three layers with every type of entry, hard links, odd names, whiteouts and an opaque directory. */
const LAYERS = [
  [
    dir('d', { mode: 0o1777, uid: 1, gid: 2, mtime: 1_000 }),
    file('d/old', 'old'),
    file('f', 'first', { mode: 0o4755, mtime: { sec: 5, nsec: 500_000_000 }, xattrs: { 'user.x': 'v' } }),
    hardlink('d/link', 'f', { mode: 0o4755, mtime: { sec: 5, nsec: 500_000_000 } }),
    symlink('s', 'd/old'),
    char('null', 1, 3),
    fifo('p'),
    file(BYTES, 'not utf-8'),
    dir('o'),
    file('o/below', 'x'),
  ],
  [file('f', 'second'), whiteout('d/old'), opaque('o'), file('o/above', 'y')],
  [file('new', 'third')],
];

describe('looking into an image', () => {
  let store: string;

  beforeAll(async () => {
    const folder = await tempFolder('cli-look');
    store = join(folder, 'store');
    const built = image(LAYERS.map(plainLayer), { tags: ['every/thing:1'] });
    await writeFile(join(folder, 'image.tar'), pack(dockerFiles([built])));
    expect(await run('import', join(folder, 'image.tar'))).toMatchObject({ code: 0 });
    expect(await run('sample')).toMatchObject({ code: 0 });
  });

  const run = (...args: readonly string[]): Promise<Run> => runCli(['--store', store, ...args]);

  async function rows(...args: readonly string[]): Promise<Row[]> {
    const { code, stdout, stderr } = await run('ls', 'every/thing:1', '--json', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));
  }

  const pathsOf = (list: readonly Row[]): unknown[] => list.map((row) => row['path']);

  it('lists everything that is visible, each on a line', async () => {
    const list = await rows('-R');
    expect(pathsOf(list)).toEqual(['caf\\xe9', 'd', 'd/link', 'f', 'new', 'null', 'o', 'o/above', 'p', 's']);
    const byPath = new Map(list.map((row) => [row['path'], row]));
    expect(byPath.get('d')).toEqual({
      ...{ path: 'd', type: 'dir', mode: '1777', uid: 1, gid: 2, size: 0, mtime: 1_000, xattrs: {}, layer: 1 },
    });
    expect(byPath.get('d/link')).toEqual({
      ...{ path: 'd/link', type: 'file', mode: '4755', uid: 0, gid: 0, size: 5, mtime: 5.5, layer: 1 },
      ...{ sha256: hex('first'), xattrs: { 'user.x': Buffer.from('v').toString('base64') } },
    });
    expect(byPath.get('f')).toMatchObject({ sha256: hex('second'), layer: 2, mode: '0644' });
    expect(byPath.get('s')).toMatchObject({ type: 'symlink', linkname: 'd/old', mode: '0777' });
    expect(byPath.get('null')).toMatchObject({ type: 'char', dev: [1, 3] });
    expect(byPath.get('p')).toMatchObject({ type: 'fifo' });
    expect(byPath.get('caf\\xe9')).toMatchObject({ pathHex: BYTES.toString('hex') });
  });

  it('lists one directory, one file, a directory itself', async () => {
    expect(pathsOf(await rows())).toEqual(['caf\\xe9', 'd', 'f', 'new', 'null', 'o', 'p', 's']);
    expect(pathsOf(await rows('/o'))).toEqual(['o/above']);
    expect(pathsOf(await rows('f'))).toEqual(['f']);
    expect(pathsOf(await rows('o', '-d'))).toEqual(['o', 'o/above']);
    expect(pathsOf(await rows('/', '-d'))[0]).toBe('');
  });

  it('names the first of several names of one object', async () => {
    const list = await rows('-R', '--up-to', '1');
    const links = list.filter((row) => row['hardlink'] !== undefined);
    expect(links).toMatchObject([{ path: 'f', hardlink: 'd/link' }]);
    expect(await rows('-R', '--layer', '1')).toContainEqual(expect.objectContaining({ path: 'f', hardlink: 'd/link' }));
  });

  it('lists the files as of a layer', async () => {
    const list = await rows('-R', '--up-to', '1');
    expect(pathsOf(list)).toContain('d/old');
    expect(pathsOf(list)).not.toContain('new');
  });

  it('lists what one layer wrote, whiteouts included', async () => {
    const list = await rows('-R', '--layer', '2');
    expect(list.filter((row) => row['whiteout'] === true)).toEqual([
      { path: 'd/old', whiteout: true, layer: 2 },
      { path: 'o', whiteout: true, opaque: true, layer: 2 },
    ]);
    expect(pathsOf(list.filter((row) => row['whiteout'] === undefined))).toEqual(['f', 'o/above']);
  });

  it('lists what is hidden, and what hid it', async () => {
    const hidden = (await rows('-R', '--hidden')).filter((row) => row['hidden'] === true);
    expect(hidden.map((row) => [row['path'], row['layer'], row['endedBy']])).toEqual([
      ['d/old', 1, { layer: 2, reason: 'whiteout' }],
      ['f', 1, { layer: 2, reason: 'replaced' }],
      ['o/below', 1, { layer: 2, reason: 'opaque' }],
    ]);
  });

  it('lists for people, without letting names move the cursor', async () => {
    const folder = await tempFolder('cli-escape');
    const built = image([plainLayer([file('evil\u001b[2Jname\u202e', 'x')])], { tags: ['evil:1'] });
    await writeFile(join(folder, 'evil.tar'), pack(dockerFiles([built])));
    await run('import', join(folder, 'evil.tar'));
    const { stdout } = await run('ls', 'evil:1');
    expect(stdout).toContain('evil\\x1b[2Jname\\u202e');
    expect(stdout).not.toContain('\u001b');
    expect((await run('ls', 'every/thing:1')).stdout).toMatch(/^drwxrwxrwt {2}1:2 .* L1 {4}d$/m);
  });

  it('prints a file, an older version of it, and a link’s target', async () => {
    expect((await run('cat', 'every/thing:1', '/f')).stdout).toBe('second');
    expect((await run('cat', 'every/thing:1', 'f', '--layer', '1')).stdout).toBe('first');
    expect((await run('cat', 'every/thing:1', 'd/old', '--layer', '1')).stdout).toBe('old');
    expect((await run('cat', 'every/thing:1', 'd/old')).stderr).toContain('--layer 1 prints an older version');
    expect((await run('cat', 'every/thing:1', 'new', '--layer', '1')).stderr).toContain('Layer 1 wrote no “/new”');
    expect((await run('cat', 'every/thing:1', 'null')).code).toBe(1);
  });

  it('lists the versions of a path, newest first', async () => {
    const list = JSON.parse((await run('versions', 'every/thing:1', '/f', '--json')).stdout) as Row[];
    expect(list).toMatchObject([
      { layer: 2, visible: true, sha256: hex('second') },
      { layer: 1, visible: false, sha256: hex('first'), endedBy: { layer: 2, reason: 'replaced' } },
    ]);
    expect((await run('versions', 'every/thing:1', 'd/old')).stdout).toContain('deleted by layer 2');
  });

  it('of the textbook sample shows six files, file 5 from layer 3, and still opens layer 2’s', async () => {
    const { stdout } = await run('ls', 'textbook', '-R', '--json');
    const list = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    expect(list).toHaveLength(6);
    expect(list.find((row) => row['path'] === 'file5')).toMatchObject({ layer: 3 });
    const older = await run('cat', 'textbook', '/file5', '--layer', '2');
    expect(older.stdout).not.toBe((await run('cat', 'textbook', '/file5')).stdout);
  });

  it('prints images and their history as JSON', async () => {
    const images = JSON.parse((await run('images', '--json')).stdout) as Row[];
    expect(images[0]).toMatchObject({ references: ['every/thing:1'], platform: 'linux/amd64', layers: 3 });
    const history = JSON.parse((await run('history', 'every/thing:1', '--json')).stdout) as Row[];
    expect(history.map((row) => [row['layer'], row['createdBy'], row['size']])).toEqual([
      [3, 'step 3', 5],
      [2, 'step 2', 7],
      [1, 'step 1', 3 + 5 + 5 + 9 + 1],
    ]);
  });

  it.each(['tiny.docker-archive.tar', 'alpine-311.tar.gz', 'test-docker-image.tar', 'test-kaniko-image.tar'])(
    '%s: every visible file has the content that its hash says',
    async (name) => {
      const other = join(await tempFolder('cli-real'), 'store');
      const imported = await runCli(['--store', other, 'import', join(SHARED, name), '--json']);
      const [{ references }] = JSON.parse(imported.stdout) as [{ references: string[] }];
      const ref = references[0] ?? '';
      const { stdout } = await runCli(['--store', other, 'ls', ref, '-R', '--json']);
      const files = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row)
        .filter((row) => row['type'] === 'file');
      expect(files.length).toBeGreaterThan(3);
      const some = [...files].sort((a, b) => Number(a['size']) - Number(b['size'])).slice(-3);
      for (const row of some) {
        const content = await runCli(['--store', other, 'cat', ref, String(row['path'])]);
        expect(content.code).toBe(0);
      }
    },
  );
});

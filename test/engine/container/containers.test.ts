import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink as hostLink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createContainers, type Containers } from '../../../src-main/engine/container/containers';
import { findImage } from '../../../src-main/engine/image/load';
import { unionOf } from '../../../src-main/engine/image/tree';
import { toText } from '../../../src-main/engine/path/byte-string';
import { pathFromText } from '../../../src-main/engine/path/layer-path';
import { buildUnion } from '../../../src-main/engine/union/merge';
import { layerIndexes } from '../../../src-main/engine/image/tree';
import type { FileState, UnionTree } from '../../../src-main/engine/union/types';
import { addImage, makeStore, type TestStore } from '../../support/store-image';
import { dir, file } from '../../support/tar-builder';

const BASE = [dir('etc'), file('etc/motd', 'hello'), file('big', 'B'.repeat(100_000)), dir('srv')];

let test: TestStore;
let containers: Containers;

beforeEach(async () => {
  test = await makeStore();
  await addImage(test, [BASE, [file('etc/motd', 'hello again')]], { gzip: true });
  containers = createContainers(test);
});
afterEach(() => test.close());

const path = pathFromText;

async function treeOf(name: string): Promise<UnionTree> {
  const { imageKey } = await containers.get(name);
  const indexes = await layerIndexes(test.store, await findImage(test.store, imageKey), test.pool);
  return buildUnion([...indexes, await containers.layerOf(name)]);
}

async function stateOf(name: string, at: string): Promise<FileState> {
  const tree = await treeOf(name);
  const node = tree.nodeAt(path(at));
  const state = node === undefined ? undefined : tree.visible(node)?.state;
  if (state === undefined) throw new Error(`nothing at ${at}`);
  return state;
}

async function textOf(name: string, state: FileState): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await containers.openUpper(name, state)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function pathsOf(name: string): Promise<string[]> {
  const tree = await treeOf(name);
  return [...tree.walk()].map((node) => toText(node.path));
}

async function filesUnder(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('containers', () => {
  it('are made with the name given or one made up, and listed in order', async () => {
    const first = await containers.create('base:1', 'work.1');
    const second = await containers.create(first.imageKey);
    expect(first).toMatchObject({ name: 'work.1', imageReference: 'base:1', revision: 0, changes: 0, bytes: 0 });
    expect(second.name).toMatch(/^[a-z]+-[a-z]+$/);
    expect(second.imageReference).toBe('base:1');
    expect((await containers.list()).map(({ name }) => name)).toEqual(['work.1', second.name]);
    expect(await containers.get(second.id)).toEqual(second);
    expect(await containers.pinned()).toEqual([first.imageKey]);
  });

  it.each([
    ['taken', 'CONTAINER_EXISTS'],
    ['-x', 'INVALID_ARGUMENT'],
    ['x', 'INVALID_ARGUMENT'],
    ['a/b', 'INVALID_ARGUMENT'],
    ['..', 'INVALID_ARGUMENT'],
    ['a'.repeat(129), 'INVALID_ARGUMENT'],
  ])('cannot be named %.10s: %s', async (name, code) => {
    await containers.create('base:1', 'taken');
    await expect(containers.create('base:1', name)).rejects.toMatchObject({ code });
    const other = await containers.create('base:1', 'other');
    await expect(containers.rename(other.id, name)).rejects.toMatchObject({ code });
  });

  it('are renamed and removed', async () => {
    await containers.create('base:1', 'before');
    await containers.writeFile('before', path('x'), Buffer.from('x'));
    const renamed = await containers.rename('before', 'after');
    expect(renamed).toMatchObject({ name: 'after', revision: 1 });
    await expect(containers.get('before')).rejects.toMatchObject({ code: 'CONTAINER_NOT_FOUND' });
    await containers.remove('after');
    expect(await containers.list()).toEqual([]);
    expect(await filesUnder(test.store.containersDir())).toEqual([]);
    await expect(containers.remove('after')).rejects.toMatchObject({ code: 'CONTAINER_NOT_FOUND' });
  });

  it('of an image that is not there are refused', async () => {
    await expect(containers.create('none:1')).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
    expect(await readdir(test.store.containersDir())).toEqual([]);
  });

  it('that are damaged do not hide the others, but say so and keep the collector away', async () => {
    const bad = await containers.create('base:1', 'bad');
    await containers.create('base:1', 'good');
    await writeFile(join(test.store.containersDir(), bad.id, 'container.json'), '{"version":1}');
    expect((await containers.list()).map(({ name }) => name)).toEqual(['good']);
    await expect(containers.get(bad.id)).rejects.toMatchObject({ code: 'STORE_INVALID' });
    await expect(containers.pinned()).rejects.toMatchObject({ code: 'STORE_INVALID' });
  });
});

describe('edits', () => {
  it('are there again when the store is opened anew', async () => {
    await containers.create('base:1', 'work');
    await containers.writeFile('work', path('etc/new'), Readable.from([Buffer.from('ab'), Buffer.from('c')]));
    await containers.removePath('work', path('etc/motd'));
    await containers.makeDirectory('work', path('a/b'), { parents: true });
    await containers.symlink('work', '../etc', path('a/s'));
    await containers.move('work', path('big'), path('a/big'));
    const info = await containers.setAttributes('work', path('srv'), { mode: 0o700 }, { recursive: true });
    expect(info).toMatchObject({ revision: 6, bytes: 100_003 });
    const again = createContainers(test);
    expect(await again.get('work')).toEqual(info);
    expect(await again.changes('work')).toEqual(await containers.changes('work'));
    expect(await pathsOf('work')).toEqual(['a', 'a/b', 'a/big', 'a/s', 'etc', 'etc/new', 'srv']);
    const state = await stateOf('work', 'etc/new');
    expect([state.mode, state.size, await textOf('work', state)]).toEqual([0o644, 3, 'abc']);
    expect(await textOf('work', await stateOf('work', 'a/big'))).toBe('B'.repeat(100_000));
  });

  it('of another process are seen, and two that edit at once both count', async () => {
    await containers.create('base:1', 'work');
    const other = createContainers(test);
    await other.makeDirectory('work', path('one'));
    await containers.makeDirectory('work', path('two'));
    expect((await other.get('work')).revision).toBe(2);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? containers : other).writeFile('work', path(`one/${i}`), Buffer.from(`${i % 3}`)),
      ),
    );
    expect((await containers.get('work')).revision).toBe(22);
    expect(await containers.changes('work')).toEqual(await other.changes('work'));
    expect(await containers.changes('work')).toHaveLength(22);
    // Equal contents are kept once.
    expect(await filesUnder(join(test.store.containersDir(), (await other.get('work')).id, 'content'))).toHaveLength(3);
  });

  it('that fail leave no trace', async () => {
    await containers.create('base:1', 'work');
    const before = await filesUnder(test.folder);
    await expect(containers.writeFile('work', path('none/x'), Buffer.from('x'))).rejects.toMatchObject({
      code: 'PATH_NOT_FOUND',
    });
    async function* failing(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('half'));
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    }
    await expect(containers.writeFile('work', path('x'), Readable.from(failing()))).rejects.toMatchObject({
      code: 'DISK_FULL',
    });
    expect(await filesUnder(test.folder)).toEqual(before);
    expect((await containers.get('work')).revision).toBe(0);
  });

  it('after a crash in the middle of one, the ones before it are there and the next one works', async () => {
    const { id } = await containers.create('base:1', 'work');
    await containers.makeDirectory('work', path('one'));
    await containers.makeDirectory('work', path('two'));
    const journal = join(test.store.containersDir(), id, 'journal');
    await truncate(journal, (await stat(journal)).size - 1);
    const after = createContainers(test);
    expect((await after.get('work')).revision).toBe(1);
    await after.makeDirectory('work', path('three'));
    expect(await after.changes('work')).toEqual([
      { kind: 'A', path: 'one' },
      { kind: 'A', path: 'three' },
    ]);
    // The first reader still had the lost one in memory.
    expect(await containers.changes('work')).toEqual(await after.changes('work'));
  });

  it('a torn line of another process is not read before it is whole', async () => {
    const { id } = await containers.create('base:1', 'work');
    await containers.makeDirectory('work', path('one'));
    const journal = join(test.store.containersDir(), id, 'journal');
    const line = await readFile(journal);
    const next = createContainers(test);
    await next.makeDirectory('work', path('two'));
    const whole = await readFile(journal);
    await truncate(journal, line.length);
    await appendFile(journal, whole.subarray(line.length, -5));
    const reader = createContainers(test);
    expect((await reader.get('work')).revision).toBe(1);
    await appendFile(journal, whole.subarray(-5));
    expect((await reader.get('work')).revision).toBe(2);
  });

  it('a chmod of a large file writes no content', async () => {
    const { id } = await containers.create('base:1', 'work');
    await containers.setAttributes('work', path('big'), { mode: 0o600 });
    expect(await readdir(join(test.store.containersDir(), id, 'content'))).toEqual([]);
    expect((await stateOf('work', 'big')).mode).toBe(0o600);
  });

  it('a state from before later edits can still be read', async () => {
    await containers.create('base:1', 'work');
    await containers.writeFile('work', path('x'), Buffer.from('first'));
    await containers.setAttributes('work', path('big'), { mode: 0o600 });
    const states = [await stateOf('work', 'x'), await stateOf('work', 'big')];
    await containers.writeFile('work', path('x'), Buffer.from('second'));
    await containers.removePath('work', path('big'));
    expect(await textOf('work', states[0]!)).toBe('first');
    expect(await textOf('work', states[1]!)).toBe('B'.repeat(100_000));
  });

  it('content that somebody changed is found out', async () => {
    const { id } = await containers.create('base:1', 'work');
    await containers.writeFile('work', path('x'), Buffer.from('right'));
    const state = await stateOf('work', 'x');
    const stored = join(test.store.containersDir(), id, 'content', state.content!.sha256);
    await writeFile(stored, 'wrong');
    await expect(textOf('work', state)).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
    await rm(stored);
    await expect(textOf('work', state)).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  });
});

describe('adding from this computer', () => {
  let host: string;
  beforeEach(async () => {
    host = join(test.folder, 'host');
    await mkdir(join(host, 'sub/empty'), { recursive: true });
    await writeFile(join(host, 'a'), 'A');
    await writeFile(join(host, 'sub/b'), 'B'.repeat(3_000_000));
    await chmod(join(host, 'a'), 0o4750);
    await chmod(join(host, 'sub'), 0o701);
    await link(join(host, 'a'), join(host, 'sub/a-again'));
    await hostLink('/etc/passwd', join(host, 'sub/escape'));
    await writeFile(Buffer.from(`${host}/caf\xe9`, 'latin1'), 'bytes');
    await containers.create('base:1', 'work');
  });

  it('copies the tree: modes, times, symlinks as symlinks, hard links, names as bytes; owner 0:0', async () => {
    execFileSync('touch', ['-d', '@1500000000.25', join(host, 'sub/b'), join(host, 'sub')]);
    const seen: number[] = [];
    const result = await containers.addFromHost('work', host, path('srv/app'), {
      onProgress: ({ doneBytes, totalBytes }) => {
        expect(totalBytes).toBe(3_000_007);
        seen.push(doneBytes);
      },
    });
    expect(result).toMatchObject({ revision: 1, skipped: [] });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(3_000_007);
    const tree = await treeOf('work');
    expect((await pathsOf('work')).filter((one) => one.startsWith('srv/'))).toEqual([
      'srv/app',
      'srv/app/a',
      'srv/app/caf\\xe9',
      'srv/app/sub',
      'srv/app/sub/a-again',
      'srv/app/sub/b',
      'srv/app/sub/empty',
      'srv/app/sub/escape',
    ]);
    expect(await stateOf('work', 'srv/app/a')).toMatchObject({ mode: 0o750, uid: 0, gid: 0, size: 1 });
    expect(await stateOf('work', 'srv/app/sub')).toMatchObject({ mode: 0o701, mtime: { sec: 1_500_000_000 } });
    expect((await stateOf('work', 'srv/app/sub/b')).mtime).toEqual({ sec: 1_500_000_000, nsec: 250_000_000 });
    expect(await stateOf('work', 'srv/app/sub/escape')).toMatchObject({ type: 'symlink', linkname: '/etc/passwd' });
    expect(tree.namesOf(tree.nodeAt(path('srv/app/a'))!)).toEqual(['srv/app/a', 'srv/app/sub/a-again']);
    expect(await textOf('work', await stateOf('work', 'srv/app/sub/b'))).toBe('B'.repeat(3_000_000));
  });

  it('a single file, and a symlink itself', async () => {
    await containers.addFromHost('work', join(host, 'a'), path('etc/motd'));
    await containers.addFromHost('work', join(host, 'sub/escape'), path('link'));
    expect(await stateOf('work', 'etc/motd')).toMatchObject({ mode: 0o750, size: 1 });
    expect(await stateOf('work', 'link')).toMatchObject({ type: 'symlink' });
  });

  it('a folder onto a directory adds to it and keeps its attributes', async () => {
    await containers.addFromHost('work', host, path('etc'));
    expect(await pathsOf('work')).toEqual(expect.arrayContaining(['etc/motd', 'etc/a', 'etc/sub/b']));
    expect((await stateOf('work', 'etc')).mode).toBe(0o755);
    await containers.addFromHost('work', host, path(''));
    expect(await pathsOf('work')).toEqual(expect.arrayContaining(['a', 'sub/b', 'big']));
  });

  it('leaves sockets out and says which, and keeps pipes without opening them', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(host, 'sock'), resolve));
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(host, 'pipe')]);
    const { skipped } = await containers.addFromHost('work', host, path('new'));
    await new Promise((resolve) => server.close(resolve));
    expect(skipped).toEqual([join(host, 'sock')]);
    expect(await stateOf('work', 'new/pipe')).toMatchObject({ type: 'fifo' });
    expect(await pathsOf('work')).not.toContain('new/sock');
  });

  it.each([
    ['', 'big', 'PATH_NOT_DIRECTORY'],
    ['a', 'etc', 'PATH_IS_DIRECTORY'],
    ['a', 'none/x', 'PATH_NOT_FOUND'],
    ['a', '.wh.a', 'PATH_RESERVED'],
    ['none', 'x', 'IO'],
  ])('“%s” to %s is refused with %s and leaves no trace', async (from, to, code) => {
    const before = await filesUnder(test.folder);
    await expect(containers.addFromHost('work', join(host, from), path(to))).rejects.toMatchObject({ code });
    expect(await filesUnder(test.folder)).toEqual(before);
    expect((await containers.get('work')).revision).toBe(0);
  });

  it('a folder with a name that layers reserve is refused as a whole', async () => {
    await writeFile(join(host, 'sub/.wh.x'), '');
    await expect(containers.addFromHost('work', host, path('new'))).rejects.toMatchObject({
      code: 'PATH_RESERVED',
      subject: '/new/sub/.wh.x',
    });
    expect(await pathsOf('work')).not.toContain('new');
  });

  it('cancelled in the middle, leaves no trace', async () => {
    const before = await filesUnder(test.folder);
    const stop = new AbortController();
    const adding = containers.addFromHost('work', host, path('new'), {
      signal: stop.signal,
      onProgress: ({ doneBytes }) => {
        if (doneBytes > 1_000_000) stop.abort();
      },
    });
    await expect(adding).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await filesUnder(test.folder)).toEqual(before);
    expect((await containers.get('work')).revision).toBe(0);
  });
});

it('the image below is not changed by anything', async () => {
  const image = await findImage(test.store, 'base:1');
  await containers.create('base:1', 'work');
  await containers.removePath('work', path('etc'));
  const tree = await unionOf(test.store, image, test.pool);
  expect(tree.lookup(path('etc/motd'))).toBeDefined();
});

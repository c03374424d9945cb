import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLamina } from '../../src-main/engine/index';
import type { EngineCallName, HostCallName, HostCalls } from '../../src-main/ipc/calls';
import type { CallInput, CallOutput } from '../../src-main/ipc/contract/calls';
import type { TreeOptions, TreeTarget } from '../../src-main/ipc/contract/views';
import { startEngine, type EngineHost } from '../../src-main/ipc/engine-host';

const OPTIONS: TreeOptions = { mode: 'union', ghosts: false, filter: '', sort: { by: 'name', descending: false } };

let folder: string;
let engine: EngineHost;
let events: [string, unknown][];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-host-'));
  events = [];
  engine = startEngine({ storeDir: join(folder, 'store') }, (name, payload) => events.push([name, payload]));
});

afterEach(async () => {
  await engine.handle({ id: 0, name: 'host.close', input: undefined });
  await rm(folder, { recursive: true, force: true });
});

async function call<N extends EngineCallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const answer = await engine.handle({ id: 0, name, input });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value as CallOutput<N>;
}

async function host<N extends HostCallName>(name: N, input: HostCalls[N]['input']): Promise<HostCalls[N]['output']> {
  const answer = await engine.handle({ id: 0, name, input });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value as HostCalls[N]['output'];
}

async function codeOf<N extends EngineCallName>(name: N, input: CallInput<N>): Promise<string | undefined> {
  const answer = await engine.handle({ id: 0, name, input });
  return answer.ok ? undefined : answer.error.code;
}

const jobsDone = () =>
  vi.waitFor(async () => {
    const jobs = await call('jobs.list', undefined);
    expect(jobs.every((job) => job.endedAt !== undefined)).toBe(true);
    return jobs;
  });

const sample = async () => (await call('images.sample', { which: 'textbook' })).key;
const eventNames = () => events.map(([name]) => name);

async function namesIn(target: TreeTarget, options: Partial<TreeOptions> = {}): Promise<string[]> {
  const { view } = await call('tree.open', { target, options: { ...OPTIONS, ...options } });
  await call('tree.toggle', { view, path: '', open: true, deep: true });
  const rows = await call('tree.rows', { view, offset: 0, limit: 500 });
  await call('tree.close', { view });
  return rows.filter((row) => row.type === 'file').map((row) => row.name);
}

describe('images', () => {
  it('starts empty, makes the sample image as a job and tells that images changed', async () => {
    expect(await call('images.list', undefined)).toEqual([]);
    const key = await sample();
    expect(eventNames()).toContain('images.changed');
    expect(await call('images.list', undefined)).toMatchObject([{ key, layers: 3, platform: 'linux/amd64' }]);
    expect(await call('jobs.list', undefined)).toMatchObject([{ kind: 'sample', state: 'done', imageKeys: [key] }]);
  });

  it('shows details with layers from 1 and how many other images share them', async () => {
    const key = await sample();
    const details = await call('images.get', { key });
    expect(details.layerRows.map((layer) => layer.number)).toEqual([1, 2, 3]);
    expect(details.layerRows.map((layer) => layer.sharedWith)).toEqual([0, 0, 0]);
    const container = await call('containers.create', { imageKey: key, name: 'work' });
    await call('containers.newFile', { id: container.id, parent: '', name: 'new' });
    await call('containers.commit', { id: container.id, reference: 'x:1', author: '', message: '', changes: [] });
    expect((await call('images.get', { key })).layerRows.map((layer) => layer.sharedWith)).toEqual([1, 1, 1]);
  });

  it('prints inspect as docker does: an array of one', async () => {
    const key = await sample();
    const parsed = JSON.parse(await call('images.inspect', { key })) as { Id: string }[];
    expect(parsed).toHaveLength(1);
    expect(parsed[0]?.Id).toMatch(/^sha256:/);
  });

  it('gives history newest first', async () => {
    const rows = await call('images.history', { key: await sample() });
    expect(rows.map((row) => row.layer).filter((layer) => layer !== undefined)).toEqual([3, 2, 1]);
  });

  it('tags, untags and removes', async () => {
    const key = await sample();
    await call('images.tag', { key, reference: 'other:2' });
    expect((await call('images.get', { key })).references).toContain('other:2');
    await call('images.untag', { reference: 'other:2' });
    expect((await call('images.get', { key })).references).not.toContain('other:2');
    await call('images.remove', { key });
    expect(await call('images.list', undefined)).toEqual([]);
    expect(await codeOf('images.get', { key })).toBe('IMAGE_NOT_FOUND');
  });
});

describe('files of the host', () => {
  it('imports each path as a job of its own, and a bad one fails with its name and what to do', async () => {
    const key = await sample();
    const file = join(folder, 'sample.tar');
    await host('host.export', { keys: [key], format: 'docker-archive', file });
    expect((await jobsDone())[0]).toMatchObject({ kind: 'export', state: 'done' });
    await call('images.remove', { key });
    await writeFile(join(folder, 'bad.tar'), 'not a tar');
    const ids = await host('host.import', { paths: [file, join(folder, 'bad.tar')] });
    expect(ids).toHaveLength(2);
    const [bad, good] = await jobsDone();
    expect(good).toMatchObject({ subject: 'sample.tar', state: 'done', imageKeys: [key] });
    expect(bad).toMatchObject({ subject: 'bad.tar', state: 'failed' });
    expect(bad?.error?.message).toContain('bad.tar');
    expect((await call('images.list', undefined)).map((image) => image.key)).toEqual([key]);
  });

  it('saves a version of a file, and nothing when there is none', async () => {
    const target: TreeTarget = { kind: 'image', key: await sample() };
    const { view } = await call('tree.open', { target, options: OPTIONS });
    const path = await pathOf(view, 'file5');
    const file = join(folder, 'saved');
    await host('host.saveVersion', { view, path, layer: 2, file });
    const older = await readFile(file, 'utf8');
    await host('host.saveVersion', { view, path, layer: undefined, file });
    expect(await readFile(file, 'utf8')).not.toBe(older);
    const missing = join(folder, 'missing');
    await expect(host('host.saveVersion', { view, path, layer: 1, file: missing })).rejects.toThrow('PATH_NOT_FOUND');
    await expect(readFile(missing)).rejects.toThrow('ENOENT');
  });
});

async function pathOf(view: number, name: string): Promise<string> {
  await call('tree.toggle', { view, path: '', open: true, deep: true });
  const rows = await call('tree.rows', { view, offset: 0, limit: 500 });
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`no ${name} among ${rows.map((each) => each.name).join(', ')}`);
  return row.path;
}

describe('trees', () => {
  it('show six files of the sample image, and file 5 from layer 3 over the one of layer 2', async () => {
    const target: TreeTarget = { kind: 'image', key: await sample() };
    expect((await namesIn(target)).length).toBe(6);
    const { view } = await call('tree.open', { target, options: OPTIONS });
    const path = await pathOf(view, 'file5');
    const details = await call('tree.details', { view, path });
    expect(details.versions.map((version) => version.layer)).toEqual([3, 2]);
    expect(details.versions[1]).toMatchObject({ endLayer: 3, endReason: 'replaced' });
    const current = await call('tree.preview', { view, path, limit: 1000 });
    const older = await call('tree.preview', { view, path, layer: 2, limit: 1000 });
    expect([current.kind, older.kind]).toEqual(['text', 'text']);
    expect(current).not.toEqual(older);
  });

  it('show one layer alone and the filesystem as of a layer', async () => {
    const target: TreeTarget = { kind: 'image', key: await sample() };
    expect((await namesIn(target, { mode: 'layer', layer: 1 })).length).toBe(3);
    expect((await namesIn(target, { mode: 'upTo', layer: 2 })).length).toBe(6);
  });

  it('answer that a closed view or a made-up path is not there', async () => {
    const target: TreeTarget = { kind: 'image', key: await sample() };
    const { view } = await call('tree.open', { target, options: OPTIONS });
    expect(await codeOf('tree.details', { view, path: 'nothing' })).toBe('PATH_NOT_FOUND');
    expect(await codeOf('tree.details', { view, path: '../etc' })).toBe('INVALID_ARGUMENT');
    expect(await codeOf('tree.details', { view, path: '层' })).toBe('INVALID_ARGUMENT');
    await call('tree.close', { view });
    expect(await codeOf('tree.rows', { view, offset: 0, limit: 1 })).toBe('INVALID_ARGUMENT');
  });
});

describe('containers', () => {
  async function newContainer(): Promise<string> {
    return (await call('containers.create', { imageKey: await sample(), name: 'work' })).id;
  }

  it('are edited, and an open tree follows each edit', async () => {
    const id = await newContainer();
    const { view, rowCount } = await call('tree.open', { target: { kind: 'container', id }, options: OPTIONS });
    const row = await call('containers.newFolder', { id, parent: '', name: '新文件夹' });
    expect(row.changes).toBe(1);
    const changed = events.filter(([name]) => name === 'tree.changed').map(([, state]) => state);
    expect(changed).toMatchObject([{ view, rowCount: rowCount + 1 }]);
    expect(eventNames()).toContain('containers.changed');
    expect((await call('containers.changes', { id })).map((change) => `${change.kind} ${change.displayPath}`)).toEqual([
      'A /新文件夹',
    ]);
  });

  it('take text, links, new names, attributes and deletions', async () => {
    const id = await newContainer();
    await call('containers.newFile', { id, parent: '', name: 'a' });
    await call('containers.writeText', { id, path: 'a', text: 'x\r\ny', encoding: 'utf-8' });
    await call('containers.newSymlink', { id, parent: '', name: 'l', target: 'a' });
    await call('containers.renamePath', { id, path: 'a', name: 'b' });
    await call('containers.setAttributes', { id, path: 'b', mode: 0o600, uid: 7, recursive: false });
    const { view } = await call('tree.open', { target: { kind: 'container', id }, options: OPTIONS });
    expect(await call('tree.preview', { view, path: 'b', limit: 100 })).toMatchObject({
      text: 'x\r\ny',
      lineEnd: '\r\n',
    });
    expect((await call('tree.details', { view, path: 'b' })).current).toMatchObject({ mode: 0o600, uid: 7, layer: 4 });
    expect(await call('tree.details', { view, path: 'l' })).toMatchObject({ linkname: 'a', linkPath: undefined });
    await call('containers.deletePaths', { id, paths: ['b', 'l'] });
    expect(await call('containers.changes', { id })).toEqual([]);
  });

  it('do not overwrite what is there with a new file', async () => {
    const id = await newContainer();
    await call('containers.newFile', { id, parent: '', name: 'a' });
    expect(await codeOf('containers.newFile', { id, parent: '', name: 'a' })).toBe('PATH_EXISTS');
  });

  it('take files from the host as a job', async () => {
    const id = await newContainer();
    await writeFile(join(folder, 'note.txt'), 'hello');
    await symlink('note.txt', join(folder, 'link'));
    await host('host.add', { container: id, parent: '', paths: [join(folder, 'note.txt'), join(folder, 'link')] });
    expect((await jobsDone())[0]).toMatchObject({ kind: 'add', state: 'done', skipped: [] });
    expect((await call('containers.changes', { id })).map((change) => change.displayPath)).toEqual([
      '/link',
      '/note.txt',
    ]);
  });

  it('are committed as a job whose result is answered', async () => {
    const id = await newContainer();
    await call('containers.newFile', { id, parent: '', name: 'a' });
    const request = { author: 'me', message: 'why', changes: ['ENV A=1'] };
    const commit = await call('containers.commit', { id, reference: 'made:1', ...request });
    expect(commit.newLayer).toBe(true);
    const details = await call('images.get', { key: commit.key });
    expect(details).toMatchObject({ layers: 4, author: 'me' });
    expect(details.env).toContain('A=1');
    expect((await call('jobs.list', undefined))[0]).toMatchObject({ kind: 'commit', state: 'done', subject: 'made:1' });
    const refused = await codeOf('containers.commit', { id, reference: 'Bad Reference', ...request });
    expect(refused).toBe('INVALID_REFERENCE');
    expect((await call('jobs.list', undefined))[0]).toMatchObject({ kind: 'commit', state: 'failed' });
  });

  it('are renamed and removed by id', async () => {
    const id = await newContainer();
    expect(await call('containers.rename', { id, name: 'better' })).toMatchObject({ id, name: 'better' });
    await call('containers.remove', { id });
    expect(await call('containers.list', undefined)).toEqual([]);
    expect(await codeOf('containers.get', { id })).toBe('CONTAINER_NOT_FOUND');
  });
});

describe('the store', () => {
  it('tells its use and frees what nothing refers to', async () => {
    const key = await sample();
    expect((await call('store.usage', undefined)).blobs).toBeGreaterThan(3);
    await call('images.remove', { key });
    await call('store.collect', undefined);
    expect((await call('store.usage', undefined)).blobs).toBe(0);
  });

  it('notices what another process does to it', async () => {
    const key = await sample();
    const { id } = await call('containers.create', { imageKey: key, name: 'shared' });
    await call('tree.open', { target: { kind: 'container', id }, options: OPTIONS });
    events.length = 0;
    const other = await openLamina(join(folder, 'store'));
    await other.images.tag(key, 'from:outside');
    await vi.waitFor(() => expect(eventNames()).toContain('images.changed'), 5_000);
    await other.containers.writeFile('shared', 'x' as never, Buffer.from('x'));
    await vi.waitFor(() => expect(eventNames()).toContain('tree.changed'), 5_000);
    await other.close();
  });

  it('rebuilds the tree of one container when another that is open, too, was deleted elsewhere', async () => {
    const key = await sample();
    const gone = await call('containers.create', { imageKey: key, name: 'gone' });
    const kept = await call('containers.create', { imageKey: key, name: 'kept' });
    await call('tree.open', { target: { kind: 'container', id: gone.id }, options: OPTIONS });
    const { view } = await call('tree.open', { target: { kind: 'container', id: kept.id }, options: OPTIONS });
    const other = await openLamina(join(folder, 'store'));
    await other.containers.remove('gone');
    await other.containers.writeFile('kept', 'x' as never, Buffer.from('x'));
    await other.close();
    await vi.waitFor(() => expect(events).toContainEqual(['tree.changed', expect.objectContaining({ view })]), 5_000);
  });

  it('that cannot be opened answers every call with the reason', async () => {
    await writeFile(join(folder, 'file'), '');
    const broken = startEngine({ storeDir: join(folder, 'file') }, () => undefined);
    const answer = await broken.handle({ id: 1, name: 'images.list', input: undefined });
    expect(answer.ok).toBe(false);
    expect(answer.ok ? '' : answer.error.message).not.toBe('');
  });
});

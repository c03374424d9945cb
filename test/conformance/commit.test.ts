/** Edits and commits beside Docker's: the same system calls in a running container, `docker diff`, `docker export`. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportImages } from '../../src-main/engine/archive/export';
import { createContainers, type Containers } from '../../src-main/engine/container/containers';
import { findImage } from '../../src-main/engine/image/load';
import { unionOf } from '../../src-main/engine/image/tree';
import { toBytes } from '../../src-main/engine/path/byte-string';
import { pathFromText, pathToText } from '../../src-main/engine/path/layer-path';
import type { UnionTree } from '../../src-main/engine/union/types';
import { startDocker, type Docker } from '../support/docker';
import { jsonLines } from '../support/lamina-cli';
import { script, WORLD, type Edit } from '../support/random-edits';
import { runWithInput } from '../support/run-with-input';
import { addImage, makeStore, type TestStore } from '../support/store-image';
import { dir, file, hardlink, symlink, type EntryPart } from '../support/tar-builder';

const execute = promisify(execFile);
const TINY = resolve(import.meta.dirname, '../../../shared/images/tiny.docker-archive.tar');
const RANDOM_SCRIPTS = 12;
const OLD = { mtime: 1_000_000_000 };

/** Everything that the change script below works on. */
const BASE: readonly EntryPart[] = [
  dir('etc', OLD),
  file('etc/conf', 'conf', { ...OLD, mode: 0o640, gid: 4 }),
  dir('usr', OLD),
  dir('usr/share', OLD),
  file('usr/share/a', 'a', OLD),
  dir('opq', OLD),
  file('opq/1', '1', OLD),
  file('opq/2', '2', OLD),
  file('f2d', 'file', OLD),
  dir('d2f', OLD),
  file('d2f/x', 'x', OLD),
  file('hl1', 'linked', OLD),
  hardlink('hl2', 'hl1', OLD),
  symlink('ln', 'etc', OLD),
  dir('tmpd', OLD),
  file('chm', 'm', OLD),
  file('su', 's', { ...OLD, mode: 0o4755 }),
  dir('big', { ...OLD, mode: 0o1777, uid: 5 }),
  dir('big/sub', OLD),
  file('big/sub/deep', 'deep', OLD),
  file('ren', 'r', OLD),
  file('del', 'd', OLD),
];

/** One edit of each kind that the rules on commits and on `docker diff` speak of, and some that are refused. */
const CHANGES: readonly Edit[] = [
  { do: 'write', path: 'new', text: 'new' },
  { do: 'write', path: 'etc/conf', text: 'changed' },
  { do: 'write', path: 'ln/through', text: 'through a symlink' },
  { do: 'mkdir', path: 'srv/www/html', parents: true },
  { do: 'write', path: 'srv/www/html/index', text: '' },
  { do: 'rm', path: 'del' },
  { do: 'mv', from: 'ren', to: 'srv/renamed' },
  { do: 'mv', from: 'big', to: 'srv/big' },
  { do: 'rm', path: 'opq' },
  { do: 'mkdir', path: 'opq', parents: false },
  { do: 'write', path: 'opq/3', text: '3' },
  { do: 'rm', path: 'f2d' },
  { do: 'mkdir', path: 'f2d', parents: false },
  { do: 'write', path: 'f2d/in', text: 'in' },
  { do: 'rm', path: 'd2f' },
  { do: 'write', path: 'd2f', text: 'file now' },
  { do: 'write', path: 'hl1', text: 'parted' },
  { do: 'rm', path: 'ln' },
  { do: 'ln', path: 'ln', target: '/usr/share' },
  { do: 'write', path: 'tmpd/t', text: 't' },
  { do: 'rm', path: 'tmpd/t' },
  { do: 'chmod', path: 'chm', mode: 0o4711, recursive: false },
  { do: 'chown', path: 'su', uid: 7, gid: 8, recursive: false },
  { do: 'chown', path: 'usr', uid: 9, gid: 9, recursive: true },
  { do: 'mv', from: 'srv', to: 'srv/www' },
];

type Row = Record<string, unknown>;
const FIELDS = ['type', 'mode', 'uid', 'gid', 'size', 'linkname', 'sha256'] as const;
/** What Docker puts below every container, and the program that keeps ours running. */
const NOT_OURS =
  /^(?:\.dockerenv|dev(?:\/.*)?|proc|sys|etc\/(?:hostname|hosts|mtab|resolv\.conf)|etc|bin|bin\/busybox)$/;

describe('edits and commits', () => {
  let docker: Docker;
  let test: TestStore;
  let containers: Containers;
  let busybox: Buffer;
  let numbers = { edits: 0, paths: 0, changes: 0 };

  beforeAll(async () => {
    docker = await startDocker();
    test = await makeStore();
    containers = createContainers(test);
    busybox = await busyboxOf(TINY);
  });
  afterAll(async () => {
    await docker.stop();
    await test.close();
  });

  async function image(reference: string, layers: readonly (readonly EntryPart[])[]): Promise<void> {
    const program = [dir('bin'), file('bin/busybox', busybox, { mode: 0o755 })];
    const config = { config: { Cmd: ['/bin/busybox', 'sleep', '3600'], Env: ['PATH=/bin'], Labels: { a: '1' } } };
    await addImage(test, [program, ...layers], { reference, config, gzip: true });
    await loadIntoDocker(reference);
  }

  async function loadIntoDocker(reference: string): Promise<void> {
    const archive = join(test.folder, 'image.tar');
    const found = await findImage(test.store, reference);
    await exportImages(test, [found], [[reference]], { file: archive, format: 'docker-archive' });
    await docker.docker('load', '-i', archive);
    await rm(archive);
  }

  async function exported(container: string): Promise<Map<string, Row>> {
    const flat = join(test.folder, 'export.tar');
    await docker.docker('export', '-o', flat, container);
    const reader = join(import.meta.dirname, 'read-tar.py');
    const { stdout } = await execute('python3', [reader, flat], { maxBuffer: 1 << 28 });
    await rm(flat);
    return new Map(jsonLines(stdout).map((row) => [Buffer.from(String(row['path']), 'hex').toString(), row]));
  }

  /** Does the edits in a running container of Docker's and in one of Lamina's, and compares all that can be seen. */
  async function compare(reference: string, edits: readonly Edit[]): Promise<void> {
    const running = (await docker.docker('run', '-d', '--network', 'none', reference)).trim();
    const merged = (await docker.docker('inspect', '-f', '{{.GraphDriver.Data.MergedDir}}', running)).trim();
    const program = join(import.meta.dirname, 'edit-tree.py');
    const { done } = JSON.parse(await runWithInput(JSON.stringify(edits), 'python3', program, merged)) as {
      done: boolean[];
    };
    const { name } = await containers.create(reference);
    expect(await inLamina(containers, name, edits)).toEqual(done);

    const lines = (await docker.docker('diff', running)).split('\n').filter((line) => line !== '');
    const changes = (await containers.changes(name)).map(({ kind, path }) => `${kind} ${pathToText(path)}`);
    expect([...changes].sort()).toEqual(lines.sort());

    await containers.commit(name, { reference: 'committed:1', message: 'edited', author: 'a test' });
    const tree = await unionOf(test.store, await findImage(test.store, 'committed:1'), test.pool);
    expect(differences(tree, await exported(running), FIELDS)).toEqual([]);
    await docker.docker('rm', '-f', running);

    await loadIntoDocker('committed:1');
    const again = (await docker.docker('create', 'committed:1')).trim();
    expect(differences(tree, await exported(again), [...FIELDS, 'mtime'])).toEqual([]);
    await docker.docker('rm', again);
    await containers.remove(name);
    numbers = {
      edits: numbers.edits + edits.length,
      paths: numbers.paths + [...tree.walk()].length,
      changes: numbers.changes + changes.length,
    };
  }

  it('the change script gives what Docker gives', async () => {
    await image('base:c1', [BASE]);
    await compare('base:c1', CHANGES);
    console.log(`change script: ${JSON.stringify(numbers)} compared, no difference`);
  });

  it('random scripts give what Docker gives', async () => {
    await image('base:world', WORLD);
    for (const edits of fc.sample(script, { numRuns: RANDOM_SCRIPTS, seed: 7 })) await compare('base:world', edits);
    console.log(`with ${RANDOM_SCRIPTS} random scripts: ${JSON.stringify(numbers)} compared, no difference`);
    expect(numbers.changes).toBeGreaterThan(RANDOM_SCRIPTS);
  });

  it.each([
    [['CMD echo $HOME']],
    [['CMD ["a", "b"]', 'ENV A=1 B="two words" PATH=/x:$PATH']],
    [['ENTRYPOINT ["/e"]']],
    [['ENTRYPOINT /e x', 'CMD ["c"]']],
    [['ENV OLD form of "this"', 'LABEL b=\'c d\' a=2 "k k"=v']],
    [['EXPOSE 80 53/udp 90-92', 'VOLUME /a /b', 'VOLUME ["/c d"]', 'USER me:12']],
    [['WORKDIR /a', 'WORKDIR b/../c', 'ONBUILD RUN  x  y']],
    [['HEALTHCHECK --interval=1m30s --timeout=1500ms --retries=3 CMD curl x']],
    [['HEALTHCHECK CMD ["a", "b"]', 'ENV A=${NO:-d} B=${PATH:+set} C=\\$x']],
    [['HEALTHCHECK NONE']],
  ])('the changes %j give the config that Docker gives', async (changes) => {
    const options = changes.flatMap((change) => ['-c', change]);
    const created = (await docker.docker('create', 'base:c1')).trim();
    const theirs = (await docker.docker('commit', ...options, created)).trim();
    const { name } = await containers.create('base:c1');
    await containers.commit(name, { reference: 'changed:1', changes });
    await loadIntoDocker('changed:1');
    expect(await configOf(docker, 'changed:1')).toEqual(await configOf(docker, theirs));
  });
});

/** What of the config is not about the container that Docker committed. */
async function configOf(docker: Docker, reference: string): Promise<unknown> {
  const [inspected] = JSON.parse(await docker.docker('image', 'inspect', reference)) as { Config: Row }[];
  const { Hostname, Image, AttachStdout, AttachStderr, ...config } = inspected!.Config;
  expect([Hostname, Image, AttachStdout, AttachStderr]).toHaveLength(4);
  return config;
}

async function busyboxOf(archive: string): Promise<Buffer> {
  const { stdout: manifest } = await execute('tar', ['-xOf', archive, 'manifest.json']);
  const [{ Layers: [lowest = ''] = [] } = {}] = JSON.parse(manifest) as { Layers?: string[] }[];
  const shell = `tar -xOf "$0" "$1" | tar -xO bin/busybox`;
  const { stdout } = await execute('sh', ['-c', shell, archive, lowest], { encoding: 'buffer', maxBuffer: 1 << 26 });
  return stdout;
}

async function inLamina(containers: Containers, name: string, edits: readonly Edit[]): Promise<boolean[]> {
  const done: boolean[] = [];
  for (const edit of edits) {
    try {
      await one(containers, name, edit);
      done.push(true);
    } catch {
      done.push(false);
    }
  }
  return done;
}

function one(containers: Containers, name: string, edit: Edit): Promise<unknown> {
  switch (edit.do) {
    case 'write':
      return containers.writeFile(name, pathFromText(edit.path), Buffer.from(edit.text));
    case 'mkdir':
      return containers.makeDirectory(name, pathFromText(edit.path), { parents: edit.parents });
    case 'rm':
      return containers.removePath(name, pathFromText(edit.path));
    case 'mv':
      return containers.move(name, pathFromText(edit.from), pathFromText(edit.to));
    case 'chmod':
      return containers.setAttributes(name, pathFromText(edit.path), { mode: edit.mode }, edit);
    case 'chown':
      return containers.setAttributes(name, pathFromText(edit.path), { uid: edit.uid, gid: edit.gid }, edit);
    case 'ln':
      return containers.symlink(name, edit.target, pathFromText(edit.path));
  }
}

function differences(tree: UnionTree, theirs: ReadonlyMap<string, Row>, fields: readonly string[]): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const node of tree.walk()) {
    const state = tree.visible(node)?.state;
    const path = toBytes(node.path).toString();
    seen.add(path);
    const other = theirs.get(path);
    if (state === undefined || NOT_OURS.test(path)) continue;
    const ours: Row = {
      type: state.type,
      mode: state.mode.toString(8).padStart(4, '0'),
      ...{ uid: state.uid, gid: state.gid, size: state.size, mtime: state.mtime.sec },
      linkname: toBytes(state.linkname).toString('hex'),
      sha256: state.content?.sha256 ?? '',
    };
    if (other === undefined) found.push(`only Lamina shows ${path}`);
    else
      for (const field of fields)
        if (ours[field] !== other[field])
          found.push(`${path}: ${field} ${String(ours[field])}, ${String(other[field])}`);
  }
  for (const path of theirs.keys())
    if (!seen.has(path) && !NOT_OURS.test(path)) found.push(`only Docker shows ${path}`);
  return found;
}

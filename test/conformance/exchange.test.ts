/** What Lamina keeps and exports, given to the real programs: Docker loads and runs it, skopeo and umoci read the store. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus';
import { startDocker, type Docker } from '../support/docker';
import { lamina } from '../support/lamina-cli';

const execute = promisify(execFile);
const TINY = resolve(import.meta.dirname, '../../../shared/images/tiny.docker-archive.tar');

interface Inspected {
  readonly Id: string;
  readonly Author: string;
  readonly Comment: string;
  readonly Config: { readonly Env: readonly string[]; readonly Cmd: readonly string[] };
  readonly RootFS: { readonly Layers: readonly string[] };
}

describe('what Lamina makes', () => {
  let docker: Docker;
  let folder: string;
  let store: string;

  beforeAll(async () => {
    docker = await startDocker();
    folder = await mkdtemp(join(tmpdir(), 'lamina-exchange-'));
    store = join(folder, 'store');
    await lamina(store, 'import', TINY);
  });
  afterAll(async () => {
    await docker.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function inspectInDocker(reference: string): Promise<Inspected> {
    const list = JSON.parse(await docker.docker('image', 'inspect', reference)) as Inspected[];
    expect(list).toHaveLength(1);
    return list[0]!;
  }

  it('a committed image loads into Docker, runs there, and shows its message and author', async () => {
    const note = join(folder, 'note.txt');
    await writeFile(note, 'changed without a daemon\n');
    await lamina(store, 'container', 'create', 'corpus/tiny:1', '--name', 'edit');
    await lamina(store, 'container', 'put', 'edit', note, '/etc/note');
    await lamina(store, 'container', 'mkdir', 'edit', '/srv');
    await lamina(store, 'container', 'chmod', 'edit', '700', '/srv');
    await lamina(store, 'container', 'del', 'edit', '/bin/wget');
    expect((await lamina(store, 'container', 'diff', 'edit')).trim().split('\n')).toEqual([
      'C /bin',
      'D /bin/wget',
      'C /etc',
      'A /etc/note',
      'A /srv',
    ]);
    const change = ['-c', 'ENV GREETING=hello', '-c', 'CMD ["/bin/cat", "/etc/note"]'];
    await lamina(
      store,
      'commit',
      'edit',
      'corpus/tiny:2',
      '-m',
      'add a note',
      '-a',
      'Name <name@example.org>',
      ...change,
    );
    const file = join(folder, 'tiny2.tar');
    await lamina(store, 'export', 'corpus/tiny:2', '-o', file, '--format', 'docker-archive');
    await docker.docker('load', '-i', file);
    await docker.docker('load', '-i', TINY);

    expect(await docker.docker('run', '--rm', '--network', 'none', 'corpus/tiny:2')).toBe('changed without a daemon\n');
    const listing = ['run', '--rm', '--network', 'none', 'corpus/tiny:2', '/bin/ls', '-ld', '/srv'];
    expect(await docker.docker(...listing)).toMatch(/^drwx------ /);
    const made = await inspectInDocker('corpus/tiny:2');
    expect(made.Author).toBe('Name <name@example.org>');
    expect(made.Comment).toBe('add a note');
    expect(made.Config.Env).toEqual(['PATH=/bin', 'GREETING=hello']);
    const history = await docker.docker('history', '--no-trunc', '--format', '{{.Comment}}', 'corpus/tiny:2');
    expect(history.split('\n')[0]).toBe('add a note');

    const parent = await inspectInDocker('corpus/tiny:1');
    expect(made.RootFS.Layers.slice(0, -1)).toEqual(parent.RootFS.Layers);
    expect(made.RootFS.Layers).toHaveLength(parent.RootFS.Layers.length + 1);
  });

  it('the store folder is an OCI layout that skopeo and umoci read', async () => {
    const { stdout } = await execute('skopeo', ['inspect', `oci:${store}:corpus/tiny:1`]);
    const seen = JSON.parse(stdout) as { Layers: string[]; Architecture: string };
    expect(seen.Architecture).toBe('amd64');
    expect(seen.Layers).toHaveLength(3);
    const list = await execute('umoci', ['ls', '--layout', store]);
    expect(list.stdout).toContain('corpus/tiny:1');
  });

  it('an image that skopeo writes into the store folder is an image of the store', async () => {
    await execute('skopeo', ['copy', `oci:${store}:corpus/tiny:1`, `oci:${store}:copied:1`]);
    expect(await lamina(store, 'ls', 'copied:1', '/bin/busybox')).toContain('bin/busybox');
  });

  it('several images and all their tags come back from one docker-archive', async () => {
    const many = join(folder, 'many');
    await lamina(many, 'import', corpusFile('variants', 'multi.docker-archive.tar'));
    await lamina(many, 'tag', 'corpus/nginx:1', 'example.org/web:stable');
    const references = ['corpus/nginx:1', 'example.org/web:stable', 'corpus/python:app', 'corpus/python:patched'];
    const file = join(folder, 'many.tar');
    await lamina(many, 'export', ...references, '-o', file, '--format', 'docker-archive');
    await docker.docker('load', '-i', file);
    const listed = (await docker.docker('images', '--format', '{{.Repository}}:{{.Tag}}')).split('\n');
    for (const reference of references) expect(listed).toContain(reference);
    const [ours] = JSON.parse(await lamina(many, 'inspect', 'corpus/nginx:1')) as Inspected[];
    expect((await inspectInDocker('example.org/web:stable')).Id).toBe(ours?.Id);
  });

  it('an OCI archive goes in and out with the same digests', async () => {
    const layout = join(folder, 'layouts');
    await lamina(layout, 'import', corpusFile('variants', 'nginx.index.tar'), '--name', 'corpus/nginx:index');
    const file = join(folder, 'index.tar');
    await lamina(layout, 'export', 'corpus/nginx:index', '-o', file, '--format', 'oci-archive');
    for (const architecture of ['amd64', 'arm64']) {
      const ask = (from: string): string[] => [
        '--override-os',
        'linux',
        '--override-arch',
        architecture,
        'inspect',
        from,
      ];
      const before = await execute('skopeo', ask(`oci-archive:${corpusFile('variants', 'nginx.index.tar')}`));
      const after = await execute('skopeo', ask(`oci-archive:${file}`));
      const layers = (output: string): unknown => (JSON.parse(output) as { Layers: unknown }).Layers;
      expect(layers(after.stdout)).toEqual(layers(before.stdout));
    }
  });

  it.each(['patched.docker25-archive.tar', 'nginx.docker-archive.tar.gz', 'buildah-python.oci-archive.tar'])(
    'variants/%s imports',
    async (file) => {
      const variant = join(folder, `variant-${file}`);
      await lamina(variant, 'import', corpusFile('variants', file));
      const images = JSON.parse(await lamina(variant, 'images', '--json')) as { references: string[] }[];
      expect(images).toHaveLength(1);
      expect(images[0]?.references).toHaveLength(1);
      expect(await lamina(variant, 'fsck')).toContain('no problem');
      await rm(variant, { recursive: true });
    },
  );
});

/** `lamina ls -R --json` beside what Docker itself shows of the same image: `docker create` and `docker export`. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORPUS_IMAGES, corpusFile } from '../support/corpus';
import { startDocker, type Docker } from '../support/docker';
import { jsonLines, lamina } from '../support/lamina-cli';

const execute = promisify(execFile);
const FIELDS = ['type', 'mode', 'uid', 'gid', 'size', 'mtime', 'linkname', 'dev', 'sha256'] as const;

/**
 * What Docker's init layer puts over the image in every container: these directories and, as empty files, these files
 * (an image's own `etc/resolv.conf` or `dev/console` is hidden by them).
 */
const INIT_DIRECTORIES = ['dev', 'dev/pts', 'dev/shm', 'proc', 'sys', 'etc'].map(hex);
const INIT_FILES = ['.dockerenv', 'dev/console', 'etc/hostname', 'etc/hosts', 'etc/mtab', 'etc/resolv.conf'].map(hex);

type Row = Record<string, unknown>;

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** A line of `lamina ls --json` in the form of read-tar.py. */
function comparable(row: Row): Row {
  const text = (field: string): string => (typeof row[field] === 'string' ? row[field] : '');
  return {
    ...row,
    path: row['pathHex'] ?? hex(text('path')),
    linkname: row['linknameHex'] ?? hex(text('linkname')),
    mtime: Math.floor(Number(row['mtime'])),
    dev: row['dev'] ?? null,
    sha256: text('sha256'),
  };
}

function byPath(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [String(row['path']), row]));
}

/** Docker shows an empty file, or a symlink for mtab, of its own at this path. */
function isInitFile(path: string, row: Row): boolean {
  return INIT_FILES.includes(path) && row['size'] === 0 && (row['type'] === 'file' || row['type'] === 'symlink');
}

/** Docker brings times before 1970 to 1970 when it unpacks a layer, and its init layer touches some directories. */
function shownTime(path: string, row: Row): unknown {
  return INIT_DIRECTORIES.includes(path) ? undefined : Math.max(0, Number(row['mtime']));
}

function differences(ours: Map<string, Row>, theirs: Map<string, Row>): string[] {
  const found: string[] = [];
  const name = (path: string): string => Buffer.from(path, 'hex').toString();
  for (const [path, row] of ours) {
    const other = theirs.get(path);
    if (other === undefined) found.push(`only Lamina shows ${name(path)}`);
    else if (!isInitFile(path, other)) {
      for (const field of FIELDS) {
        const [a, b] = [row, other].map((side) =>
          JSON.stringify(field === 'mtime' ? shownTime(path, side) : side[field]),
        );
        if (a !== b) found.push(`${name(path)}: ${field} is ${a} in Lamina and ${b} in Docker`);
      }
    }
  }
  for (const [path, row] of theirs) {
    const added = INIT_DIRECTORIES.includes(path) || isInitFile(path, row);
    if (!ours.has(path) && !added) found.push(`only Docker shows ${name(path)}`);
  }
  return found;
}

describe('the files of a real image', () => {
  let docker: Docker;
  let folder: string;

  beforeAll(async () => {
    docker = await startDocker();
    folder = await mkdtemp(join(tmpdir(), 'lamina-listing-'));
  });
  afterAll(async () => {
    await docker.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function shownByDocker(archive: string, reference: string): Promise<Row[]> {
    await docker.docker('load', '-i', archive);
    const container = (await docker.docker('create', '--network', 'none', reference, '/bin/true')).trim();
    const flat = join(folder, 'export.tar');
    await docker.docker('export', '-o', flat, container);
    const reader = join(import.meta.dirname, 'read-tar.py');
    const { stdout } = await execute('python3', [reader, flat], { maxBuffer: 1 << 30 });
    await docker.docker('rm', container);
    await docker.docker('rmi', '-f', reference);
    return jsonLines(stdout);
  }

  for (const { name, reference } of CORPUS_IMAGES) {
    it(`${name}: from a docker-archive and from an OCI archive, all as Docker shows them`, async () => {
      const theirs = byPath(await shownByDocker(corpusFile('docker-archive', `${name}.tar`), reference));
      for (const form of ['docker-archive', 'oci-archive'] as const) {
        const store = join(folder, `${name}-${form}`);
        await lamina(store, 'import', corpusFile(form, `${name}.tar`), '--name', reference);
        const ours = byPath(jsonLines(await lamina(store, 'ls', reference, '-R', '--json')).map(comparable));
        console.log(`${name} (${form}): ${ours.size} paths compared in ${FIELDS.length} fields`);
        expect(ours.size).toBeGreaterThan(1_000);
        expect(differences(ours, theirs)).toEqual([]);
        await rm(store, { recursive: true });
      }
    });
  }
});

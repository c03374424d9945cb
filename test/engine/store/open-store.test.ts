import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src-main/engine/digest/digest';
import { openStore } from '../../../src-main/engine/store/open-store';
import { ociFiles, smallImage, unpack } from '../../support/image-builder';
import { storeProcess } from '../../support/store-process';
import { tempFolder } from '../../support/temp-folder';

const execute = promisify(execFile);

describe('a store on disk', () => {
  it('is an OCI image layout with a folder of our own', async () => {
    const dir = await tempFolder('new-store');
    const store = await openStore(join(dir, 'a/b'));
    expect((await readdir(store.dir)).sort()).toEqual(['blobs', 'index.json', 'lamina', 'oci-layout']);
    expect(await readFile(join(store.dir, 'oci-layout'), 'utf8')).toBe('{"imageLayoutVersion":"1.0.0"}');
    expect(JSON.parse(await readFile(join(store.dir, 'index.json'), 'utf8'))).toEqual({
      schemaVersion: 2,
      manifests: [],
    });
    expect((await readdir(join(store.dir, 'lamina'))).sort()).toEqual(['containers', 'index', 'tmp', 'version']);
    expect(await readdir(join(store.dir, 'lamina/tmp'))).toEqual([]);
  });

  it('opens a layout that another program made, and leaves its entries as they are', async () => {
    const dir = await unpack(ociFiles([smallImage('x', ['some:1'])]), await tempFolder('foreign-layout'));
    const before = await readFile(join(dir, 'index.json'), 'utf8');
    const store = await openStore(dir);
    expect((await store.roots()).map((root) => root.reference)).toEqual(['docker.io/library/some:1']);
    expect(await readFile(join(dir, 'index.json'), 'utf8')).toBe(before);
  });

  it('is not made of a folder that holds other things', async () => {
    const dir = await tempFolder('occupied');
    await writeFile(join(dir, 'letters.txt'), 'dear');
    await expect(openStore(dir)).rejects.toMatchObject({ code: 'STORE_INVALID' });
    await expect(openStore(dir)).rejects.toThrow('such as “letters.txt”');
    expect(await readdir(dir)).toEqual(['letters.txt']);
  });

  it('is finished when a crash interrupted its making', async () => {
    const dir = await tempFolder('half-made');
    await mkdir(join(dir, 'lamina/tmp'), { recursive: true });
    await mkdir(join(dir, 'blobs'));
    const store = await openStore(dir);
    expect(await store.roots()).toEqual([]);
  });

  it('may be made by several processes at once, none of which loses what another adds', async () => {
    const dir = join(await tempFolder('made-at-once'), 'store');
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => storeProcess('add-one', dir, name).end()));
    const roots = await (await openStore(dir)).roots();
    expect(roots.map((root) => root.reference).sort()).toEqual(
      ['a', 'b', 'c', 'd'].map((n) => `docker.io/library/${n}:1`),
    );
  });

  it('is not touched when a newer version made it', async () => {
    const dir = await tempFolder('newer');
    await openStore(dir);
    await writeFile(join(dir, 'lamina/version'), '{"store":99}');
    await expect(openStore(dir)).rejects.toThrow('has store version 99');
    await writeFile(join(dir, 'lamina/version'), '{"store":1}');
    await writeFile(join(dir, 'oci-layout'), '{"imageLayoutVersion":"2.0.0"}');
    await expect(openStore(dir)).rejects.toThrow('names the layout version “2.0.0”');
  });

  it('reads small blobs verified, and says what is wrong with the others', async () => {
    const store = await openStore(await tempFolder('read-bytes'));
    const transaction = await store.begin();
    const { digest } = await transaction.putBytes(Buffer.from('content'));
    await transaction.commit((roots) => roots);
    expect((await store.readBytes(digest, 100)).toString()).toBe('content');
    expect(await store.sizeOf(digest)).toBe(7);
    await expect(store.readBytes(digest, 6)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await writeFile(store.blobFile(digest), 'CONTENT');
    await expect(store.readBytes(digest, 100)).rejects.toMatchObject({ code: 'BLOB_DAMAGED', subject: digest });
    await expect(store.readBytes(digestOf('none'), 100)).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  });

  it('loses what a killed process left in flight, and keeps what a living one has', async () => {
    const dir = await tempFolder('leftovers');
    const [dead, living] = [storeProcess('stage-only', dir, 'a'), storeProcess('stage-only', dir, 'b')];
    await Promise.all([dead.said('staged'), living.said('staged')]);
    expect(await readdir(join(dir, 'lamina/tmp'))).toHaveLength(2);
    await dead.kill();
    await openStore(dir);
    const [left, ...more] = await readdir(join(dir, 'lamina/tmp'));
    expect(more).toEqual([]);
    expect(left?.startsWith(`${living.pid}-`)).toBe(true);
    await living.kill();
  });

  it.runIf(process.platform === 'linux')('says so when index.json is gone or damaged', async () => {
    const store = await openStore(await tempFolder('no-index'));
    await writeFile(join(store.dir, 'index.json'), '{"manifests": 3}');
    await expect(store.roots()).rejects.toMatchObject({ code: 'STORE_INVALID' });
    await execute('rm', [join(store.dir, 'index.json')]);
    await expect(store.roots()).rejects.toThrow('is missing');
    await expect((await openStore(store.dir)).roots()).rejects.toThrow('is missing');
  });
});

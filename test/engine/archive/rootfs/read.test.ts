import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findImage } from '../../../../src-main/engine/image/load';
import { ArchiveStore } from '../../../support/archive-store';
import { dir, file, hardlink, symlink, tar } from '../../../support/tar-builder';

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

const rootfs = (): Buffer =>
  tar([
    dir('etc', { mtime: 1_700_000_000 }),
    file('etc/os-release', 'ID=test\n', { mtime: 1_700_000_123 }),
    hardlink('etc/other', 'etc/os-release'),
    symlink('lib', 'usr/lib'),
  ]);

describe('a root filesystem tar', () => {
  it('becomes an image of one layer, the tar as it is, named after the file and as old as its newest file', async () => {
    const source = await lamina.write('Debian Rootfs.tar', rootfs());
    const [imported] = await lamina.import(source);
    expect(imported).toMatchObject({ format: 'rootfs', references: ['docker.io/library/debian-rootfs:latest'] });
    const image = await findImage(lamina.store, 'debian-rootfs');
    expect(image.config).toMatchObject({ os: 'linux', created: '2023-11-14T22:15:23Z' });
    expect(image.layers).toMatchObject([{ blobSize: rootfs().length }]);
    expect(await lamina.paths('debian-rootfs')).toEqual(['etc', 'etc/os-release', 'etc/other', 'lib']);
    expect((await lamina.fsck()).problems).toEqual([]);
  });

  it('compressed with gzip stays compressed, and has the same DiffID', async () => {
    await lamina.importBytes(rootfs(), { name: 'plain' });
    await lamina.importBytes(gzipSync(rootfs()), { name: 'gzip' });
    const [plain, gzip] = [await findImage(lamina.store, 'plain'), await findImage(lamina.store, 'gzip')];
    expect(gzip.layers[0]?.diffId).toBe(plain.layers[0]?.diffId);
    expect(gzip.layers[0]?.mediaType).toMatch(/\+gzip$/);
    expect(gzip.id).toBe(plain.id);
  });

  it('imported twice, also under another name, is the same image', async () => {
    const [first] = await lamina.importBytes(rootfs(), { name: 'one' });
    const [second] = await lamina.importBytes(rootfs(), { name: 'two' });
    expect(second?.key).toBe(first?.key);
    expect((await lamina.tags()).size).toBe(1);
  });

  it('does not take a name from an image that has it', async () => {
    await lamina.importBytes(rootfs(), { name: 'archive' });
    const [other] = await lamina.importBytes(tar([file('other')]));
    expect(other?.references).toEqual(['docker.io/library/archive-2:latest']);
  });

  it('is refused when it is cut off', async () => {
    expect((await lamina.refusal(rootfs().subarray(0, 1028))).code).toMatch(/^ARCHIVE_/);
  });
});

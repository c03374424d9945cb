import { mkdir, symlink as link } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../../support/archive-store';
import { dockerFiles, json, ociFiles, pack, smallImage, unpack } from '../../support/image-builder';
import { dir, file, tar } from '../../support/tar-builder';

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

const archive = (): Buffer => pack(dockerFiles([smallImage('x', ['app:1'])]));

describe('what a file is', () => {
  it('is told by its content, whatever its name', async () => {
    const named = await lamina.write('notes.txt', archive());
    expect(await lamina.import(named)).toMatchObject([{ format: 'docker-archive', source: named }]);
  });

  it('is the same when the whole of it is compressed with gzip, in one member or in several', async () => {
    const plain = await lamina.importBytes(archive());
    const whole = await lamina.importBytes(gzipSync(archive()));
    const half = archive().length >> 1;
    const members = Buffer.concat([gzipSync(archive().subarray(0, half)), gzipSync(archive().subarray(half))]);
    expect(whole).toMatchObject(plain.map(({ key, references }) => ({ key, references })));
    expect(await lamina.importBytes(members)).toEqual(whole);
    const layout = gzipSync(pack(ociFiles([smallImage('y', ['oci:1'])])));
    expect(await lamina.importBytes(layout)).toMatchObject([{ format: 'oci-archive' }]);
  });

  it('is a root filesystem when nothing in it says otherwise', async () => {
    expect(await lamina.importBytes(tar([dir('etc'), file('etc/x', '1')]))).toMatchObject([{ format: 'rootfs' }]);
  });

  it('is a root filesystem although it has a manifest.json of its own', async () => {
    for (const text of ['{"name":"a web app"}', 'not even JSON']) {
      const [imported] = await lamina.importBytes(tar([dir('etc'), file('manifest.json', text)]), { name: 'web' });
      expect(imported?.format).toBe('rootfs');
    }
  });

  it('is an unpacked docker-archive when it is a folder with its manifest.json', async () => {
    const folder = await unpack(dockerFiles([smallImage('x', ['app:1'])]), lamina.path('unpacked'));
    expect(await lamina.import(folder)).toMatchObject([{ references: ['docker.io/library/app:1'] }]);
  });
});

const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

describe('a file that is refused', () => {
  it.each([
    ['nothing', '', 'ARCHIVE_INVALID', 'is empty', 'docker save -o'],
    [
      'a tar through PowerShell’s “>”',
      utf16('manifest.json\0'.repeat(99)),
      'ARCHIVE_INVALID',
      'PowerShell',
      'docker save -o',
    ],
    ['a text file', 'hello there\n', 'UNKNOWN_FORMAT', 'text file (“hello there”)', 'docker save -o'],
    ['a web page', '\n<!DOCTYPE html><html>Sign in</html>', 'UNKNOWN_FORMAT', 'web page', 'download'],
    ['a zip', Buffer.from('504b0304140000000800', 'hex'), 'UNKNOWN_FORMAT', 'zip', 'Unpack'],
    ['a few bytes', Buffer.from([1, 2, 0, 200]), 'ARCHIVE_INVALID', '4 bytes', 'docker save -o'],
    ['random bytes', Buffer.alloc(4096, 0xa7), 'UNKNOWN_FORMAT', 'is not a tar', 'tar'],
    ['an empty tar', Buffer.alloc(10240), 'ARCHIVE_INVALID', 'no files in it', 'docker save -o'],
    ['xz', Buffer.from('fd377a585a000004', 'hex'), 'UNSUPPORTED_COMPRESSION', 'xz', 'xz -dk'],
    ['zstd', Buffer.from('28b52ffd04580000', 'hex'), 'UNSUPPORTED_COMPRESSION', 'zstd', 'zstd -dk'],
    ['bzip2', Buffer.from('425a683931415926535900', 'hex'), 'UNSUPPORTED_COMPRESSION', 'bzip2', 'bzip2 -dk'],
    ['gzip of a text file', gzipSync('hello'), 'UNKNOWN_FORMAT', 'text file', 'docker save -o'],
    ['gzip of nothing', gzipSync(''), 'ARCHIVE_INVALID', 'is empty', 'docker save -o'],
    ['a JSON document', json({ a: 1 }), 'UNKNOWN_FORMAT', 'text file', 'docker save -o'],
  ])('because it is %s says so and what helps', async (_what, bytes, ...[code, text, hint]) => {
    const error = await lamina.refusal(bytes);
    expect(error.hint).toContain(hint);
    expect(error.message).toContain(text);
    expect(error.message).toContain(lamina.path('refused.tar'));
    expect(error.code).toBe(code);
  });

  it('because its gzip is cut off or damaged says so', async () => {
    const whole = gzipSync(archive());
    expect(await lamina.refusal(whole.subarray(0, whole.length - 20))).toMatchObject({ code: 'ARCHIVE_INVALID' });
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 6] = damaged[damaged.length - 6]! ^ 0xff;
    expect(await lamina.refusal(damaged)).toMatchObject({ code: 'ARCHIVE_INVALID' });
    const trailing = await lamina.refusal(Buffer.concat([whole, Buffer.from('garbage')]));
    expect(trailing.code).toBe('ARCHIVE_INVALID');
  });

  it('because it would unpack to far more than it is says so before the disk is full', async () => {
    const bomb = gzipSync(tar([file('zeros', Buffer.alloc(120 * 1024 * 1024))]), { level: 9 });
    const error = await lamina.refusal(bomb);
    expect(error.code).toBe('LIMIT_EXCEEDED');
    expect(error.hint).toContain('bomb');
  });

  it('because it is not there, or is a folder of other things, says so', async () => {
    expect(await lamina.refusalOf(lamina.path('missing.tar'))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    await mkdir(lamina.path('pictures'));
    const error = await lamina.refusalOf(lamina.path('pictures'));
    expect(error.code).toBe('UNKNOWN_FORMAT');
    expect(error.hint).toContain('oci-layout');
    expect(await lamina.refusalOf('/dev/null')).toMatchObject({ code: 'UNKNOWN_FORMAT' });
  });

  it('because a layout’s blobs are links to elsewhere says so', async () => {
    const files = ociFiles([smallImage('x', ['app:1'])]);
    const [name, bytes] = [...files].find(([key]) => key.startsWith('blobs/'))!;
    files.delete(name);
    const folder = await unpack(files, lamina.path('linked'));
    await link(await lamina.write('elsewhere', bytes), `${folder}/${name}`);
    expect(await lamina.refusalOf(folder)).toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  it('leaves nothing when an image before the bad one was fine', async () => {
    const bad = smallImage('bad', ['bad:1']);
    const files = dockerFiles([smallImage('fine', ['fine:1']), bad]);
    const name = [...files].find(([, bytes]) => bytes === bad.layers[0]!.blob)![0];
    expect(await lamina.refusal(pack(files.set(name, tar([file('other')]))))).toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
    expect(await lamina.store.roots()).toEqual([]);
  });
});

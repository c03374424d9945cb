import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexTarFile, isTar } from '../../../src-main/engine/tar/member-index';
import { dir, file, gnuLong, header, pax, symlink, tar, type Part, type TarOptions } from '../../support/tar-builder';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-members-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function saved(bytes: Buffer): Promise<string> {
  const name = join(folder, 'archive.tar');
  await writeFile(name, bytes);
  return name;
}

const save = (parts: readonly Part[], options?: TarOptions): Promise<string> => saved(tar(parts, options));

describe('the members of a tar file', () => {
  it('are found with their places, whatever lies between them', async () => {
    const large = Buffer.alloc(300_000, 'x');
    const name = await save([
      file('manifest.json', '[]'),
      dir('layers'),
      file('./layers/1.tar', large),
      symlink('layers/2.tar', './1.tar'),
      pax([['path', 'long name']]),
      header({ name: 'cut' }, 'body'),
      gnuLong('L', 'gnu name'),
      header({ name: 'cut' }),
    ]);
    const members = await indexTarFile(name);
    expect(members.map(({ name: path, type, size, linkname }) => [path, type, size, linkname])).toEqual([
      ['manifest.json', 'file', 2, ''],
      ['layers', 'dir', 0, ''],
      ['layers/1.tar', 'file', 300_000, ''],
      ['layers/2.tar', 'symlink', 0, './1.tar'],
      ['long name', 'file', 4, ''],
      ['gnu name', 'file', 0, ''],
    ]);
    expect(members[2]).toMatchObject({ rawName: './layers/1.tar', offset: 2048 });
  });

  it.each([0, 1, 2])('end also with %i zero blocks', async (endBlocks) => {
    expect(await indexTarFile(await save([file('a', 'x')], { endBlocks }))).toHaveLength(1);
  });

  it('do not go on after the end', async () => {
    const bytes = Buffer.concat([tar([file('a')]), tar([file('b')])]);
    expect((await indexTarFile(await saved(bytes))).map(({ name }) => name)).toEqual(['a']);
  });

  it('that are cut off are refused, and the message names them', async () => {
    const bytes = tar([file('layer.tar', 'x'.repeat(5000))]).subarray(0, 3000);
    const name = await saved(bytes);
    await expect(indexTarFile(name)).rejects.toMatchObject({
      code: 'TAR_INVALID',
      subject: name,
      message: expect.stringContaining('inside “layer.tar”: 2512 bytes are missing') as string,
    });
  });

  it('that are cut off inside a header or a record are refused too', async () => {
    await expect(indexTarFile(await saved(tar([file('a')]).subarray(0, 100)))).rejects.toThrow(/inside a header/);
    const record = gnuLong('L', 'x'.repeat(2000)).bytes.subarray(0, 900);
    await expect(indexTarFile(await saved(record))).rejects.toThrow(/inside an extended header/);
  });

  it('of what is no tar are an error that names the file', async () => {
    const name = await saved(Buffer.alloc(2000, 'x'));
    await expect(indexTarFile(name)).rejects.toMatchObject({ code: 'TAR_INVALID', subject: name });
    await expect(indexTarFile(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'IO' });
  });

  it('are not looked for when the work was cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(indexTarFile(await save([file('a')]), { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('isTar', () => {
  it('tells by the checksum', () => {
    expect(isTar(tar([file('a')]).subarray(0, 512))).toBe(true);
    expect(isTar(Buffer.alloc(512))).toBe(true);
    expect(isTar(Buffer.alloc(512, 'x'))).toBe(false);
    expect(isTar(Buffer.from('short'))).toBe(false);
  });
});

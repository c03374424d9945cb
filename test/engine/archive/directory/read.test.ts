import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../../../support/archive-store';
import { gzipLayer, hex, image, manifestOf, pack, sha256, unpack, type Files } from '../../../support/image-builder';
import { file } from '../../../support/tar-builder';

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

const built = image([gzipLayer([file('a', '1')])]);
const files = (): Files =>
  new Map([
    ['version', Buffer.from('Directory Transport Version: 1.1\n')],
    ['manifest.json', manifestOf(built)],
    [hex(built.config), built.config],
    [built.layers[0]!.digest.slice(7), built.layers[0]!.blob],
  ]);

describe('a folder of skopeo’s dir: transport', () => {
  it('is read by its manifest, and untagged unless it gets a name', async () => {
    const folder = await unpack(files(), lamina.path('dir'));
    expect(await lamina.import(folder)).toMatchObject([
      { key: sha256(manifestOf(built)), id: built.id, references: [] },
    ]);
    expect(await lamina.import(folder, { name: 'app:1' })).toMatchObject([{ references: ['docker.io/library/app:1'] }]);
    expect(await lamina.paths('app:1')).toEqual(['a']);
  });

  it('packed into a tar is read as well', async () => {
    expect(await lamina.importBytes(pack(files()))).toMatchObject([{ id: built.id }]);
  });

  it('that lacks a blob is refused', async () => {
    const rest = files();
    rest.delete(hex(built.config));
    expect(await lamina.refusal(pack(rest))).toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
  });
});

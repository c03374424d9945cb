import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../../../src-main/engine/digest/digest';
import { ArchiveStore } from '../../../support/archive-store';
import {
  addBlob,
  addImage,
  descriptorOf,
  docker25Files,
  gzipLayer,
  image,
  INDEX_TYPE,
  indexOf,
  json,
  layoutFiles,
  MANIFEST_TYPE,
  manifestOf,
  ociFiles,
  pack,
  plainLayer,
  sha256,
  smallImage,
  unpack,
  type BuiltImage,
  type Descriptor,
  type Files,
} from '../../../support/image-builder';
import { file } from '../../../support/tar-builder';

const HOST = process.arch === 'x64' ? 'amd64' : process.arch;
const OTHER = HOST === 'amd64' ? 'arm64' : 'amd64';

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

function platformImage(architecture: string): BuiltImage {
  return image([gzipLayer([file('arch', architecture)])], { config: { architecture } });
}

function platformEntry(built: BuiltImage, architecture: string): Descriptor {
  return descriptorOf(manifestOf(built), MANIFEST_TYPE, { platform: { os: 'linux', architecture } });
}

/** An index of two platforms and an attestation about the first. */
function multiPlatform(): { files: Files; index: Buffer; host: BuiltImage; other: BuiltImage; attestation: Buffer } {
  const [host, other] = [platformImage(HOST), platformImage(OTHER)];
  const statement = json({ _type: 'https://in-toto.io/Statement/v0.1' });
  const attestation = json({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: descriptorOf(host.config, 'application/vnd.oci.image.config.v1+json'),
    layers: [descriptorOf(statement, 'application/vnd.in-toto+json')],
  });
  const index = indexOf([
    descriptorOf(attestation, MANIFEST_TYPE, {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    }),
    platformEntry(other, OTHER),
    platformEntry(host, HOST),
  ]);
  const blobs: Files = new Map();
  for (const bytes of [statement, attestation, index]) addBlob(blobs, bytes);
  addImage(addImage(blobs, host), other);
  const root = descriptorOf(index, INDEX_TYPE, { annotations: { 'org.opencontainers.image.ref.name': 'team/app:1' } });
  return { files: layoutFiles([root], blobs), index, host, other, attestation };
}

function has(bytes: Buffer): Promise<boolean> {
  return lamina.store.has(sha256(bytes) as Digest);
}

describe('an OCI archive', () => {
  it('keeps every digest: manifest, config and layers as they are', async () => {
    const built = image([gzipLayer([file('a', '1')]), plainLayer([file('b', '2')])], { tags: ['team/app:1'] });
    const [imported] = await lamina.importBytes(pack(ociFiles([built])));
    expect(imported).toMatchObject({
      key: sha256(manifestOf(built)),
      id: built.id,
      format: 'oci-archive',
      references: ['docker.io/team/app:1'],
    });
    expect(await lamina.paths('team/app:1')).toEqual(['a', 'b']);
    expect((await lamina.fsck()).problems).toEqual([]);
  });

  it('as a folder is read the same way', async () => {
    const folder = await unpack(ociFiles([smallImage('x', ['a:1', 'a:2'])]), lamina.path('my layout'));
    expect(await lamina.import(folder)).toMatchObject([
      { format: 'oci', references: ['docker.io/library/a:1', 'docker.io/library/a:2'] },
    ]);
  });

  it('with a bare tag is named after the file, and takes no other image’s name for that', async () => {
    const names = async (content: string): Promise<readonly string[]> => {
      const archive = pack(ociFiles([smallImage(content, ['v1'])]));
      const [imported] = await lamina.import(await lamina.write('My App (2).oci.tar', archive));
      return imported!.references;
    };
    expect(await names('x')).toEqual(['docker.io/library/my-app-2:v1']);
    expect(await names('x')).toEqual(['docker.io/library/my-app-2:v1']);
    expect(await names('y')).toEqual(['docker.io/library/my-app-2-2:v1']);
  });

  it('with the name that containerd writes takes that', async () => {
    const files = ociFiles([smallImage('x')]);
    const annotations = {
      'org.opencontainers.image.ref.name': '1',
      'io.containerd.image.name': 'registry.example/app:1',
      'com.example.kept': 'yes',
    };
    const manifest = descriptorOf(manifestOf(smallImage('x')), MANIFEST_TYPE, { annotations });
    await lamina.importBytes(pack(files.set('index.json', indexOf([manifest]))));
    const [root] = await lamina.store.roots();
    expect(root?.reference).toBe('registry.example/app:1');
    expect(root?.descriptor.annotations).toMatchObject({ 'com.example.kept': 'yes' });
  });

  it('with several platforms and attestations keeps all of it, and shows this machine’s image', async () => {
    const { files, index, host, other, attestation } = multiPlatform();
    const [imported] = await lamina.importBytes(pack(files));
    expect(imported?.key).toBe(sha256(manifestOf(host)));
    expect((await lamina.store.roots())[0]?.descriptor.digest).toBe(sha256(index));
    for (const bytes of [index, attestation, manifestOf(other), other.layers[0]!.blob])
      expect(await has(bytes)).toBe(true);
    for (const { layers } of [host, other]) {
      const indexFile = lamina.store.indexFile(layers[0]!.diffId as Digest);
      expect((await stat(indexFile)).isFile()).toBe(true);
    }
  });

  it('may lack images of other platforms', async () => {
    const { files, host, other } = multiPlatform();
    for (const bytes of [manifestOf(other), other.config, other.layers[0]!.blob])
      files.delete(`blobs/sha256/${sha256(bytes).slice(7)}`);
    const [imported] = await lamina.importBytes(pack(files));
    expect(imported?.key).toBe(sha256(manifestOf(host)));
    expect(await lamina.paths('team/app:1')).toEqual(['arch']);
    expect((await lamina.fsck()).problems).toEqual([]);
    const second = await ArchiveStore.open();
    try {
      await second.import(await lamina.export(['team/app:1'], 'oci-archive', 'again.tar'));
      expect(await second.tags()).toEqual(await lamina.tags());
    } finally {
      await second.close();
    }
  });

  it('that lacks this machine’s image gives the one it has', async () => {
    const { files, host, other } = multiPlatform();
    files.delete(`blobs/sha256/${host.layers[0]!.digest.slice(7)}`);
    const [imported] = await lamina.importBytes(pack(files));
    expect(imported).toMatchObject({ key: sha256(manifestOf(other)), references: ['docker.io/team/app:1'] });
    expect(await lamina.paths('team/app:1')).toEqual(['arch']);
  });

  it('with indexes in indexes is read down to the images', async () => {
    const host = platformImage(HOST);
    const inner = indexOf([platformEntry(host, HOST)]);
    const outer = indexOf([descriptorOf(inner, INDEX_TYPE)]);
    const blobs = addImage(addBlob(addBlob(new Map(), inner), outer), host);
    expect(await lamina.importBytes(pack(layoutFiles([descriptorOf(outer, INDEX_TYPE)], blobs)))).toMatchObject([
      { key: sha256(manifestOf(host)) },
    ]);
  });

  it('that lists platforms side by side under one name gives the name to this machine’s', async () => {
    const [host, other] = [platformImage(HOST), platformImage(OTHER)];
    const entry = (built: BuiltImage, architecture: string): Descriptor => ({
      ...platformEntry(built, architecture),
      annotations: { 'org.opencontainers.image.ref.name': 'team/app:1' },
    });
    const blobs = addImage(addImage(new Map(), host), other);
    const archive = pack(layoutFiles([entry(other, OTHER), entry(host, HOST)], blobs));
    expect(await lamina.importBytes(archive)).toMatchObject([
      { key: sha256(manifestOf(other)), references: [] },
      { key: sha256(manifestOf(host)), references: ['docker.io/team/app:1'] },
    ]);
  });

  it('may hold a config inside its descriptor', async () => {
    const built = smallImage('x', ['a:1']);
    const manifest = JSON.parse(manifestOf(built).toString()) as { config: object };
    const embedded = json({ ...manifest, config: { ...manifest.config, data: built.config.toString('base64') } });
    const blobs = addBlob(addBlob(new Map(), embedded), built.layers[0]!.blob);
    expect(await lamina.importBytes(pack(layoutFiles([descriptorOf(embedded, MANIFEST_TYPE)], blobs)))).toHaveLength(1);
  });
});

describe('an OCI archive that is refused', () => {
  const one = (): { files: Files; built: BuiltImage } => {
    const built = image([gzipLayer([file('a', '1')])], { tags: ['a:1'] });
    return { files: ociFiles([built]), built };
  };
  const nameOf = (bytes: Buffer): string => `blobs/sha256/${sha256(bytes).slice(7)}`;

  it.each([
    ['null', null],
    ['an empty list', []],
  ])('has %s for its manifests', async (_what, manifests) => {
    const error = await lamina.refusal(pack(layoutFiles(manifests)));
    expect(error.code).toBe('ARCHIVE_INVALID');
    expect(error.message).toContain('lists no image');
    expect(error.hint).toContain('Export the image again');
  });

  it('lacks a manifest, a config or a layer: the digest is named', async () => {
    for (const pick of [
      manifestOf,
      (built: BuiltImage) => built.config,
      (built: BuiltImage) => built.layers[0]!.blob,
    ]) {
      const { files, built } = one();
      files.delete(nameOf(pick(built)));
      const error = await lamina.refusal(pack(files));
      expect(error.code).toBe('ARCHIVE_INCOMPLETE');
      expect(error.message).toContain(sha256(pick(built)));
    }
  });

  it('has a blob of another digest or size', async () => {
    for (const pick of [
      manifestOf,
      (built: BuiltImage) => built.config,
      (built: BuiltImage) => built.layers[0]!.blob,
    ]) {
      const { files, built } = one();
      const bytes = Buffer.from(pick(built));
      bytes[bytes.length - 9] = bytes[bytes.length - 9]! ^ 1;
      expect((await lamina.refusal(pack(files.set(nameOf(pick(built)), bytes)))).code).toMatch(
        /DIGEST_MISMATCH|LAYER_INVALID/,
      );
      const longer = Buffer.concat([pick(built), Buffer.from(' ')]);
      expect((await lamina.refusal(pack(files.set(nameOf(pick(built)), longer)))).code).toBe('DIGEST_MISMATCH');
    }
  });

  it('has a DiffID in its config that its layer does not have, also when the store knows both', async () => {
    const [a, b] = [gzipLayer([file('a', '1')]), gzipLayer([file('b', '2')])];
    await lamina.importBytes(pack(ociFiles([image([a, b], { tags: ['both'] })])));
    const lying = image([{ ...a, diffId: b.diffId }], { tags: ['lying'] });
    expect(await lamina.refusal(pack(ociFiles([lying])))).toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  it('has a layer of zstd, xz or bzip2: file, layer, compression and cure are named, and nothing is imported', async () => {
    const magics = { zstd: '28b52ffd0458', xz: 'fd377a585a00', bzip2: '425a6839314159265359' };
    for (const [compression, magic] of Object.entries(magics)) {
      const blob = Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(32)]);
      const layer = { blob, digest: sha256(blob), diffId: sha256('x'), gzip: true };
      const error = await lamina.refusal(
        pack(ociFiles([smallImage('fine', ['fine']), image([layer], { tags: ['z'] })])),
      );
      expect(error.code).toBe('UNSUPPORTED_COMPRESSION');
      for (const part of [compression, layer.digest, lamina.path('refused.tar')]) expect(error.message).toContain(part);
      expect(error.hint).toContain('skopeo');
    }
  });

  it('has an encrypted layer', async () => {
    const { built } = one();
    const encrypted = Buffer.from(manifestOf(built).toString().replace('tar+gzip', 'tar+gzip+encrypted'));
    const files = layoutFiles([descriptorOf(encrypted, MANIFEST_TYPE)], addImage(addBlob(new Map(), encrypted), built));
    const error = await lamina.refusal(pack(files));
    expect(error.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    expect(error.hint).toContain('decryption-key');
  });

  it('holds an artifact and no image', async () => {
    const chart = Buffer.from('chart');
    const manifest = json({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: descriptorOf(chart, 'application/vnd.cncf.helm.config.v1+json'),
      layers: [descriptorOf(chart, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip')],
    });
    const files = layoutFiles([descriptorOf(manifest, MANIFEST_TYPE)], addBlob(addBlob(new Map(), manifest), chart));
    expect(await lamina.refusal(pack(files))).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it('nests indexes too deeply', async () => {
    const host = platformImage(HOST);
    const blobs = addImage(new Map(), host);
    let child = platformEntry(host, HOST);
    for (let depth = 0; depth < 7; depth += 1) {
      const index = indexOf([child]);
      addBlob(blobs, index);
      child = descriptorOf(index, INDEX_TYPE);
    }
    expect(await lamina.refusal(pack(layoutFiles([child], blobs)))).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('has a document that is an index and a manifest at once (CVE-2021-41190)', async () => {
    const { built } = one();
    const manifest = JSON.parse(manifestOf(built).toString()) as object;
    const both = json({ ...manifest, manifests: [] });
    const files = layoutFiles([descriptorOf(both, MANIFEST_TYPE)], addImage(addBlob(new Map(), both), built));
    expect((await lamina.refusal(pack(files))).code).toMatch(/_INVALID/);
    const lying = layoutFiles([descriptorOf(manifestOf(built), INDEX_TYPE)], addImage(new Map(), built));
    expect((await lamina.refusal(pack(lying))).code).toMatch(/_INVALID/);
  });

  it('has a digest that is a path', async () => {
    const { files } = one();
    const evil = { mediaType: MANIFEST_TYPE, digest: 'sha256:../../../../etc/passwd', size: 10 };
    expect((await lamina.refusal(pack(files.set('index.json', indexOf([evil]))))).code).toMatch(/_INVALID/);
  });

  it('says a version other than 1', async () => {
    const { files } = one();
    expect(await lamina.refusal(pack(files.set('oci-layout', json({ imageLayoutVersion: '2.0.0' }))))).toMatchObject({
      code: 'ARCHIVE_INVALID',
    });
  });

  it('has a huge index.json', async () => {
    const { files } = one();
    const error = await lamina.refusal(pack(files.set('index.json', Buffer.alloc(33 * 1024 * 1024, ' '))));
    expect(error.code).toBe('LIMIT_EXCEEDED');
  });

  it('of Docker ≥ 25 lists an image in manifest.json whose layer is not there', async () => {
    const [both, broken] = [smallImage('x', ['both:1']), smallImage('y', ['broken:1'])];
    const files = docker25Files([both, broken]).set('index.json', docker25Files([both]).get('index.json')!);
    files.delete(nameOf(broken.layers[0]!.blob));
    expect(await lamina.refusal(pack(files))).toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
  });
});

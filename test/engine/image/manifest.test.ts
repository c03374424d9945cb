import { describe, expect, it } from 'vitest';
import {
  buildManifest,
  chooseManifest,
  kindOfDocument,
  parseIndex,
  parseManifest,
} from '../../../src-main/engine/image/manifest';
import type { Descriptor } from '../../../src-main/engine/store/types';

const digest = (digit: string): `sha256:${string}` => `sha256:${digit.repeat(64)}`;
const config: Descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digest('c'), size: 2 };
const layer: Descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digest('1'), size: 3 };
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function entry(digit: string, platform: string, rest: Readonly<Record<string, unknown>> = {}): Descriptor {
  const [os = '', architecture = ''] = platform.split('/');
  return { mediaType: 'm', digest: digest(digit), size: 1, platform: { os, architecture }, ...rest };
}

describe('a manifest', () => {
  it('comes back from what is written', () => {
    const written = buildManifest({ config, layers: [layer] });
    expect(parseManifest(written, 'it')).toMatchObject({ schemaVersion: 2, config, layers: [layer] });
    expect(kindOfDocument(written, 'it')).toBe('manifest');
    expect(buildManifest({ config, layers: [layer] })).toEqual(written);
  });

  it('keeps what it does not know of a layer', () => {
    const foreign = { ...layer, urls: ['https://example.org/x'], annotations: { a: 'b' } };
    expect(parseManifest(bytes({ config, layers: [foreign] }), 'it').layers[0]).toMatchObject(foreign);
  });

  it.each([
    ['an index and a manifest at once', { manifests: [], layers: [], config }],
    ['an index with a config', { manifests: [], config }],
    ['schema 1', { fsLayers: [], layers: [], config }],
    ['an index by its media type', { mediaType: 'application/vnd.oci.image.index.v1+json', layers: [], config }],
    ['a digest that is a path', { config: { ...config, digest: 'sha256:../../etc/passwd' }, layers: [] }],
    ['upper-case hex', { config: { ...config, digest: digest('A') }, layers: [] }],
    ['a negative size', { config: { ...config, size: -1 }, layers: [] }],
    ['a size that is text', { config: { ...config, size: '5' }, layers: [] }],
    ['layers that are no list', { config, layers: {} }],
    ['no config', { layers: [] }],
  ])('%s is refused', (_, document) => {
    expect(() => parseManifest(bytes(document), 'it')).toThrow(/^.*it /);
  });

  it('is refused when larger than 4 MiB', () => {
    expect(() => parseManifest(Buffer.alloc(4 * 1024 * 1024 + 1, 0x20), 'it')).toThrow('are read');
  });
});

describe('an index', () => {
  const attestation = { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } };

  it('gives this machine’s Linux image', () => {
    const index = { manifests: [entry('1', 'linux/arm64'), entry('2', 'linux/amd64'), entry('3', 'windows/amd64')] };
    expect(chooseManifest(index, 'amd64')?.digest).toBe(digest('2'));
    expect(chooseManifest(index, 'arm64')?.digest).toBe(digest('1'));
  });

  it('gives the first real one when none fits', () => {
    const index = { manifests: [entry('1', 'unknown/unknown'), entry('2', 'linux/s390x'), entry('3', 'linux/arm')] };
    expect(chooseManifest(index, 'amd64')?.digest).toBe(digest('2'));
  });

  it('never gives an attestation', () => {
    const manifests = [entry('1', 'linux/amd64', attestation), entry('2', 'unknown/unknown')];
    expect(chooseManifest({ manifests }, 'amd64')).toBeUndefined();
    expect(chooseManifest({ manifests: [...manifests, entry('3', 'linux/amd64')] }, 'amd64')?.digest).toBe(digest('3'));
  });

  it('gives an entry without platform when there is no other', () => {
    const plain: Descriptor = { mediaType: 'm', digest: digest('5'), size: 1 };
    expect(chooseManifest({ manifests: [plain] })).toBe(plain);
  });

  it('is read with its entries, and refused with too many', () => {
    expect(parseIndex(bytes({ manifests: [entry('1', 'linux/amd64')] }), 'it').manifests).toHaveLength(1);
    const many = Array.from({ length: 10_001 }, () => ({ digest: digest('1'), size: 1 }));
    expect(() => parseIndex(bytes({ manifests: many }), 'it')).toThrow('has 10001 entries');
  });
});

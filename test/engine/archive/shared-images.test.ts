/** Real archives of Docker, kaniko, BuildKit and skopeo, which lie beside the checkout and are too large for it. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../../support/archive-store';

const FOLDER = path.resolve(import.meta.dirname, '../../../../shared/images');
// In CI they must be there: a test that is silently left out protects nothing.
const isMissing = process.env['CI'] === undefined && !existsSync(FOLDER);

let lamina: ArchiveStore;
beforeEach(async () => {
  lamina = await ArchiveStore.open();
});
afterEach(() => lamina.close());

/** Format, references, layers of each image; or the code of the refusal and words of its message. */
const EXPECTED: Readonly<
  Record<
    string,
    readonly [format: string, references: string, layers: number] | readonly [code: string, ...words: string[]]
  >
> = {
  'alpine-311.tar.gz': ['docker-archive', 'docker.io/library/alpine:3.11', 1],
  'test-docker-image.tar': ['docker-archive', 'docker.io/library/dive-test:latest', 14],
  'test-kaniko-image.tar': ['docker-archive', 'docker.io/library/dive-test:kaniko-latest', 14],
  'test-oci-gzip-image.tar': ['oci-archive', '', 1],
  'test-oci-estargz-image.tar': ['oci-archive', '', 1],
  'test-oci-uncompressed-image.tar': ['oci-archive', '', 1],
  'test-gzip-image.tar': ['rootfs', 'docker.io/library/test-gzip-image:latest', 1],
  'test-zstd-image.tar': ['rootfs', 'docker.io/library/test-zstd-image:latest', 1],
  'test-estargz-image.tar': ['rootfs', 'docker.io/library/test-estargz-image:latest', 1],
  'test-uncompressed-image.tar': ['rootfs', 'docker.io/library/test-uncompressed-image:latest', 1],
  'tiny.docker-archive.tar': ['docker-archive', 'docker.io/corpus/tiny:1', 3],
  'tiny.oci-archive.tar': ['oci-archive', 'docker.io/library/tiny:latest', 3],
  'test-oci-zstd-image.tar': ['UNSUPPORTED_COMPRESSION', 'layer 1 of 1', 'zstd', 'sha256:0308a5d8'],
  'tiny.oci-zstd.tar': ['UNSUPPORTED_COMPRESSION', 'layer', 'zstd', 'sha256:'],
  'tiny.docker-archive.tar.xz': ['UNSUPPORTED_COMPRESSION', 'xz'],
};

describe('the real archives in ../shared/images', () => {
  it.skipIf(isMissing)('are all expected here', async () => {
    const names = (await readdir(FOLDER)).filter((name) => name !== 'README.md');
    expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  for (const [name, expected] of Object.entries(EXPECTED)) {
    const [kind, ...rest] = expected;
    const archive = path.join(FOLDER, name);
    if (/^[A-Z_]+$/.test(kind)) {
      it.skipIf(isMissing)(`${name} is refused with its name, what is wrong in it and what to do`, async () => {
        const error = await lamina.refusalOf(archive);
        expect(error.code).toBe(kind);
        for (const word of [archive, ...rest]) expect(error.message).toContain(word);
        expect(error.hint).toMatch(/xz -dk|--dest-compress-format gzip/);
        expect((await lamina.fsck()).problems).toEqual([]);
      });
    } else {
      it.skipIf(isMissing)(
        `${name} imports, comes back from an export as it was, and leaves a clean store`,
        async () => {
          const [imported] = await lamina.import(archive);
          expect([imported?.format, imported?.references.join(' ')]).toEqual([kind, rest[0]]);
          const { key } = imported!;
          expect((await lamina.tree(key)).layerCount).toBe(rest[1]);
          expect((await lamina.fsck()).problems).toEqual([]);
          const other = await ArchiveStore.open();
          try {
            await other.import(await lamina.export([key], 'oci-archive', 'again.tar'));
            expect(await other.tags()).toEqual(await lamina.tags());
          } finally {
            await other.close();
          }
        },
      );
    }
  }
});

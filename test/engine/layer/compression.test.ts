import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sniffCompression, unsupportedCompression } from '../../../src-main/engine/layer/compression';
import { file, tar } from '../../support/tar-builder';

describe('compression is told by the first bytes (rule 73)', () => {
  it.each([
    ['gzip', gzipSync('x')],
    ['zstd', Buffer.from('28b52ffd2400', 'hex')],
    ['zstd', Buffer.from('5e2a4d1800000000', 'hex')],
    ['xz', Buffer.from('fd377a585a000004', 'hex')],
    ['bzip2', Buffer.from('BZh91AY&SY', 'latin1')],
    ['bzip2', Buffer.from('425a6839177245385090', 'hex')],
    ['none', tar([file('a')])],
    ['none', Buffer.alloc(0)],
    ['none', Buffer.from([0x1f, 0x8b])],
  ])('%s', (compression, bytes) => {
    expect(sniffCompression(bytes)).toBe(compression);
  });

  it('and a tar whose first file has an unlucky name is still a tar', () => {
    expect(sniffCompression(tar([file('BZh9 is a name')]))).toBe('none');
  });
});

it('a compression that cannot be read is refused with its name, the file and a cure', () => {
  const error = unsupportedCompression('zstd', 'layer 2 of 3 of image.tar', '/x/image.tar');
  expect(error).toMatchObject({ code: 'UNSUPPORTED_COMPRESSION', subject: '/x/image.tar' });
  expect(error.message).toContain('layer 2 of 3 of image.tar is compressed with zstd');
  expect(error.hint).toContain('gzip');
});

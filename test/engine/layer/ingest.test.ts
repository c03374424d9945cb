import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src-main/engine/digest/digest';
import { ingestLayer, type IngestJob } from '../../../src-main/engine/layer/ingest';
import { loadLayerIndex } from '../../../src-main/engine/layer/index-file';
import { CHUNK_BYTES } from '../../../src-main/engine/layer/source-reader';
import type { ErrorCode } from '../../../src-main/engine/errors';
import type { PartProgress } from '../../../src-main/engine/options';
import { DEFAULT_LIMITS } from '../../../src-main/engine/tar/limits';
import { dir, file, tar, tarEntries } from '../../support/tar-builder';

const parts = [dir('d'), file('d/a', 'content'), file('d/large', Buffer.alloc(3_000_000, 'large'))];
const plain = tar(parts);

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lamina-ingest-'));
  folder = await mkdtemp(join(root, 'out-'));
});
afterEach(() => rm(root, { recursive: true }));

async function jobFor(bytes: Buffer, more: Partial<IngestJob> = {}): Promise<IngestJob> {
  const name = join(root, 'source.tar');
  await writeFile(name, Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]));
  const source = { file: name, offset: 6, length: bytes.length };
  return { source, folder, copy: true, label: 'layer 1 of 2', ...more };
}

/** The member with a header comment (flag 16), whose NUL takes the place of the comment's last byte. */
function withComment(member: Buffer, comment: Buffer): Buffer {
  if (comment.length === 0) return member;
  const header = Buffer.from(member.subarray(0, 10));
  header.writeUInt8(16, 3);
  return Buffer.concat([header, comment.subarray(1), Buffer.alloc(1), member.subarray(10)]);
}

async function indexed(indexFile: string): Promise<unknown> {
  const index = await loadLayerIndex(indexFile);
  return Array.from({ length: index.count }, (_, at) => index.entry(at));
}

describe('a layer', () => {
  it('that is a plain tar is copied, hashed and indexed', async () => {
    const result = await ingestLayer(await jobFor(plain));
    expect(result).toMatchObject({ digest: digestOf(plain), diffId: digestOf(plain), size: plain.length });
    expect(result).toMatchObject({ compression: 'none', entries: 3 });
    expect(plain.equals(await readFile(result.file ?? ''))).toBe(true);
    expect(await indexed(result.indexFile)).toEqual(tarEntries(parts));
    expect((await loadLayerIndex(result.indexFile)).diffId).toBe(result.diffId);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it.each([
    ['one member', gzipSync(plain)],
    [
      'several members',
      Buffer.concat([gzipSync(plain.subarray(0, 1000)), gzipSync(''), gzipSync(plain.subarray(1000))]),
    ],
    ['zeros after the end', Buffer.concat([gzipSync(plain), Buffer.alloc(5000)])],
    ['many zeros after the end', Buffer.concat([gzipSync(plain), Buffer.alloc(2_500_000)])],
  ])('that is gzip with %s is kept as it is and indexed by its content (rule 74)', async (_, bytes) => {
    const result = await ingestLayer(await jobFor(bytes));
    expect(result).toMatchObject({ digest: digestOf(bytes), diffId: digestOf(plain), size: bytes.length });
    expect(result.compression).toBe('gzip');
    expect(bytes.equals(await readFile(result.file ?? ''))).toBe(true);
    expect(await indexed(result.indexFile)).toEqual(tarEntries(parts));
  });

  it('whose gzip members end exactly where a chunk is full is read on', async () => {
    const empty = gzipSync('');
    const count = Math.floor(CHUNK_BYTES / empty.length);
    // Empty members up to the end of the first chunk; a comment of the right length in the last one fills it exactly.
    const comment = Buffer.alloc(CHUNK_BYTES - count * empty.length, 'c');
    const bytes = Buffer.concat([...Array.from({ length: count - 1 }, () => empty), withComment(empty, comment)]);
    expect(bytes).toHaveLength(CHUNK_BYTES);
    const result = await ingestLayer(await jobFor(Buffer.concat([bytes, gzipSync(plain)])));
    expect(result.diffId).toBe(digestOf(plain));
    const zeros = await ingestLayer(await jobFor(Buffer.concat([bytes, Buffer.alloc(10)])));
    expect(zeros.diffId).toBe(digestOf(''));
  });

  it('need not be copied', async () => {
    const result = await ingestLayer(await jobFor(plain, { copy: false }));
    expect(result.file).toBeUndefined();
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('may be empty', async () => {
    expect(await ingestLayer(await jobFor(Buffer.alloc(0)))).toMatchObject({
      digest: digestOf(''),
      entries: 0,
      size: 0,
    });
  });

  it('tells how far it is and when it is done', async () => {
    const seen: PartProgress[] = [];
    await ingestLayer(await jobFor(plain, { part: 'sha256:x' }), { onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toMatchObject({
      part: 'sha256:x',
      label: 'layer 1 of 2',
      totalBytes: plain.length,
      state: 'running',
    });
    expect(seen.at(-1)).toMatchObject({ doneBytes: plain.length, state: 'done' });
  });

  it('that has the digests it should have is taken', async () => {
    const bytes = gzipSync(plain);
    const job = await jobFor(bytes, { expectedDigest: digestOf(bytes), expectedDiffId: digestOf(plain) });
    await expect(ingestLayer(job)).resolves.toBeDefined();
  });
});

describe('a refused layer leaves nothing and says what is wrong with which file', () => {
  const zeros = gzipSync(Buffer.alloc(3_000_000));
  const damaged = gzipSync(plain);
  damaged.writeUInt8((damaged[damaged.length - 6] ?? 0) ^ 0xff, damaged.length - 6);

  const refused: readonly (readonly [string, Buffer, Partial<IngestJob>, ErrorCode, RegExp])[] = [
    ['another digest', plain, { expectedDigest: digestOf('x') }, 'DIGEST_MISMATCH', /should be sha256/],
    ['another DiffID', gzipSync(plain), { expectedDiffId: digestOf('x') }, 'DIGEST_MISMATCH', /has the DiffID/],
    ['no tar', Buffer.alloc(2000, 'x'), {}, 'TAR_INVALID', /layer 1 of 2 of source.tar cannot be used/],
    ['a cut tar', plain.subarray(0, 5000), {}, 'TAR_INVALID', /ends too early, inside “d\/large”/],
    ['cut gzip', gzipSync(plain).subarray(0, -20), {}, 'LAYER_INVALID', /gzip data ends too early/],
    ['damaged gzip', damaged, {}, 'LAYER_INVALID', /gzip data is damaged/],
    ['garbage after gzip', Buffer.concat([gzipSync(plain), Buffer.from('garbage')]), {}, 'LAYER_INVALID', /damaged/],
    [
      'zeros and garbage after gzip',
      Buffer.concat([gzipSync(plain), Buffer.alloc(9), Buffer.from('x')]),
      {},
      'LAYER_INVALID',
      /else than zeros/,
    ],
    [
      'garbage far after gzip',
      Buffer.concat([gzipSync(plain), Buffer.alloc(3_000_000), Buffer.from('x')]),
      {},
      'LAYER_INVALID',
      /else than zeros/,
    ],
    ['gzip of no tar', gzipSync('x'.repeat(5000)), {}, 'TAR_INVALID', /checksum/],
    ['zstd', Buffer.from('28b52ffd24000000000000', 'hex'), {}, 'UNSUPPORTED_COMPRESSION', /compressed with zstd/],
    [
      'a gzip bomb',
      zeros,
      { limits: { ...DEFAULT_LIMITS, ratioGraceBytes: 1_000_000, maxRatio: 100 } },
      'LIMIT_EXCEEDED',
      /100 times/,
    ],
    [
      'too large a tar',
      zeros,
      { limits: { ...DEFAULT_LIMITS, maxTarBytes: 1_000_000 } },
      'LIMIT_EXCEEDED',
      /larger than/,
    ],
  ];
  it.each(refused.map(([name, ...rest]) => ({ name, rest })))('$name', async ({ rest }) => {
    const [bytes, more, code, message] = rest;
    const job = await jobFor(bytes, more);
    const failure = expect.objectContaining({
      code,
      subject: job.source.file,
      message: expect.stringMatching(message) as string,
    });
    await expect(ingestLayer(job)).rejects.toEqual(failure);
    expect(await readdir(folder)).toEqual([]);
  });

  it('a source that ends too early', async () => {
    const job = await jobFor(plain);
    const longer = { ...job, source: { ...job.source, length: plain.length + 100 } };
    await expect(ingestLayer(longer)).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a source that is not there', async () => {
    const job = await jobFor(plain);
    const missing = { ...job, source: { ...job.source, file: join(root, 'missing') } };
    await expect(ingestLayer(missing)).rejects.toMatchObject({ code: 'IO', subject: join(root, 'missing') });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([plain, gzipSync(plain, { level: 0 })])('cancelled work', async (bytes) => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const work = ingestLayer(await jobFor(bytes), { signal: controller.signal, onProgress });
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(folder)).toEqual([]);
  });
});

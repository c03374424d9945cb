import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContent, type ContentRequest } from '../../../src-main/engine/layer/content';
import { file, tar, tarEntries } from '../../support/tar-builder';

const large = Buffer.alloc(1_000_000, 'a large file; ');
const parts = [file('a', 'first'), file('large', large), file('empty'), file('z', 'last')];
const entries = tarEntries(parts);
const plain = tar(parts);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamina-content-'));
  await writeFile(join(folder, 'plain'), plain);
  await writeFile(join(folder, 'gzip'), gzipSync(plain));
  const half = plain.length / 2;
  await writeFile(
    join(folder, 'members'),
    Buffer.concat([gzipSync(plain.subarray(0, half)), gzipSync(plain.subarray(half))]),
  );
});
afterAll(() => rm(folder, { recursive: true }));

function request(blob: string, position: number, more: Partial<ContentRequest> = {}): ContentRequest {
  const entry = entries[position];
  if (entry === undefined) throw new Error('no such entry');
  return { blobFile: join(folder, blob), offset: entry.offset, size: entry.size, sha256: entry.sha256, ...more };
}

function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => stream.once('close', () => resolve()));
}

describe.each(['plain', 'gzip', 'members'])('content in a %s blob', (blob) => {
  it('is read whole and verified', async () => {
    const contents = await Promise.all([0, 1, 2, 3].map(async (at) => buffer(await openContent(request(blob, at)))));
    expect(contents.map(({ length }) => length)).toEqual([5, 1_000_000, 0, 4]);
    expect(contents[1]?.equals(large)).toBe(true);
    expect(contents[3]?.toString()).toBe('last');
  });

  it.each([
    [0, 10],
    [999_990, undefined],
    [500_000, 500_001],
    [7, 7],
    [999_999, 5_000_000],
  ])('is read in part from %s up to, not including, %s', async (start, end) => {
    const part = await buffer(await openContent(request(blob, 1, { start, end })));
    expect(part.equals(large.subarray(start, end))).toBe(true);
  });

  it('that is not what it was is an error at the end of the stream', async () => {
    const stream = await openContent(request(blob, 1, { sha256: '0'.repeat(64) }));
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'BLOB_DAMAGED', subject: join(folder, blob) });
  });

  it('that lies behind the end of the blob is an error', async () => {
    const stream = await openContent(request(blob, 1, { offset: plain.length - 10 }));
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
  });

  it('may be left unread: destroying the stream closes the blob', async () => {
    const unread = await openContent(request(blob, 1));
    const isClosed = closed(unread);
    unread.destroy();
    await isClosed;
    const begun = await openContent(request(blob, 1));
    for await (const piece of begun) {
      expect((piece as Buffer).length).toBeGreaterThan(0);
      break;
    }
    expect(begun.destroyed).toBe(true);
  });

  it('is not read on when the work was cancelled', async () => {
    const controller = new AbortController();
    const stream = await openContent(request(blob, 1, { signal: controller.signal }));
    controller.abort();
    await expect(buffer(stream)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a blob that cannot be read', () => {
  it('because it is gone', async () => {
    const gone = openContent(request('gone', 0));
    await expect(gone).rejects.toMatchObject({ code: 'BLOB_MISSING', subject: join(folder, 'gone') });
  });

  it('because its gzip is damaged', async () => {
    await writeFile(join(folder, 'cut'), gzipSync(plain).subarray(0, 100));
    await expect(buffer(await openContent(request('cut', 1)))).rejects.toMatchObject({ code: 'BLOB_DAMAGED' });
  });

  it('because of its compression', async () => {
    await writeFile(join(folder, 'zstd'), Buffer.from('28b52ffd24000000000000', 'hex'));
    await expect(openContent(request('zstd', 1))).rejects.toMatchObject({ code: 'UNSUPPORTED_COMPRESSION' });
  });
});

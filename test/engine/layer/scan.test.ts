import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LayerEntry } from '../../../src-main/engine/layer/entry';
import { LayerScan } from '../../../src-main/engine/layer/scan';
import {
  char,
  dir,
  file,
  hardlink,
  opaque,
  symlink,
  tar,
  tarEntries,
  whiteout,
  type Part,
} from '../../support/tar-builder';

function scan(
  bytes: Buffer,
  pieceBytes = bytes.length,
): { entries: LayerEntry[]; codes: string[]; messages: string[] } {
  const entries: LayerEntry[] = [];
  const layer = new LayerScan((entry) => entries.push(entry));
  for (let at = 0; at < bytes.length; at += pieceBytes) layer.push(bytes.subarray(at, at + pieceBytes));
  const diagnostics = layer.end();
  return { entries, codes: diagnostics.map(({ code }) => code), messages: diagnostics.map(({ message }) => message) };
}

describe('a layer scan', () => {
  const parts: Part[] = [
    dir('d', { xattrs: { 'user.a': 'b' } }),
    file('d/empty'),
    file('d/small', 'content', { mtime: { sec: 1, nsec: 5 } }),
    file('d/large', Buffer.alloc(70_000, 'large')),
    symlink('d/s', 'small'),
    hardlink('d/h', 'd/small'),
    char('d/null', 1, 3),
    whiteout('d/gone'),
    opaque('d'),
  ];

  it.each([undefined, 4096, 700])('gives each entry with its hash and place, in pieces of %s bytes', (pieceBytes) => {
    const { entries, codes } = scan(tar(parts), pieceBytes);
    expect(codes).toEqual([]);
    expect(entries).toEqual(tarEntries(parts));
  });

  it('says where the content is', () => {
    const bytes = tar(parts);
    const large = scan(bytes).entries.find(({ path }) => path === 'd/large');
    const content = bytes.subarray(large?.offset, (large?.offset ?? 0) + (large?.size ?? 0));
    expect(createHash('sha256').update(content).digest('hex')).toBe(large?.sha256);
  });

  it.each(['.wh.', 'd/.wh..', 'd/.wh...'])('refuses %s, a whiteout of nothing (rule 11)', (name) => {
    expect(() => scan(tar([file(name)]))).toThrow(expect.objectContaining({ code: 'LAYER_INVALID' }));
  });

  it('keeps a hundred diagnostics of a kind and counts the others', () => {
    const { codes, messages } = scan(tar(Array.from({ length: 250 }, (_, index) => file(`/f${index}`))));
    expect(codes).toHaveLength(100);
    expect(messages.at(-1)).toMatch(/150 more of this kind/);
  });
});

import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src-main/engine/tar/limits';
import {
  block,
  char,
  dir,
  fifo,
  file,
  gnuLong,
  hardlink,
  header,
  headerBlock,
  pax,
  raw,
  symlink,
  tar,
  whiteout,
} from '../../support/tar-builder';
import { scanTar } from '../../support/scan-tar';

const end = Buffer.alloc(1024);

describe('entries of every type', () => {
  const bytes = tar([
    dir('etc', { mode: 0o1777, uid: 5, gid: 6, mtime: 1_600_000_000 }),
    file('etc/passwd', 'root:x', { mode: 0o6755 }),
    symlink('s', '../etc/./x'),
    hardlink('h', '/etc/passwd'),
    char('null', 1, 3),
    block('sda', 8, 0),
    fifo('pipe'),
    whiteout('etc/gone'),
  ]);

  it('are read with all their attributes', () => {
    const { entries, diagnostics } = scanTar(bytes);
    expect(diagnostics).toEqual([]);
    expect(entries.map(({ path, type }) => `${path} ${type}`)).toEqual([
      'etc dir',
      'etc/passwd file',
      's symlink',
      'h hardlink',
      'null char',
      'sda block',
      'pipe fifo',
      'etc/.wh.gone file',
    ]);
    expect(entries[0]).toMatchObject({ mode: 0o1777, uid: 5, gid: 6, mtime: { sec: 1_600_000_000, nsec: 0 } });
    expect(entries[1]).toMatchObject({ mode: 0o6755, size: 6, offset: 1024, content: Buffer.from('root:x') });
    expect(entries[2]?.linkname).toBe('../etc/./x');
    expect(entries[3]?.linkname).toBe('etc/passwd');
    expect(entries[4]).toMatchObject({ devMajor: 1, devMinor: 3 });
    expect(entries[5]).toMatchObject({ devMajor: 8, devMinor: 0 });
  });

  it.each([1, 7, 511, 512, 513, 1000])('are the same when the bytes come in pieces of %i', (pieceBytes) => {
    expect(scanTar(bytes, { pieceBytes })).toEqual(scanTar(bytes));
  });
});

describe('sizes', () => {
  const nested = tar([file('smuggled', 'x')], { endBlocks: 0 });

  it('come from PAX when it has one: a nested header is content (rule 67)', () => {
    const { paths, entries } = scanTar(
      tar([
        pax([['size', String(nested.length)]]),
        raw(headerBlock({ name: 'outer', size: 0 })),
        raw(nested),
        file('z'),
      ]),
    );
    expect(paths).toEqual(['outer', 'z']);
    expect(entries[0]?.content).toEqual(nested);
  });

  it('come from PAX also when it says nothing follows', () => {
    const { paths } = scanTar(
      tar([pax([['size', '0']]), raw(headerBlock({ name: 'outer', size: nested.length })), raw(nested)]),
    );
    expect(paths).toEqual(['outer', 'smuggled']);
  });

  it.each(['1', '2', '3', '4', '5', '6'])(
    'on the header-only type %s are ignored, as Docker does (rule 68)',
    (typeflag) => {
      const { paths, codes } = scanTar(
        tar([raw(headerBlock({ name: 'e', typeflag, linkname: 'x', size: 512 })), file('next')]),
      );
      expect(paths).toEqual(['e', 'next']);
      expect(codes).toEqual(['SIZE_ON_HEADER_ONLY']);
    },
  );

  it('that are negative are refused', () => {
    const negative = (target: Buffer): void => void target.fill(0xff, 124, 136);
    expect(() => scanTar(tar([header({ name: 'a', patch: negative })]))).toThrow(/negative size/);
    expect(() => scanTar(tar([pax([['size', '-1']]), file('a')]))).toThrow(/negative size/);
  });
});

describe('the end', () => {
  it.each([
    ['two zero blocks', tar([file('a', 'x')]), []],
    ['one zero block', tar([file('a', 'x')], { endBlocks: 1 }), ['NO_EOF_BLOCKS']],
    ['nothing', tar([file('a', 'x')], { endBlocks: 0 }), ['NO_EOF_BLOCKS']],
    ['content without padding', tar([file('a', 'x')], { endBlocks: 0 }).subarray(0, 513), ['NO_EOF_BLOCKS']],
    ['content with half its padding', tar([file('a', 'x')], { endBlocks: 0 }).subarray(0, 700), ['NO_EOF_BLOCKS']],
    ['zeros far beyond the two blocks', Buffer.concat([tar([file('a', 'x')]), Buffer.alloc(200_000)]), []],
    [
      'garbage after the two blocks',
      Buffer.concat([tar([file('a', 'x')]), Buffer.alloc(99_000), Buffer.from('!')]),
      ['TRAILING_DATA'],
    ],
    ['a second tar', Buffer.concat([tar([file('a', 'x')]), tar([file('b')])]), ['TRAILING_DATA']],
  ])('may be %s (rules 69, 70)', (_, bytes, codes) => {
    const scanned = scanTar(bytes);
    expect(scanned.paths).toEqual(['a']);
    expect(scanned.codes).toEqual(codes);
  });

  it.each([0, 512, 1024])('may come at once: %i zero bytes are an empty tar', (length) => {
    expect(scanTar(Buffer.alloc(length)).paths).toEqual([]);
  });

  it.each([
    [
      'content',
      tar([file('etc/passwd', 'x'.repeat(2000))], { endBlocks: 0 }).subarray(0, 1000),
      /inside “etc\/passwd”: 1512 bytes are missing \(at byte 1000/,
    ],
    ['a header', tar([file('a')], { endBlocks: 0 }).subarray(0, 300), /inside a header: 212 bytes are missing/],
    ['a record', gnuLong('L', 'x'.repeat(300)).bytes.subarray(0, 600), /bytes are missing/],
    ['what was announced', gnuLong('L', 'x').bytes, /between an extended header and its entry/],
  ])('in the middle of %s is refused, and the message says where', (_, bytes, message) => {
    expect(() => scanTar(bytes)).toThrow(message);
  });

  it('in the middle, by a single zero block, is refused', () => {
    expect(() => scanTar(Buffer.concat([Buffer.alloc(512), tar([file('a')])]))).toThrow(/single zero block/);
  });
});

describe('checksums', () => {
  it('may be sums of signed bytes, as old writers made them', () => {
    const block = headerBlock({ name: Buffer.from([0xe9]) });
    const signed = [...block].reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : (byte << 24) >> 24), 0);
    expect(scanTar(Buffer.concat([headerBlock({ name: Buffer.from([0xe9]), checksum: signed }), end])).paths).toEqual([
      '\xe9',
    ]);
  });

  it('that are wrong are refused, with the place', () => {
    const bytes = Buffer.concat([tar([file('a')], { endBlocks: 0 }), headerBlock({ name: 'b', checksum: 1 }), end]);
    expect(() => scanTar(bytes)).toThrow(
      expect.objectContaining({ code: 'TAR_INVALID', message: expect.stringContaining('at byte 512') as string }),
    );
  });
});

describe('limits', () => {
  const limited = (limits: Partial<typeof DEFAULT_LIMITS>, bytes: Buffer): (() => unknown) => {
    return () => scanTar(bytes, { limits: { ...DEFAULT_LIMITS, ...limits } });
  };
  it.each([
    ['entries', { maxEntries: 2 }, tar([file('a'), file('b'), file('c')])],
    ['name length', { maxNameBytes: 10 }, tar([file('a'.repeat(11))])],
    ['depth', { maxDepth: 200 }, tar([file('a/'.repeat(201))])],
    ['bytes', { maxTarBytes: 1000 }, tar([file('a', 'x')])],
  ])('refuse too much of %s', (_, limits, bytes) => {
    expect(limited(limits, bytes)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
});

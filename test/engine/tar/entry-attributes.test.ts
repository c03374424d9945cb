import { describe, expect, it } from 'vitest';
import { dir, file, header, tar } from '../../support/tar-builder';
import { scanTar } from '../../support/scan-tar';

describe('owners, times and modes', () => {
  it('may be as large as Linux allows (rule 60)', () => {
    const { entries, codes } = scanTar(
      tar([file('a', '', { uid: 2 ** 32 - 2, gid: 2 ** 31 }), file('b', '', { uid: 8_388_608 })]),
    );
    expect(entries.map(({ uid, gid }) => [uid, gid])).toEqual([
      [2 ** 32 - 2, 2 ** 31],
      [8_388_608, 0],
    ]);
    expect(codes).toEqual([]);
  });

  it('of 2^32-1 become 0, with a diagnostic', () => {
    const { entries, codes } = scanTar(tar([file('a', '', { uid: 2 ** 32 - 1 })]));
    expect(entries[0]?.uid).toBe(0);
    expect(codes).toEqual(['UID_OUT_OF_RANGE']);
  });

  it('beyond that are refused', () => {
    expect(() => scanTar(tar([file('a', '', { uid: 2 ** 32 })]))).toThrow(/impossible uid/);
    expect(() => scanTar(tar([file('a', '', { pax: [['gid', '-5']] })]))).toThrow(/impossible gid/);
  });

  it('keep nanoseconds, also before the epoch (rule 61)', () => {
    const { entries, codes } = scanTar(
      tar([
        file('a', '', { mtime: { sec: 5, nsec: 500_000_000 } }),
        file('b', '', { mtime: { sec: -5, nsec: 250_000_000 } }),
        file('c', '', { mtime: 2 ** 34 }),
        file('d', '', { pax: [['mtime', '1.123456789999']] }),
        file('e', '', { pax: [['mtime', '-0.5']] }),
      ]),
    );
    expect(entries.map(({ mtime }) => mtime)).toEqual([
      { sec: 5, nsec: 500_000_000 },
      { sec: -5, nsec: 250_000_000 },
      { sec: 2 ** 34, nsec: 0 },
      { sec: 1, nsec: 123_456_789 },
      { sec: -1, nsec: 500_000_000 },
    ]);
    expect(codes).toEqual(['MTIME_OUT_OF_RANGE', 'MTIME_OUT_OF_RANGE', 'MTIME_OUT_OF_RANGE']);
  });

  it('lose the file type bits that docker commit writes into the mode (rule 62)', () => {
    const { entries } = scanTar(tar([file('a', '', { mode: 0o100644 }), dir('d', { mode: 0o40755 })]));
    expect(entries.map(({ mode }) => mode)).toEqual([0o644, 0o755]);
  });

  it('ignore a stale link target on a regular file (rule 17)', () => {
    expect(scanTar(tar([header({ name: '.wh.del', linkname: 'd/a' })])).entries[0]?.linkname).toBe('');
  });

  it('read base-256 numbers', () => {
    const uid = (target: Buffer): void => {
      target.fill(0, 108, 116);
      target.writeUInt8(0x80, 108);
      target.writeUInt32BE(8_388_608, 112);
    };
    const mtime = (target: Buffer): void => void target.fill(0xff, 136, 148);
    const { entries } = scanTar(tar([header({ name: 'a', patch: uid }), header({ name: 'b', patch: mtime })]));
    expect(entries[0]?.uid).toBe(8_388_608);
    expect(entries[1]?.mtime).toEqual({ sec: -1, nsec: 0 });
  });

  it('refuse numbers that are none', () => {
    const broken = (target: Buffer): void => void target.write('12x4567\0', 108, 'latin1');
    expect(() => scanTar(tar([header({ name: 'a', patch: broken })]))).toThrow(/owner of a header is not a number/);
  });
});

describe('extended attributes', () => {
  it('come from SCHILY records as bytes, and from no others (rule 64)', () => {
    const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');
    const { entries } = scanTar(
      tar([
        file('a', '', {
          xattrs: { 'security.capability': capability, 'user.x': 'two\nlines', 'user.gone': '' },
          pax: [['LIBARCHIVE.xattr.user.y', 'eA==']],
        }),
      ]),
    );
    expect([...(entries[0]?.xattrs ?? [])]).toEqual([
      ['security.capability', capability],
      ['user.x', Buffer.from('two\nlines')],
    ]);
  });

  it('named like object members are just names', () => {
    const { entries } = scanTar(tar([file('__proto__/x', '', { pax: [['SCHILY.xattr.__proto__', 'p']] })]));
    expect(entries[0]?.xattrs.get('__proto__')).toEqual(Buffer.from('p'));
  });
});

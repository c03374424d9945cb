import { describe, expect, it } from 'vitest';
import {
  dir,
  file,
  GNU_MAGIC,
  gnuLong,
  hardlink,
  header,
  pax,
  symlink,
  tar,
  V7_MAGIC,
} from '../../support/tar-builder';
import { scanTar } from '../../support/scan-tar';

describe('names', () => {
  it('are brought into normal form (rule 51)', () => {
    const { paths, codes } = scanTar(
      tar([file('./a'), file('/b'), file('.//c'), dir('./d//'), dir('d/./e'), file('d/../f')]),
    );
    expect(paths).toEqual(['a', 'b', 'c', 'd', 'd/e', 'f']);
    expect(codes).toEqual(['ABS_NAME']);
  });

  it('that climb above the root are kept inside, with a diagnostic (rule 52)', () => {
    const { paths, codes } = scanTar(tar([file('../g'), file('d/../../h'), file('/../i')]));
    expect(paths).toEqual(['g', 'h', 'i']);
    expect(codes).toEqual(['DOTDOT_CLAMPED', 'DOTDOT_CLAMPED', 'DOTDOT_CLAMPED', 'ABS_NAME']);
  });

  it('may hold any byte but NUL and slash (rules 54, 55)', () => {
    const odd = Buffer.from([0x63, 0x61, 0x66, 0xe9]);
    const { entries, codes } = scanTar(tar([file(odd), file('a\\b'), file('nl\nx'), file(' sp '), file('t:e')]));
    expect(entries.map(({ path }) => path)).toEqual(['caf\xe9', 'a\\b', 'nl\nx', ' sp ', 't:e']);
    expect(codes).toEqual(['NON_UTF8_NAME']);
  });

  it('keep both composed and decomposed letters apart', () => {
    const { paths } = scanTar(tar([file('caf\u00e9'), file('cafe\u0301')]));
    expect(new Set(paths).size).toBe(2);
  });

  it('longer than a header come from ustar prefixes, PAX and GNU records', () => {
    const long = `${'p'.repeat(120)}/${'n'.repeat(90)}`;
    const { entries } = scanTar(
      tar([
        header({ name: 'n'.repeat(90), prefix: 'p'.repeat(120) }),
        file(long),
        gnuLong('L', long),
        gnuLong('K', 't'.repeat(200)),
        header({ name: 'cut', typeflag: '2', linkname: 'cut', magic: GNU_MAGIC }),
      ]),
    );
    expect(entries.map(({ path }) => path)).toEqual([long, long, long]);
    expect(entries[2]?.linkname).toBe('t'.repeat(200));
  });

  it('take GNU’s when PAX says something else, in either order, as Go does (rule 57)', () => {
    const one = scanTar(tar([gnuLong('L', 'gnuname'), pax([['path', 'paxname']]), header({ name: 'x' })]));
    const other = scanTar(tar([pax([['path', 'paxname']]), gnuLong('L', 'gnuname'), header({ name: 'x' })]));
    expect([one.paths, other.paths]).toEqual([['gnuname'], ['gnuname']]);
    expect([one.codes, other.codes]).toEqual([['NAME_CONFLICT'], ['NAME_CONFLICT']]);
  });

  it('with a part over 255 bytes are read with a diagnostic (rule 56)', () => {
    const { paths, codes } = scanTar(tar([file(`d/${'n'.repeat(256)}`)]));
    expect(paths).toEqual([`d/${'n'.repeat(256)}`]);
    expect(codes).toEqual(['LONG_NAME']);
  });

  it('under GNU magic have no prefix but the times that stand there', () => {
    const times = (target: Buffer): void => void target.write('14712345670\0' + '14712345670\0', 345, 'latin1');
    expect(scanTar(tar([header({ name: 'a', magic: GNU_MAGIC, patch: times })])).paths).toEqual(['a']);
  });

  it('under GNU magic do have the prefix that Go once wrote there by mistake', () => {
    expect(scanTar(tar([header({ name: 'a', magic: GNU_MAGIC, prefix: 'some/folder' })])).paths).toEqual([
      'some/folder/a',
    ]);
  });

  it('of directories may be told by a slash in V7 tars only (rule 32)', () => {
    const { entries } = scanTar(tar([header({ name: 'dir/', typeflag: '\0', magic: V7_MAGIC }), file('a/', 'x')]));
    expect(entries.map(({ path, type }) => `${path} ${type}`)).toEqual(['dir dir', 'a file']);
  });
});

describe('the root', () => {
  it('is an entry when it is a directory, under any of its names', () => {
    const { entries } = scanTar(
      tar([dir('./', { mode: 0o700 }), header({ name: '/', typeflag: '5' }), header({ name: '', typeflag: '5' })]),
    );
    expect(entries.map(({ path, type }) => [path, type])).toEqual([
      ['', 'dir'],
      ['', 'dir'],
      ['', 'dir'],
    ]);
  });

  it('as a file without a name is nothing, and its bytes are skipped', () => {
    expect(scanTar(tar([header({ name: '' }, 'skipped'), file('a')])).paths).toEqual(['a']);
  });

  it.each([file('.', 'x'), symlink('./', 'etc'), file('a/..')])('as something else is refused (rule 53)', (part) => {
    expect(() => scanTar(tar([part]))).toThrow(/root/);
  });
});

describe('types', () => {
  it('take a contiguous file as a file, with a diagnostic (rule 58)', () => {
    const { entries, codes } = scanTar(tar([header({ name: 'a', typeflag: '7' }, 'x')]));
    expect(entries[0]).toMatchObject({ type: 'file', size: 1 });
    expect(codes).toEqual(['UNKNOWN_TYPEFLAG']);
  });

  it.each(['Z', 'V', 'M', 'D', '\xff'])('refuse the unknown %j', (typeflag) => {
    const patch = (target: Buffer): void => void target.write(typeflag, 156, 'latin1');
    expect(() => scanTar(tar([header({ name: 'a', patch })]))).toThrow(/no place in a layer/);
  });

  it('refuse sparse files and say how to pack them again (rule 59)', () => {
    const hint = expect.objectContaining({ code: 'TAR_INVALID', hint: expect.stringContaining('--sparse') as string });
    expect(() => scanTar(tar([header({ name: 'a', typeflag: 'S', magic: GNU_MAGIC })]))).toThrow(hint);
    expect(() =>
      scanTar(
        tar([
          pax([
            ['GNU.sparse.major', '1'],
            ['GNU.sparse.minor', '0'],
          ]),
          file('a'),
        ]),
      ),
    ).toThrow(hint);
  });

  it.each([
    [symlink('s', ''), /no target/],
    [hardlink('h', ''), /no target/],
    [symlink('s', 'x'.repeat(4096)), /4096 bytes long/],
    [hardlink('h', '../../etc/shadow'), /points out of the image/],
    [hardlink('h', '/'), /root directory/],
  ])('refuse links that no engine could make', (part, message) => {
    expect(() => scanTar(tar([part]))).toThrow(message);
  });
});

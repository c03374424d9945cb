import { describe, expect, it } from 'vitest';
import { file, header, headerBlock, pax, raw, tar } from '../../support/tar-builder';
import { scanTar } from '../../support/scan-tar';

describe('PAX records', () => {
  it('that come later win, and empty ones leave the header’s value (rule 66)', () => {
    const { paths } = scanTar(
      tar([
        pax([
          ['path', 'one'],
          ['path', 'two'],
        ]),
        header({ name: 'x' }),
        pax([['path', '']]),
        header({ name: 'kept' }),
      ]),
    );
    expect(paths).toEqual(['two', 'kept']);
  });

  it('of a second header replace those of the first', () => {
    const { entries } = scanTar(tar([pax([['uid', '7']]), pax([['gid', '8']]), header({ name: 'a' })]));
    expect(entries[0]).toMatchObject({ uid: 0, gid: 8 });
  });

  it('in a global header change nothing (rule 65)', () => {
    const { entries } = scanTar(
      tar([
        pax(
          [
            ['uid', '77'],
            ['comment', 'abc'],
          ],
          'g',
        ),
        file('a'),
      ]),
    );
    expect(entries[0]?.uid).toBe(0);
  });

  it.each([
    ['a NUL in a path', [['path', 'a\0b']]],
    ['a NUL in a key', [['k\0y', 'v']]],
  ] as const)('with %s are refused (rule 55)', (_, records) => {
    expect(() => scanTar(tar([pax(records), file('x')]))).toThrow(/NUL/);
  });

  it.each(['5 a=\n', '99 a=b\n', '6 a=bc', '6 =bc\n', 'x a=b\n', '7 abcd\n', '0 a=b\n', ' a=b\n'])(
    'that are malformed are refused: %j',
    (body) => {
      const isEmptyValue = body === '5 a=\n';
      const scan = (): unknown => scanTar(tar([header({ typeflag: 'x' }, body), file('x')])).paths;
      if (isEmptyValue) expect(scan()).toEqual(['x']);
      else expect(scan).toThrow(/malformed/);
    },
  );

  it('over a mebibyte are refused before anything is allocated', () => {
    expect(() => scanTar(raw(headerBlock({ typeflag: 'x', size: 2 ** 21 })).bytes)).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });
});

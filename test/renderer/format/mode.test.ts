import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modeOctal, modeText, parseOctal } from '../../../src-renderer/format/mode';

describe('permission bits', () => {
  it.each([
    ['file', 0o644, '-rw-r--r--'],
    ['dir', 0o1777, 'drwxrwxrwt'],
    ['dir', 0o1776, 'drwxrwxrwT'],
    ['file', 0o4755, '-rwsr-xr-x'],
    ['file', 0o2644, '-rw-r-Sr--'],
    ['symlink', 0o777, 'lrwxrwxrwx'],
    ['fifo', 0, 'p---------'],
  ] as const)('of a %s with %o are %s, as ls shows them', (type, mode, text) => {
    expect(modeText(type, mode)).toBe(text);
  });

  it('come back from their digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0o7777 }), (mode) => {
        expect(parseOctal(modeOctal(mode))).toBe(mode);
      }),
    );
  });

  it.each(['', '8', '07778', '-1', '0o7', 'rwx'])('are not what %j says', (text) => {
    expect(parseOctal(text)).toBeUndefined();
  });
});

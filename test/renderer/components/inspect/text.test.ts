import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayLines } from '../../../../src-renderer/components/inspect/display-lines';
import { hexLines } from '../../../../src-renderer/components/inspect/hex-lines';
import { forEditing, restoreLineEnds } from '../../../../src-renderer/components/inspect/line-ends';

describe('lines of a text', () => {
  it('are numbered, and a final line end begins no further line', () => {
    expect(displayLines('a\r\nb\n').lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
    expect(displayLines('a\n\n').lines).toHaveLength(2);
  });

  it('go on without a number where one is too long for a screen', () => {
    const { lines } = displayLines(`${'x'.repeat(4_500)}\nend`);
    expect(lines.map((line) => line.number)).toEqual([1, undefined, undefined, 2]);
    expect(lines.map((line) => line.text).join('')).toBe(`${'x'.repeat(4_500)}end`);
  });

  it('break behind a blank where a row has one late enough, and lose nothing', () => {
    const text = 'one two three four five six seven eight';
    const { lines } = displayLines(text, 20);
    expect(lines.map((line) => line.text)).toEqual(['one two three four ', 'five six seven eight']);
    expect(lines.map((line) => line.number)).toEqual([1, undefined]);
  });

  it('count East Asian letters as two columns and never cut one in half', () => {
    expect(displayLines('层'.repeat(20), 16).lines.map((line) => line.text.length)).toEqual([8, 8, 4]);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 16, max: 40 }), (line, columns) => {
        fc.pre(!/[\r\n]/.test(line));
        const rows = displayLines(line, columns).lines.map((row) => row.text);
        expect(rows.join('')).toBe(line);
        // Half of a letter would come out of the encoder as U+FFFD.
        for (const row of rows) expect(new TextDecoder().decode(new TextEncoder().encode(row))).toBe(row);
      }),
    );
  });

  it('stop where a browser could not scroll any further', () => {
    const { lines, cut } = displayLines('\n'.repeat(1_000_005));
    expect(lines).toHaveLength(1_000_000);
    expect(cut).toBe(true);
  });
});

describe('a hex dump', () => {
  it('has offset, two groups of eight, and what is readable', () => {
    expect(hexLines('00ff41'.padEnd(34, '20'))).toEqual([
      '00000000  00 ff 41 20 20 20 20 20  20 20 20 20 20 20 20 20  ··A             ',
      `00000010  20${' '.repeat(48)} `,
    ]);
  });
});

describe('line ends of an edited text', () => {
  it('stay as they were where nothing was changed', () => {
    const original = 'a\r\nb\nc\r\nd';
    expect(restoreLineEnds(original, forEditing(original), '\n')).toBe(original);
    expect(restoreLineEnds(original, 'a\nB\nc\nd', '\r\n')).toBe('a\r\nB\nc\r\nd');
    expect(restoreLineEnds('a\r\nb\r\n', 'a\nnew\nb\n', '\r\n')).toBe('a\r\nnew\r\nb\r\n');
  });

  it('do not run into one another where a lone CR meets a LF', () => {
    expect(restoreLineEnds('x\ry\n', 'x\n\n', '\n')).toBe('x\n\n');
  });

  it('never cost or add a character of the text itself', () => {
    const text = fc.array(fc.constantFrom('x', 'y', '\r\n', '\n', '\r')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (original, edited) => {
        const wanted = forEditing(edited);
        expect(forEditing(restoreLineEnds(original, wanted, '\r\n'))).toBe(wanted);
        expect(restoreLineEnds(original, forEditing(original), '\n')).toBe(original);
      }),
      { numRuns: 2_000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeText, previewOf } from '../../../src-main/ipc/handlers/text';

const whole = (bytes: Buffer) => previewOf(bytes, bytes.length);

describe('the preview of a file', () => {
  it('is text with its encoding and its most common line end', () => {
    expect(whole(Buffer.from('a\nb\n'))).toEqual({
      kind: 'text',
      text: 'a\nb\n',
      encoding: 'utf-8',
      lineEnd: '\n',
      truncated: false,
      size: 4,
    });
    expect(whole(Buffer.from('a\r\nb\r\nc\n'))).toMatchObject({ lineEnd: '\r\n' });
  });

  it('knows UTF-16 by its byte order mark', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('层\r\n', 'utf16le')]);
    expect(whole(bytes)).toMatchObject({ kind: 'text', text: '层\r\n', encoding: 'utf-16le', lineEnd: '\r\n' });
  });

  it('cuts at a whole character', () => {
    const bytes = Buffer.from('镜像');
    expect(previewOf(bytes.subarray(0, 4), bytes.length)).toMatchObject({ kind: 'text', text: '镜', truncated: true });
    expect(whole(bytes.subarray(0, 4))).toMatchObject({ kind: 'binary' });
  });

  it('is the first 64 KiB as hex for everything else', () => {
    expect(whole(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]))).toEqual({
      kind: 'binary',
      hex: '7f454c4600',
      truncated: false,
      size: 5,
    });
    const large = whole(Buffer.alloc(100_000));
    expect(large.kind === 'binary' ? [large.hex.length, large.truncated] : []).toEqual([131_072, true]);
    expect(whole(Buffer.alloc(0))).toEqual({ kind: 'empty' });
  });
});

describe('edited text', () => {
  it('is the same bytes when nothing was edited', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.constantFrom('utf-8', 'utf-16le'),
        (text, encoding) => {
          const bytes = encodeText(text, encoding);
          const preview = whole(bytes);
          fc.pre(preview.kind === 'text');
          expect(encodeText(preview.text, preview.encoding)).toEqual(bytes);
        },
      ),
    );
  });
});

/** Bytes of a file as something to look at, and edited text back as bytes. */
import type { Preview } from '../contract/views';

/** A binary file is shown as hex this far. */
const HEX_LIMIT = 64 * 1024;
/** Longest UTF-8 character: a cut at the limit may leave up to three bytes of one. */
const MAX_PARTIAL_BYTES = 3;
const UTF16LE_BOM = Buffer.from([0xff, 0xfe]);

export type TextEncoding = 'utf-8' | 'utf-16le';

interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

/** @param bytes the first bytes of a file that has `size` bytes */
export function previewOf(bytes: Buffer, size: number): Preview {
  if (size === 0) return { kind: 'empty' };
  const truncated = bytes.length < size;
  const decoded = decodeText(bytes, truncated);
  if (decoded !== undefined) return { kind: 'text', ...decoded, lineEnd: lineEndOf(decoded.text), truncated, size };
  const head = bytes.subarray(0, HEX_LIMIT);
  return { kind: 'binary', hex: head.toString('hex'), truncated: head.length < size, size };
}

/** Text as bytes, line ends as they are; UTF-16 gets its byte order mark back. */
export function encodeText(text: string, encoding: TextEncoding): Buffer {
  return encoding === 'utf-16le'
    ? Buffer.concat([UTF16LE_BOM, Buffer.from(text, 'utf16le')])
    : Buffer.from(text, 'utf8');
}

/** Undefined for what is not text: UTF-16 is known by its byte order mark, anything else must be UTF-8 without NUL. */
function decodeText(bytes: Buffer, truncated: boolean): DecodedText | undefined {
  if (bytes.subarray(0, 2).equals(UTF16LE_BOM)) return decodeUtf16(bytes, truncated);
  if (bytes.includes(0)) return undefined;
  // A byte order mark is kept as a character, so that writing the text gives the same bytes.
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let cut = 0; cut <= (truncated ? MAX_PARTIAL_BYTES : 0); cut += 1) {
    try {
      return { text: utf8.decode(bytes.subarray(0, bytes.length - cut)), encoding: 'utf-8' };
    } catch {
      // the last character may be cut in two: try with one byte less
    }
  }
  return undefined;
}

/** Only what encodes to the same bytes again; anything else would be changed by saving it unedited. */
function decodeUtf16(bytes: Buffer, truncated: boolean): DecodedText | undefined {
  if (bytes.length % 2 !== 0 && !truncated) return undefined;
  const text = bytes.subarray(2, bytes.length - (bytes.length % 2)).toString('utf16le');
  return { text, encoding: 'utf-16le' };
}

/** The line end that most lines have; a text without any counts as `\n`. */
function lineEndOf(text: string): '\n' | '\r\n' {
  const all = text.match(/\n/g)?.length ?? 0;
  const windows = text.match(/\r\n/g)?.length ?? 0;
  return windows * 2 > all ? '\r\n' : '\n';
}

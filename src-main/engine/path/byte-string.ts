/**
 * Names in a layer are byte strings, not text (semantics 1.7, rule 54). A ByteString keeps one byte in each UTF-16
 * unit (0–255): equality, Map keys and `<` are then bytewise, V8 stores it in one byte a character, and it survives
 * structured clone unchanged. Only the borders (window, CLI) turn it into text.
 */
import { Buffer } from 'node:buffer';

declare const byteString: unique symbol;
export type ByteString = string & { readonly [byteString]: true };

export function fromBytes(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') as ByteString;
}

export function toBytes(value: ByteString): Buffer {
  return Buffer.from(value, 'latin1');
}

export function fromText(text: string): ByteString {
  // eslint-disable-next-line no-control-regex -- the very point is to tell ASCII apart
  return (/^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')) as ByteString;
}

export function isUtf8(value: ByteString): boolean {
  return decode(value) !== undefined;
}

/** Text for people: UTF-8 where it is UTF-8, otherwise each odd byte as `\xNN`. Control characters are kept as they are. */
export function toText(value: ByteString): string {
  return decode(value) ?? escapeBytes(value);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(value: ByteString): string | undefined {
  // eslint-disable-next-line no-control-regex -- fast path for ASCII names
  if (/^[\x00-\x7f]*$/.test(value)) return value;
  try {
    return utf8.decode(toBytes(value));
  } catch {
    return undefined;
  }
}

function escapeBytes(value: ByteString): string {
  // eslint-disable-next-line no-control-regex -- bytes above ASCII are the ones to escape
  return value.replace(/[^\x00-\x7f]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

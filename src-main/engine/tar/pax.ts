/**
 * PAX extended headers (POSIX pax; semantics 61, 64, 66, 67): records `"%d key=value\n"` whose length counts itself.
 * Values are bytes; they may hold newlines and, for extended attributes, NULs.
 */
import { fromBytes, toBytes, type ByteString } from '../path/byte-string';
import { tarInvalid } from './tar-error';
import type { Timestamp } from './types';

/** Keys in the order of their last record; an empty value means “unset” and is kept as such. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

export const XATTR_PREFIX = 'SCHILY.xattr.';

/** Keys whose value must not hold a NUL; in all others the key must not (as Go reads them). */
const TEXT_KEYS: ReadonlySet<string> = new Set(['path', 'linkpath', 'uname', 'gname']);

const SPACE = 0x20;
const NEWLINE = 0x0a;
const EQUALS = 0x3d;

/**
 * The records copied out of `body`, later ones winning.
 * @param at offset of the extended header in the tar, for messages
 * @throws LaminaError TAR_INVALID
 */
export function parsePax(body: Buffer, at: number): PaxRecords {
  const records = new Map<string, Buffer>();
  let position = 0;
  while (position < body.length) {
    const space = body.indexOf(SPACE, position);
    const digits = space < 0 ? '' : body.toString('latin1', position, Math.min(space, position + 20));
    const length = /^\d{1,10}$/.test(digits) ? Number(digits) : 0;
    const end = position + length;
    const equals = space < 0 ? -1 : body.indexOf(EQUALS, space);
    if (end > body.length || equals <= space + 1 || equals >= end - 1 || body[end - 1] !== NEWLINE) {
      throw tarInvalid('A PAX extended header is malformed', at);
    }
    const key = body.toString('utf8', space + 1, equals);
    const value = body.subarray(equals + 1, end - 1);
    if (TEXT_KEYS.has(key) ? value.includes(0) : key.includes('\0')) {
      throw tarInvalid(`The PAX record “${key.replaceAll('\0', '\\0')}” contains a NUL byte`, at);
    }
    records.set(key, Buffer.from(value));
    position = end;
  }
  return records;
}

/** Text value of a record; undefined when it is not there or empty (rule 66). */
export function textRecord(records: PaxRecords, key: string): ByteString | undefined {
  const value = records.get(key);
  return value === undefined || value.length === 0 ? undefined : fromBytes(value);
}

/** Decimal whole number of a record. @throws LaminaError TAR_INVALID */
export function numberRecord(records: PaxRecords, key: string, at: number): number | undefined {
  const text = textRecord(records, key);
  if (text === undefined) return undefined;
  const value = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw tarInvalid(`The PAX record “${key}” is not a number that can be used`, at);
  return value;
}

/** Decimal seconds with a fraction, to the nanosecond; further digits are cut off. @throws LaminaError TAR_INVALID */
export function timeRecord(records: PaxRecords, key: string, at: number): Timestamp | undefined {
  const text = textRecord(records, key);
  if (text === undefined) return undefined;
  const match = /^([+-]?)(\d{1,15})(?:\.(\d*))?$/.exec(text);
  if (match === null) throw tarInvalid(`The PAX record “${key}” is not a time`, at);
  const [, sign, whole, fraction = ''] = match;
  const sec = Number(whole);
  const nsec = Number(fraction.slice(0, 9).padEnd(9, '0'));
  if (sign !== '-') return { sec, nsec };
  return nsec === 0 ? { sec: 0 - sec, nsec: 0 } : { sec: -sec - 1, nsec: 1_000_000_000 - nsec };
}

/** The inverse of `timeRecord`. */
export function formatTime({ sec, nsec }: Timestamp): ByteString {
  const negative = sec < 0;
  const whole = negative && nsec > 0 ? -sec - 1 : Math.abs(sec);
  const fraction = negative && nsec > 0 ? 1_000_000_000 - nsec : nsec;
  const digits = fraction === 0 ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
  return `${negative ? '-' : ''}${whole}${digits}` as ByteString;
}

/** One record; its length counts its own digits. */
export function encodePaxRecord(key: string, value: ByteString | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? toBytes(value) : value;
  const rest = Buffer.concat([Buffer.from(` ${key}=`), bytes, Buffer.from('\n')]);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** Numeric fields of a tar header (rule 60): octal with spaces and NULs around it, or base-256 when the top bit is set. */
import { tarInvalid } from './tar-error';

/** Where a field is: name for messages, offset in the block, length. */
export interface Field {
  readonly name: string;
  readonly start: number;
  readonly length: number;
}

/**
 * Value of a numeric field; an empty one is 0.
 * @param at offset of the header in the tar, for the message
 * @throws LaminaError TAR_INVALID when it is not a number or is beyond 2^53
 */
export function parseNumber(block: Buffer, field: Field, at: number): number {
  const first = block[field.start] ?? 0;
  const value = first & 0x80 ? parseBase256(block, field) : parseOctal(block, field);
  if (value === undefined || !Number.isSafeInteger(value)) {
    throw tarInvalid(`The ${field.name} of a header is not a number that can be used`, at);
  }
  return value;
}

const SPACE = 0x20;
const ZERO = 0x30;
const SEVEN = 0x37;

function parseOctal(block: Buffer, field: Field): number | undefined {
  let position = field.start;
  let end = field.start + field.length;
  const isBlank = (index: number): boolean => block[index] === SPACE || block[index] === 0;
  while (position < end && isBlank(position)) position++;
  while (end > position && isBlank(end - 1)) end--;
  let value = 0;
  for (; position < end; position++) {
    const digit = block[position] ?? 0;
    // What follows a NUL is not part of the field.
    if (digit === 0) break;
    if (digit < ZERO || digit > SEVEN) return undefined;
    value = value * 8 + (digit - ZERO);
  }
  return value;
}

/** Two's complement of the whole field, its top bit being the mark and not part of the number. */
function parseBase256(block: Buffer, field: Field): number | undefined {
  const first = block[field.start] ?? 0;
  const negative = (first & 0x40) !== 0;
  let value = negative ? (first | 0x80) - 256 : first & 0x7f;
  for (let index = 1; index < field.length; index++) {
    value = value * 256 + (block[field.start + index] ?? 0);
    if (!Number.isSafeInteger(value)) return undefined;
  }
  return value;
}

/** @throws RangeError when the value needs a PAX record. */
export function writeOctal(block: Buffer, field: Field, value: number): void {
  if (!fitsOctal(field, value)) throw new RangeError(`${field.name} ${value} does not fit an octal field`);
  block.write(`${value.toString(8).padStart(field.length - 1, '0')}\0`, field.start, 'latin1');
}

export function fitsOctal(field: Field, value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < 8 ** (field.length - 1);
}

/** Hex digits as the classic dump: offset, sixteen bytes in two groups, and the ASCII that is in them. */
const BYTES_IN_ROW = 16;
const HALF = 8;

export function hexLines(hex: string): string[] {
  const digits = hex.replace(/[^0-9a-fA-F]/g, '');
  const lines: string[] = [];
  for (let at = 0; at < digits.length; at += BYTES_IN_ROW * 2) {
    const bytes = digits.slice(at, at + BYTES_IN_ROW * 2).match(/../g) ?? [];
    const left = bytes.slice(0, HALF).join(' ');
    const right = bytes.slice(HALF).join(' ');
    const offset = (at / 2).toString(16).padStart(8, '0');
    lines.push(
      `${offset}  ${`${left.padEnd(HALF * 3 - 1)}  ${right}`.padEnd(BYTES_IN_ROW * 3)}  ${bytes.map(ascii).join('')}`,
    );
  }
  return lines;
}

function ascii(byte: string): string {
  const code = Number.parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}

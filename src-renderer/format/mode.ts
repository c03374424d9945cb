/** Permission bits as `ls -l` and as octal digits show them. */
import type { NodeType } from '@contract/views';

const TYPE_LETTER: Record<NodeType, string> = { file: '-', dir: 'd', symlink: 'l', char: 'c', block: 'b', fifo: 'p' };
const SET_ID = [0o4000, 0o2000, 0o1000];
const SET_ID_LETTER = ['s', 's', 't'];

/** `-rwxr-sr-t`, ten characters. */
export function modeText(type: NodeType, mode: number): string {
  const groups = [6, 3, 0].map((shift, group) => {
    const bits = (mode >> shift) & 7;
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${executeLetter(mode, bits, group)}`;
  });
  return TYPE_LETTER[type] + groups.join('');
}

function executeLetter(mode: number, bits: number, group: number): string {
  const executable = (bits & 1) !== 0;
  if ((mode & (SET_ID[group] ?? 0)) === 0) return executable ? 'x' : '-';
  const letter = SET_ID_LETTER[group] ?? '';
  return executable ? letter : letter.toUpperCase();
}

/** Four octal digits, `0755`. */
export function modeOctal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** The number that up to four octal digits stand for, or undefined for anything else. */
export function parseOctal(text: string): number | undefined {
  return /^[0-7]{1,4}$/.test(text.trim()) ? Number.parseInt(text.trim(), 8) : undefined;
}

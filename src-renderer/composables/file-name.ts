/** Whether a typed name can be a file's name inside an image; main has the last word. */

export type NameProblem = 'empty' | 'slash' | 'dots' | 'whiteout' | 'tooLong';

const LONGEST_BYTES = 255;

export function fileNameProblem(name: string): NameProblem | undefined {
  if (name === '') return 'empty';
  if (name.includes('/') || name.includes('\0')) return 'slash';
  if (name === '.' || name === '..') return 'dots';
  // In a layer such a name means that something is gone, and could never be committed as a file.
  if (name.startsWith('.wh.')) return 'whiteout';
  return new TextEncoder().encode(name).length > LONGEST_BYTES ? 'tooLong' : undefined;
}

/** One line of progress on a terminal, rewritten in place; nothing at all when nobody is looking. */
import type { PartProgress } from '../engine';
import { sizeText } from './text';

const INTERVAL_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

export interface Progress {
  readonly onProgress: ((progress: PartProgress) => void) | undefined;
  /** Takes the line away. */
  end(): void;
}

export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { onProgress: undefined, end: () => undefined };
  const parts = new Map<string, PartProgress>();
  let lastShown = 0;
  return {
    onProgress: (progress) => {
      parts.set(progress.part, progress);
      if (Date.now() - lastShown < INTERVAL_MS) return;
      lastShown = Date.now();
      stream.write(CLEAR_LINE + lineOf([...parts.values()]));
    },
    end: () => {
      if (lastShown > 0) stream.write(CLEAR_LINE);
    },
  };
}

function lineOf(parts: readonly PartProgress[]): string {
  const done = parts.reduce((sum, part) => sum + part.doneBytes, 0);
  const total = parts.reduce((sum, part) => sum + (part.totalBytes ?? part.doneBytes), 0);
  const running = parts.filter((part) => part.state === 'running').map((part) => part.label);
  return `${sizeText(done)} of ${sizeText(total)}  ${running.slice(0, 3).join(', ')}`;
}

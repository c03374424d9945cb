/** Reads a whole tar with the scanner, in pieces of any size, and collects what it tells. */
import { TarScanner } from '../../src-main/engine/tar/scanner';
import type { TarLimits } from '../../src-main/engine/tar/limits';
import type { TarDiagnostic, TarEntry } from '../../src-main/engine/tar/types';

export interface Scanned {
  readonly entries: readonly (TarEntry & { readonly content: Buffer })[];
  readonly diagnostics: readonly TarDiagnostic[];
  /** Paths in tar order. */
  readonly paths: readonly string[];
  readonly codes: readonly string[];
}

export interface ScanTarOptions {
  readonly pieceBytes?: number;
  readonly limits?: TarLimits;
}

export function scanTar(bytes: Buffer, options: ScanTarOptions = {}): Scanned {
  const entries: (TarEntry & { content: Buffer })[] = [];
  const diagnostics: TarDiagnostic[] = [];
  let pieces: Buffer[] = [];
  let open: TarEntry | undefined;
  const scanner = new TarScanner(
    {
      entry(entry) {
        if (open !== undefined) throw new Error(`${open.path} was not ended`);
        open = entry;
        pieces = [];
      },
      data(chunk) {
        pieces.push(Buffer.from(chunk));
      },
      entryEnd() {
        if (open === undefined) throw new Error('an end without an entry');
        entries.push({ ...open, content: Buffer.concat(pieces) });
        open = undefined;
      },
      diagnostic: (diagnostic) => diagnostics.push(diagnostic),
    },
    options.limits,
  );
  const step = options.pieceBytes ?? Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length; at += step) scanner.push(bytes.subarray(at, at + step));
  scanner.end();
  return {
    entries,
    diagnostics,
    paths: entries.map(({ path }) => path),
    codes: diagnostics.map(({ code }) => code),
  };
}

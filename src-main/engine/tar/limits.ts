/**
 * How much a tar may ask of us before it is refused (semantics S5–S7). The defaults are far above every real image;
 * they stop bombs, not users.
 */
import { LaminaError } from '../errors';

export interface TarLimits {
  /** Entries in one tar. */
  readonly maxEntries: number;
  /** Bytes of one name or link target. */
  readonly maxNameBytes: number;
  /** Components of one path. */
  readonly maxDepth: number;
  /** Bytes of one PAX header or GNU long name (Go and Docker refuse more, rule 66). */
  readonly maxRecordBytes: number;
  /** Bytes of the whole uncompressed tar. */
  readonly maxTarBytes: number;
  /** A compressed tar may grow this many times, once it has given `ratioGraceBytes`. */
  readonly maxRatio: number;
  readonly ratioGraceBytes: number;
}

export const DEFAULT_LIMITS: TarLimits = {
  maxEntries: 5_000_000,
  maxNameBytes: 64 * 1024,
  maxDepth: 4096,
  maxRecordBytes: 1024 * 1024,
  maxTarBytes: 64 * 1024 ** 3,
  maxRatio: 1000,
  ratioGraceBytes: 100 * 1024 ** 2,
};

/** Refuses what is over a limit; `what` is the start of a sentence, for example `The tar has more than 5 entries`. */
export function limitExceeded(what: string): LaminaError {
  return new LaminaError('LIMIT_EXCEEDED', `${what}: this looks like an attack or a damaged file.`, {
    hint: 'Check where the image comes from. If it is genuine, rebuild it with smaller layers.',
  });
}

/** Refusals of a tar: each says where in it the reader stood. */
import { LaminaError } from '../errors';

/** @param at byte offset in the uncompressed tar. */
export function tarInvalid(message: string, at: number, hint?: string): LaminaError {
  return new LaminaError('TAR_INVALID', `${message} (at byte ${at} of the tar).`, { hint });
}

export const TRUNCATED_HINT = 'The file is incomplete: fetch or export it again.';

/**
 * Typed errors. Each says what happened to which thing, why, and what to do about it, and survives a trip
 * between threads and over IPC as plain JSON.
 */

/** Every code an error of the engine can carry. The renderer and the CLI translate or print by code. */
export type ErrorCode =
  // what the user asked for
  | 'INVALID_REFERENCE'
  | 'INVALID_ARGUMENT'
  | 'IMAGE_NOT_FOUND'
  | 'IMAGE_AMBIGUOUS'
  | 'IMAGE_IN_USE'
  | 'LAYER_NOT_FOUND'
  | 'CONTAINER_NOT_FOUND'
  | 'CONTAINER_EXISTS'
  | 'PATH_NOT_FOUND'
  | 'PATH_EXISTS'
  | 'PATH_NOT_DIRECTORY'
  | 'PATH_IS_DIRECTORY'
  | 'PATH_RESERVED'
  | 'SYMLINK_LOOP'
  | 'INVALID_CHANGE'
  // what came in
  | 'UNKNOWN_FORMAT'
  | 'UNSUPPORTED_COMPRESSION'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'ARCHIVE_INVALID'
  | 'ARCHIVE_INCOMPLETE'
  | 'TAR_INVALID'
  | 'LAYER_INVALID'
  | 'IMAGE_INVALID'
  | 'DIGEST_MISMATCH'
  | 'LIMIT_EXCEEDED'
  // where it is kept
  | 'STORE_INVALID'
  | 'STORE_LOCKED'
  | 'STORE_CHANGED'
  | 'BLOB_MISSING'
  | 'BLOB_DAMAGED'
  | 'DISK_FULL'
  | 'IO'
  // how it ended
  | 'CANCELLED'
  | 'INTERNAL';

/** The facts of an error as they cross a thread or process border. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  /** One sentence: what happened to which thing and why. */
  readonly message: string;
  /** What the user can do about it, when there is something. */
  readonly hint?: string | undefined;
  /** The file, reference or path it is about. */
  readonly subject?: string | undefined;
}

export interface ErrorDetails {
  readonly hint?: string | undefined;
  readonly subject?: string | undefined;
  readonly cause?: unknown;
}

/** The one error class of the engine; `code` tells the kinds apart. */
export class LaminaError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly subject: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'LaminaError';
    this.code = code;
    this.hint = details.hint;
    this.subject = details.subject;
  }

  toJSON(): ErrorFacts {
    return { code: this.code, message: this.message, hint: this.hint, subject: this.subject };
  }

  /** Rebuilds an error that crossed a border as facts. */
  static fromFacts(facts: ErrorFacts): LaminaError {
    return new LaminaError(facts.code, facts.message, { hint: facts.hint, subject: facts.subject });
  }
}

/** Turns anything thrown into a LaminaError: abort → CANCELLED, ENOSPC → DISK_FULL, other system errors → IO. */
export function toLaminaError(thrown: unknown, subject?: string): LaminaError {
  if (thrown instanceof LaminaError) return thrown;
  if (!(thrown instanceof Error)) return new LaminaError('INTERNAL', String(thrown), { subject });
  if (thrown.name === 'AbortError')
    return new LaminaError('CANCELLED', 'The work was cancelled.', { subject, cause: thrown });
  const system = thrown as NodeJS.ErrnoException;
  if (system.code === 'ENOSPC' || system.code === 'EDQUOT') {
    return new LaminaError('DISK_FULL', `The disk is full: ${thrown.message}`, {
      subject: subject ?? system.path,
      hint: 'Free some space or move the store to a larger disk, then try again. Nothing half-written was kept.',
      cause: thrown,
    });
  }
  if (system.syscall !== undefined) {
    return new LaminaError('IO', thrown.message, { subject: subject ?? system.path, cause: thrown });
  }
  return new LaminaError('INTERNAL', thrown.message, { subject, cause: thrown });
}

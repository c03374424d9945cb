import type { WireError } from '@contract/views';

/** An error of main as the window shows it: what happened, why, and what to do about it. */
export class ApiError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly subject: string | undefined;

  constructor(error: WireError) {
    super(error.message);
    this.name = 'ApiError';
    this.code = error.code;
    this.hint = error.hint;
    this.subject = error.subject;
  }
}

/** Anything thrown as an ApiError; what is not from main becomes INTERNAL. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError({ code: 'INTERNAL', message: thrown instanceof Error ? thrown.message : String(thrown) });
}

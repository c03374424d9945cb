import { useI18n } from 'vue-i18n';

/** What an error needs to be shown; ApiError and WireError both fit. */
export interface ShownError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly subject?: string | undefined;
}

export interface ErrorText {
  /** The kind of error in a few words. */
  readonly titleOf: (error: ShownError) => string;
  /** What to do: main's own hint, or the general one for the kind of error. */
  readonly hintOf: (error: ShownError) => string | undefined;
  /** Everything, as text to copy into a report. */
  readonly detailsOf: (error: ShownError) => string;
}

/** Words for errors by their code, in the language in use. */
export function useErrorText(): ErrorText {
  const i18n = useI18n();

  const titleOf = (error: ShownError): string => {
    const key = `errors.title.${error.code}`;
    return i18n.t(i18n.te(key) ? key : 'errors.title.INTERNAL');
  };
  const hintOf = (error: ShownError): string | undefined => {
    const key = `errors.hint.${error.code}`;
    return error.hint ?? (i18n.te(key) ? i18n.t(key) : undefined);
  };
  const detailsOf = (error: ShownError): string =>
    [`${error.code}: ${error.message}`, error.subject, hintOf(error)].filter((line) => line !== undefined).join('\n');

  return { titleOf, hintOf, detailsOf };
}

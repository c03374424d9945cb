/** What was thrown as one line for a dialog: what is wrong and, when it is known, what to do. */
export function errorLine(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const hint = 'hint' in thrown && typeof thrown.hint === 'string' ? thrown.hint : undefined;
  return hint === undefined ? thrown.message : `${thrown.message} ${hint}`;
}

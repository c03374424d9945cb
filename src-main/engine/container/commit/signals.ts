/** Signals that STOPSIGNAL accepts: Linux's names with or without `SIG`, and numbers (moby/sys/signal). */

const NAMES = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP ' +
    'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'
  ).split(' '),
);
const REAL_TIME = /^RTM(?:IN(?:\+(\d{1,2}))?|AX(?:-(\d{1,2}))?)$/;
/** RTMIN is 34 and RTMAX 64; names count up to the middle from either end. */
const MAX_ABOVE_MIN = 15;
const MAX_BELOW_MAX = 14;

export function isSignal(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) > 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (NAMES.has(name)) return true;
  const found = REAL_TIME.exec(name);
  if (found === null) return false;
  return Number(found[1] ?? 0) <= MAX_ABOVE_MIN && Number(found[2] ?? 0) <= MAX_BELOW_MAX;
}

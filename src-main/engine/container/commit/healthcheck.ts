/** HEALTHCHECK: `NONE`, or options and a command (buildkit instructions/parse.go `parseHealthcheck`). */
import { jsonArray } from './json-array';

/** Docker's container.HealthConfig; durations in nanoseconds. */
export interface Healthcheck {
  readonly Test: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

type DurationField = 'Interval' | 'Timeout' | 'StartPeriod' | 'StartInterval';
const DURATIONS: ReadonlyMap<string, DurationField> = new Map([
  ['interval', 'Interval'],
  ['timeout', 'Timeout'],
  ['start-period', 'StartPeriod'],
  ['start-interval', 'StartInterval'],
]);
const OPTION = /^--([a-z-]+)=(\S+)\s+/;
const NANOSECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3_600e9],
]);
const DURATION_PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/gy;
const SHORTEST = 1e6;

/** @throws Error with what is wrong */
export function parseHealthcheck(text: string): Healthcheck {
  const options: { [F in DurationField | 'Retries']?: number } = {};
  let rest = text;
  for (let found = OPTION.exec(rest); found !== null; found = OPTION.exec(rest)) {
    const [whole, name = '', value = ''] = found;
    rest = rest.slice(whole.length);
    const field = DURATIONS.get(name);
    if (field !== undefined) options[field] = parseDuration(name, value);
    else if (name === 'retries') options.Retries = parseRetries(value);
    else throw new Error(`“--${name}” is not an option of HEALTHCHECK`);
  }
  const [, kind = '', command = ''] = /^(\S+)\s*(.*)$/s.exec(rest) ?? [];
  if (kind.toUpperCase() === 'NONE') {
    if (command !== '' || rest !== text) throw new Error('HEALTHCHECK NONE takes no arguments');
    return { Test: ['NONE'] };
  }
  if (kind.toUpperCase() !== 'CMD') throw new Error(`“${kind}” is neither CMD nor NONE`);
  if (command === '') throw new Error('a command is missing after HEALTHCHECK CMD');
  const parts = jsonArray(command);
  return { Test: parts === undefined ? ['CMD-SHELL', command] : ['CMD', ...parts], ...options };
}

function parseRetries(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new Error(`“--retries=${value}” is not a number of tries`);
  return Number(value);
}

/** Go's notation, `1m30s`, in nanoseconds. */
function parseDuration(name: string, text: string): number {
  let nanoseconds = 0;
  let length = 0;
  for (const [whole, amount = '', unit = ''] of text.matchAll(DURATION_PART)) {
    nanoseconds += Number(amount) * (NANOSECONDS.get(unit) ?? Number.NaN);
    length += whole.length;
  }
  const isZero = text === '0';
  if ((length !== text.length || length === 0) && !isZero) {
    throw new Error(`“--${name}=${text}” is not a duration such as 30s or 1m30s`);
  }
  if (nanoseconds !== 0 && nanoseconds < SHORTEST) throw new Error(`“--${name}” cannot be shorter than 1ms`);
  return Math.round(nanoseconds);
}

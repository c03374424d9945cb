/** Numbers, sizes and times in a language's own way. Sizes are decimal (1 kB = 1000 bytes), as registries count. */

export interface Format {
  readonly number: (value: number) => string;
  /** `310.0 MB`; undefined gives a dash. */
  readonly bytes: (value: number | undefined) => string;
  /** `4.1 MB/s` */
  readonly speed: (bytesPerSecond: number) => string;
  /** `1 min 20 s`: at most two units, seconds rounded up. */
  readonly duration: (seconds: number) => string;
  readonly percent: (fraction: number) => string;
  /** Day only; undefined or not a time gives a dash. */
  readonly date: (iso: string | undefined) => string;
  /** Day and time to the second. */
  readonly dateTime: (iso: string | undefined) => string;
  /** `3 days ago`, counted from `now` (milliseconds). */
  readonly relative: (iso: string | undefined, now: number) => string;
  readonly list: (items: readonly string[]) => string;
}

const NONE = '–';
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

function timeOf(iso: string | undefined): number | undefined {
  if (iso === undefined) return undefined;
  const time = Date.parse(iso);
  return Number.isNaN(time) ? undefined : time;
}

function scaled(value: number): { readonly amount: number; readonly unit: string; readonly digits: number } {
  let amount = value;
  let step = 0;
  // 999.95 would round to 1000.0, so it already counts in the next unit.
  while (amount >= (step === 0 ? 1000 : 999.95) && step < UNITS.length - 1) {
    amount /= 1000;
    step += 1;
  }
  return { amount, unit: UNITS[step] ?? 'B', digits: step === 0 ? 0 : 1 };
}

function durationParts(seconds: number): readonly (readonly ['hour' | 'minute' | 'second', number])[] {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole >= 3600) {
    return [
      ['hour', Math.floor(whole / 3600)],
      ['minute', Math.floor((whole % 3600) / 60)],
    ];
  }
  if (whole >= 60) {
    return [
      ['minute', Math.floor(whole / 60)],
      ['second', whole % 60],
    ];
  }
  return [['second', whole]];
}

/** The format of one language (BCP 47). */
export function createFormat(language: string): Format {
  const integers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const days = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric' });
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const relatives = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const lists = new Intl.ListFormat(language, { style: 'long', type: 'conjunction' });

  const bytes = (value: number | undefined): string => {
    if (value === undefined) return NONE;
    const { amount, unit, digits } = scaled(Math.max(0, value));
    return `${(digits === 0 ? integers : tenths).format(amount)} ${unit}`;
  };
  const unit = (name: string, value: number): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);

  return {
    number: (value) => integers.format(value),
    bytes,
    speed: (bytesPerSecond) => `${bytes(bytesPerSecond)}/s`,
    duration: (seconds) =>
      durationParts(seconds)
        .map(([name, value]) => unit(name, value))
        .join(' '),
    percent: (fraction) => percents.format(Math.min(1, Math.max(0, fraction))),
    date: (iso) => {
      const time = timeOf(iso);
      return time === undefined ? NONE : days.format(time);
    },
    dateTime: (iso) => {
      const time = timeOf(iso);
      return time === undefined ? NONE : times.format(time);
    },
    relative: (iso, now) => {
      const time = timeOf(iso);
      if (time === undefined) return NONE;
      const seconds = (time - now) / 1000;
      const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
      return step === undefined
        ? relatives.format(0, 'second')
        : relatives.format(Math.trunc(seconds / step[1]), step[0]);
    },
    list: (items) => lists.format(items),
  };
}

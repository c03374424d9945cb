/** Day and minute with the same number of digits in each row, for columns of times. */
export function createStamp(language: string): (iso: string) => string {
  const format = new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (iso) => {
    const time = Date.parse(iso);
    return Number.isNaN(time) ? '–' : format.format(time);
  };
}

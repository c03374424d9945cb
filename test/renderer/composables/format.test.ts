import { describe, expect, it } from 'vitest';
import { createFormat } from '../../../src-renderer/composables/format';

const en = createFormat('en');
const zh = createFormat('zh-CN');

describe('sizes', () => {
  it('are whole bytes below a kilobyte and tenths above', () => {
    expect([0, 1, 999, 1000, 1500, 310_000_000].map((n) => en.bytes(n))).toEqual([
      '0 B',
      '1 B',
      '999 B',
      '1.0 kB',
      '1.5 kB',
      '310.0 MB',
    ]);
  });

  it('go to the next unit instead of showing 1000.0', () => {
    expect(en.bytes(999_949)).toBe('999.9 kB');
    expect(en.bytes(999_950)).toBe('1.0 MB');
  });

  it('show a dash when they are not known, and never less than nothing', () => {
    expect(en.bytes(undefined)).toBe('–');
    expect(en.bytes(-5)).toBe('0 B');
  });

  it('end at petabytes', () => {
    expect(en.bytes(2e18)).toBe('2,000.0 PB');
  });
});

describe('times', () => {
  it('are written as the language writes them', () => {
    expect(en.date('2025-03-04T12:00:00Z')).toBe('Mar 4, 2025');
    expect(zh.date('2025-03-04T12:00:00Z')).toBe('2025年3月4日');
  });

  it('show a dash for none and for what is not a time', () => {
    expect([en.date(undefined), en.date('yesterday'), en.dateTime('')]).toEqual(['–', '–', '–']);
  });

  it('count back from now in the largest unit that fits', () => {
    const now = Date.parse('2025-03-04T12:00:00Z');
    expect(en.relative('2025-03-01T12:00:00Z', now)).toBe('3 days ago');
    expect(en.relative('2025-03-04T11:59:50Z', now)).toBe('now');
    expect(zh.relative('2025-03-04T10:00:00Z', now)).toBe('2小时前');
  });
});

describe('durations', () => {
  it('use at most two units and round seconds up', () => {
    expect(en.duration(0.2)).toBe('1 sec');
    expect(en.duration(80)).toBe('1 min 20 sec');
    expect(en.duration(3_700)).toBe('1 hr 1 min');
  });
});

it('says a share between nothing and all', () => {
  expect([-1, 0.256, 3].map((n) => en.percent(n))).toEqual(['0%', '26%', '100%']);
});

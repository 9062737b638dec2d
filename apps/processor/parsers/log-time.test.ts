import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LogTime, midnight, readDateTime } from './log-time.ts';

describe('midnight', () => {
  test('is that of Date for every day', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2399-12-31'), noInvalidDate: true }),
        (date) => {
          const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
          expect(midnight(year, month, day)).toBe(Date.UTC(year, month - 1, day) / 1000);
        },
      ),
    );
  });

  test('does not exist for days that are not in the calendar', () => {
    for (const [year, month, day] of [
      [2026, 2, 29],
      [2100, 2, 29],
      [2026, 4, 31],
      [2026, 13, 1],
      [2026, 0, 1],
      [2026, 1, 0],
      [1969, 12, 31],
    ] as const) {
      expect(midnight(year, month, day)).toBe(-1);
    }
    expect(midnight(2000, 2, 29)).toBe(Date.UTC(2000, 1, 29) / 1000);
  });
});

describe('a date and time', () => {
  const read = (text: string) => {
    const time = new LogTime({ time: 5 });
    const end = readDateTime(Buffer.from(`${text} `), 0, text.length, time);
    return { end, ...time.state() };
  };

  test('is read to the microsecond, however many digits its fraction has', () => {
    expect(read('2026-03-01T00:00:01.000002')).toEqual({ end: 26, time: 1772323201000002 });
    expect(read('2026-03-01 00:00:01.5')).toEqual({ end: 21, time: 1772323201500000 });
    expect(read('2026-03-01 00:00:01.123456789')).toEqual({ end: 29, time: 1772323201123456 });
    expect(read('2026-03-01 00:00:01')).toEqual({ end: 19, time: 1772323201000000 });
  });

  test('that does not exist changes nothing', () => {
    for (const text of ['2026-02-30 00:00:00', '2026-03-01 24:00:00', '2026-03-01 00:60:00', '2026-03-01 00:0', '']) {
      expect(read(text)).toEqual({ end: -1, time: 5 });
    }
  });
});

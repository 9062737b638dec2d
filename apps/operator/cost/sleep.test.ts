import { describe, expect, test } from '@jest/globals';
import { awakeShare } from './sleep.ts';

describe('the share of a week that an environment is awake', () => {
  test('is all of it where nothing sleeps', () => expect(awakeShare(null)).toBe(1));

  test('is five times thirteen hours for working days from 7 to 20', () => {
    const sleep = { stop: 'cron(0 20 ? * MON-FRI *)', start: 'cron(0 7 ? * MON-FRI *)' };
    expect(awakeShare(sleep)).toBeCloseTo(65 / 168, 9);
  });

  test('counts on to the next stop where there are fewer stops than starts', () => {
    const sleep = { stop: 'cron(30 18 ? * FRI *)', start: 'cron(0 8 ? * MON *)' };
    expect(awakeShare(sleep)).toBeCloseTo((4 * 24 + 10.5) / 168, 9);
  });

  test('refuses a schedule that it cannot read', () => {
    expect(() => awakeShare({ stop: 'rate(1 day)', start: 'rate(2 days)' })).toThrow('cannot read rate(');
  });
});

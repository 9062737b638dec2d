import { describe, expect, test } from '@jest/globals';
import { quantity, renderText, usd } from './render.ts';
import { SUMMARY } from './testing/sample.ts';

describe('the overview', () => {
  const lines = renderText(SUMMARY, false);

  test('has one row per section, with three columns beside the first estimate', () => {
    expect(lines.find((text) => text.startsWith('Nodes'))).toMatch(/^Nodes +1,200 +900 +700 +1,200-1,800$/);
    expect(lines.find((text) => text.startsWith('Volumes'))).toMatch(/^Volumes +80 +80 +80 +-$/);
  });

  test('says how much CloudWatch Logs would be, and what is apart from the total', () => {
    expect(lines.join('\n')).toContain(
      'CloudWatch Logs for the same volume: 50,000, 39.1 times the total, 36.2 times with account-wide',
    );
    expect(lines.join('\n')).toContain('are not in the total');
  });

  test('marks what is chosen, and signs what other choices would add', () => {
    expect(lines).toContain('           0 * public');
    expect(lines).toContain('      +1,022   endpoints');
    expect(lines).toContain('       -5.00   none');
  });

  test('lists every line on request only', () => {
    const all = renderText(SUMMARY, true);
    expect(all.some((text) => text.includes('root volumes'))).toBe(true);
    expect(all.length).toBeGreaterThan(lines.length);
  });

  test('is no wider than 100 columns where it is a table', () => {
    for (const text of lines.filter((each) => !each.includes(':'))) expect(text.length).toBeLessThanOrEqual(100);
  });
});

describe('numbers for people', () => {
  test('have cents below ten only', () => {
    expect([usd(9.126), usd(10.4), usd(49_999.6)]).toEqual(['9.13', '10', '50,000']);
  });
  test('are in millions above one', () => {
    expect([quantity(36_618_000), quantity(1234), quantity(0.25)]).toEqual(['36.6 M', '1,234', '0.25']);
  });
});

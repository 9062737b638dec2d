import { describe, expect, it } from '@jest/globals';
import { median } from './measure.ts';
import { figures, markdown, type Report, type Result } from './report.ts';

const usage = (cpuSeconds: number, peakRssBytes = 5e6) => ({ cpuSeconds, wallSeconds: cpuSeconds, peakRssBytes });
const results: Result[] = [
  { corpus: 'a', row: 'zstd -1', type: 'peer', bytes: 1e8, goals: {}, runs: [usage(0.2), usage(0.4), usage(0.25)] },
  {
    corpus: 'a',
    row: 'parse',
    type: 'stage',
    bytes: 1e8,
    goals: { 'zstd -1': 0.5 },
    runs: [usage(1), usage(0.5, 9e6), usage(0.4)],
  },
  { corpus: 'b', row: 'parse', type: 'stage', bytes: 1e8, goals: { 'zstd -1': 0.5 }, runs: [usage(1)] },
];

describe('figures', () => {
  it('compares medians per CPU second with the peers on the same corpus', () => {
    const [, parse] = figures(results);
    expect(parse).toEqual({
      corpus: 'a',
      row: 'parse',
      type: 'stage',
      megabytes: 100,
      mbPerCpuSecond: 200,
      runs: [100, 200, 250],
      peakRssMb: 9,
      ratios: { 'zstd -1': 0.5 },
      goals: { 'zstd -1': 0.5 },
      reached: true,
    });
  });

  it('judges no goal whose peer was not measured', () => {
    expect(figures(results)[2]).not.toHaveProperty('reached');
  });
});

describe('markdown', () => {
  it('shows one table per corpus and says what could not be measured', () => {
    const report: Report = {
      version: 1,
      node: '22.0.0',
      cpu: 'a CPU',
      measuredAt: '2026-11-21T00:00:00Z',
      rounds: 3,
      left: [{ row: 'gzip -1', reason: 'install gzip' }],
      figures: figures(results),
    };
    const text = markdown(report);
    expect(text.match(/^\*\*\w\*\*/gm)).toEqual(['**a**', '**b**']);
    expect(text).toContain('>= 0.5 x zstd -1: reached');
    expect(text).toContain('Not measured: gzip -1 (install gzip).');
    const lines = text.split('\n').filter((line) => line.startsWith('|'));
    expect(lines).toHaveLength(2 + 2 + 2 + 1);
  });
});

describe('median', () => {
  it('is the middle value, and never of nothing', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2);
    expect(() => median([])).toThrow(RangeError);
  });
});

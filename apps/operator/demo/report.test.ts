import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { demoPlots } from './demo-plots.ts';
import type { DemoRun, DemoSample } from './demo-run.ts';
import { escapeHtml } from './html.ts';
import { renderPlot } from './plot.ts';
import { formatSeconds, niceScale, timeTicks } from './plot-scale.ts';
import { findProblems, renderReport } from './report.ts';

function sample(t: number): DemoSample {
  return {
    t,
    bytesOffered: t * 1e6,
    bytesArchived: Math.max(0, t - 2) * 1e6,
    records: t * 3000,
    rawRecords: t * 100,
    apiCalls: { DescribeDBLogFiles: t * 3, DownloadDBLogFilePortion: t * 5 },
    throttled: t,
    lagSeconds: { p50: 1, max: 2 },
  };
}

function demoRun(changes: Partial<DemoRun> = {}): DemoRun {
  return {
    startedAt: Date.parse('2026-11-21T02:00:00Z'),
    version: '0.1.0',
    samples: Array.from({ length: 61 }, (_, t) => sample(t)),
    rotationMarks: [
      { t: 20.2, instanceId: 'a-1' },
      { t: 19.9, instanceId: 'b-1' },
    ],
    perInstance: [
      {
        instanceId: 'a-1',
        clusterId: 'a',
        engine: 'aurora-mysql',
        files: 4,
        rotations: 1,
        bytesGenerated: 60e6,
        bytesArchived: 60e6,
        bytesLost: 0,
        bytesDuplicated: 0,
        recordsParsed: 170_000,
        recordsRaw: 6000,
      },
    ],
    bytesGenerated: 60e6,
    bytesArchived: 60e6,
    bytesLost: 0,
    bytesDuplicated: 0,
    recordsParsed: 170_000,
    recordsRaw: 6000,
    problems: 0,
    apiCalls: 480,
    throttled: 60,
    rotations: 1,
    seconds: 60,
    filesCompared: 4,
    filesIdentical: 4,
    ...changes,
  };
}

describe('renderReport', () => {
  it('says that every byte is kept only when nothing speaks against it', () => {
    expect(renderReport(demoRun())).toContain('0 lost, 0 duplicated');
    const failures: Partial<DemoRun>[] = [
      { bytesLost: 1 },
      { problems: 1 },
      { bytesDuplicated: 1 },
      { bytesArchived: 59e6 },
      { filesIdentical: 3 },
      { filesCompared: 0, filesIdentical: 0 },
    ];
    for (const failure of failures) {
      const page = renderReport(demoRun(failure));
      expect(page).not.toContain('0 lost, 0 duplicated');
      expect(page).toContain('class="verdict bad"');
      expect(findProblems(demoRun(failure))).toHaveLength(1);
    }
  });

  it('stands alone: no script, nothing loaded from elsewhere', () => {
    const page = renderReport(demoRun());
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/i);
  });

  it('shows names as text, whatever they are', () => {
    const instance = demoRun().perInstance[0];
    const name = `<b onclick='x'>&"\u0000`;
    const page = renderReport(
      demoRun({
        perInstance: instance ? [{ ...instance, instanceId: name }] : [],
        rotationMarks: [{ t: 1, instanceId: name }],
      }),
    );
    expect(page).not.toContain('<b onclick');
    expect(page.split('&lt;b onclick=&#39;x&#39;&gt;&amp;&quot;\ufffd')).toHaveLength(3);
  });

  it('is well-formed and has finite coordinates for any samples', () => {
    const anySample = fc.record({
      t: fc.integer({ min: 0, max: 100_000 }),
      bytesOffered: fc.nat(),
      bytesArchived: fc.nat(),
      records: fc.nat(),
      rawRecords: fc.nat(),
      apiCalls: fc.dictionary(fc.string(), fc.nat(), { maxKeys: 8 }),
      throttled: fc.nat(),
      lagSeconds: fc.record({ p50: fc.nat(1000), max: fc.nat(1000) }),
    });
    fc.assert(
      fc.property(fc.array(anySample, { maxLength: 30 }), (samples) => {
        const sorted = [...samples].sort((a, b) => a.t - b.t);
        const page = renderReport(demoRun({ samples: sorted }));
        expect(page).not.toMatch(/NaN|Infinity|undefined/);
        for (const tag of ['svg', 'figure', 'div', 'span', 'title', 'table', 'section']) {
          expect(page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length).toBe(
            page.match(new RegExp(`</${tag}>`, 'g'))?.length,
          );
        }
      }),
      { numRuns: 50, examples: [[[{ ...sample(1), apiCalls: { valueOf: 0 } }]]] },
    );
  });

  it('stays small for a demo of a day', () => {
    const samples = Array.from({ length: 86_400 }, (_, t) => sample(t));
    const rotationMarks = samples.map(({ t }) => ({ t, instanceId: `instance-${t % 316}` }));
    expect(renderReport(demoRun({ samples, rotationMarks })).length).toBeLessThan(400_000);
  });
});

describe('demoPlots', () => {
  it('draws rates from counters and marks rotations of one second once', () => {
    const [bytes, records, , calls] = demoPlots(demoRun());
    expect(records?.series[0]?.values.slice(1)).toEqual(Array.from({ length: 60 }, () => 3000));
    expect(bytes?.marks).toEqual([{ t: 20, label: 'Rotated at 20 s: a-1, b-1' }]);
    expect(calls?.series.map(({ label }) => label)).toEqual([
      'DownloadDBLogFilePortion',
      'DescribeDBLogFiles',
      'of these throttled',
    ]);
  });

  it('begins at 0 when the first sample came later', () => {
    const [bytes] = demoPlots(demoRun({ samples: [sample(3), sample(4)] }));
    expect(bytes?.times).toEqual([0, 3, 4]);
    expect(bytes?.series[0]?.values).toEqual([0, 3, 4]);
  });

  it('puts actions beyond the fifth together and loses none', () => {
    const apiCalls = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`Action${index}`, 10 + index]));
    const [, , , calls] = demoPlots(demoRun({ samples: [sample(0), { ...sample(1), apiCalls }] }));
    const columns = calls?.series.filter(({ style }) => style === 'column') ?? [];
    expect(columns.map(({ label }) => label)).toEqual(['Action7', 'Action6', 'Action5', 'Action4', 'other actions']);
  });
});

describe('renderPlot', () => {
  it('puts values to scale and tells them in tips', () => {
    const plot = renderPlot({
      title: 'T',
      unit: 'MB',
      caption: 'C',
      times: [0, 10],
      series: [{ label: 'x', colour: 'blue', style: 'line', values: [0, 4] }],
      format: (value) => `${value} MB`,
    });
    expect(plot).toContain('points="0,240 1000,0"');
    expect(plot).toContain('<title>At 10 s\nx: 4 MB</title>');
  });
});

describe('scales', () => {
  it('hold the largest value in a few round steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (largest) => {
        const { max, ticks } = niceScale(largest, 4);
        expect(max).toBeGreaterThanOrEqual(largest * (1 - 1e-9));
        expect(max).toBeLessThan(largest * 2.6);
        expect(ticks.length).toBeLessThanOrEqual(5);
        expect(ticks[0]).toBe(0);
      }),
    );
    expect(niceScale(0, 4).max).toBe(1);
    expect(timeTicks(60, 6)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect([0.25, 59, 60, 90, 3600, 5400].map(formatSeconds)).toEqual([
      '0.3 s',
      '59 s',
      '1 min',
      '1 min 30 s',
      '1 h',
      '1 h 30 min',
    ]);
  });
});

describe('escapeHtml', () => {
  it('leaves no character with a meaning', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))));
  });
});

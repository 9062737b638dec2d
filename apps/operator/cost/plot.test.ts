import { describe, expect, test } from '@jest/globals';
import { renderPlot } from './plot.ts';
import type { Summary } from './summary.ts';
import { SUMMARY } from './testing/sample.ts';

const at = (factor: number): Summary => ({
  ...SUMMARY,
  volume: { ...SUMMARY.volume, tbPerMonth: 100 * factor },
  total: { onDemand: 1280 * factor, spot: 980 * factor, committed: 780 * factor },
  cloudWatchLogs: 50_000 * factor,
});
const CURVE = [at(0.1), at(1), at(10)];

describe('the plot', () => {
  const svg = renderPlot(SUMMARY, CURVE, 'svg');

  test('is one SVG that loads nothing from elsewhere', () => {
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|url\(|<script|href/);
  });

  test('opens as many elements as it closes', () => {
    const opened = svg.match(/<[a-z]+[^>]*[^/]>/g)?.length;
    expect(opened).toBe(svg.match(/<\/[a-z]+>/g)?.length);
  });

  test('stays inside its frame', () => {
    const numbers = [...svg.matchAll(/ (x|y|x1|x2|y1|y2|cx|cy)="([\d.-]+)"/g)].map(([, axis, value]) => ({
      wide: axis?.includes('x'),
      value: Number(value),
    }));
    expect(numbers.length).toBeGreaterThan(50);
    for (const { wide, value } of numbers) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(wide ? 960 : 740);
    }
  });

  test('makes the bars as long as their amounts: without spot a third longer than with', () => {
    const width = (title: string) =>
      Number(new RegExp(`width="([\\d.]+)" height="30" fill="[^"]+"><title>${title}`).exec(svg)?.[1]);
    expect(width('Nodes: 1,200') / width('Nodes: 900')).toBeCloseTo(4 / 3, 1);
  });

  test('is a page around the same drawing when it shall be HTML', () => {
    const html = renderPlot(SUMMARY, CURVE, 'html');
    expect(html.startsWith('<!doctype html>')).toBe(true);
    expect(html).toContain(svg.trim());
  });

  test('keeps a name with markup signs as text', () => {
    expect(renderPlot({ ...SUMMARY, environment: '<b>&' }, CURVE, 'svg')).toContain('&#60;b&#62;&#38;');
  });
});

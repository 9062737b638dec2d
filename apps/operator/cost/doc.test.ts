import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { assumptionsTable, choicesTable, fillGenerated, linesTable, overviewTable, sourcesTable } from './doc.ts';
import { estimateOf } from './estimate.ts';
import { type Summary, summarize } from './summary.ts';
import { synthesize } from './synthesized.ts';
import { SUMMARY } from './testing/sample.ts';

const FILE = 'docs/cost.md';
const REFRESH = 'run: node scripts/write-cost-doc.ts';

describe('the generated parts of the cost guide', () => {
  const guide = readFileSync(FILE, 'utf8');
  let totals: Record<string, Summary['total']>;

  beforeAll(async () => {
    const stacks = await synthesize(process.cwd());
    const total = (name: string) => summarize(estimateOf(name, stacks)).total;
    totals = { poc: total('poc'), production: total('production') };
  }, 60_000);

  test('hold the assumptions and sources of this release', () => {
    for (const part of [assumptionsTable(), sourcesTable()]) {
      expect({ [REFRESH]: guide.includes(part) }).toEqual({ [REFRESH]: true });
    }
  });

  test('give totals within a twentieth of what the stacks cost now', () => {
    for (const [name, { onDemand }] of Object.entries(totals)) {
      const part = guide.slice(guide.indexOf(`<!-- generated: ${name} -->`));
      const written = Number(/\*\*total\*\* +\| +\*\*([\d,.]+)\*\*/.exec(part)?.[1]?.replaceAll(',', ''));
      expect({ name, [REFRESH]: Math.abs(written / onDemand - 1) < 0.05 }).toEqual({ name, [REFRESH]: true });
    }
  });
});

describe('generating', () => {
  test('replaces a part and keeps what is around it', () => {
    const text = 'before\n<!-- generated: a -->\nold\n<!-- end -->\nafter';
    const once = fillGenerated(text, { a: 'new' });
    expect(once).toBe('before\n<!-- generated: a -->\n\nnew\n\n<!-- end -->\nafter');
    expect(fillGenerated(once, { a: 'new' })).toBe(once);
  });

  test('refuses a part that the guide has not', () => {
    expect(() => fillGenerated('nothing', { a: 'new' })).toThrow('no part "a"');
  });

  test('makes tables of equal width in every row', () => {
    for (const table of [overviewTable(SUMMARY), linesTable(SUMMARY), choicesTable(SUMMARY), assumptionsTable()]) {
      const widths = new Set(table.split('\n').map((row) => row.split(' | ').length));
      expect(widths.size).toBe(1);
    }
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assumptionsTable,
  choicesTable,
  fillGenerated,
  linesTable,
  overviewTable,
  sourcesTable,
} from '../apps/operator/cost/doc.ts';
import { estimateOf } from '../apps/operator/cost/estimate.ts';
import { curveOf, renderPlot } from '../apps/operator/cost/plot.ts';
import { summarize } from '../apps/operator/cost/summary.ts';
import { synthesize } from '../apps/operator/cost/synthesized.ts';

/** Writes the tables of docs/cost.md and its drawing from the stacks and the price file: `node scripts/write-cost-doc.ts`. */
const root = join(import.meta.dirname, '..');
const stacks = await synthesize(root);
const estimate = estimateOf('production', stacks);
const [poc, production] = [summarize(estimateOf('poc', stacks)), summarize(estimate)];
const file = join(root, 'docs', 'cost.md');
writeFileSync(
  file,
  fillGenerated(readFileSync(file, 'utf8'), {
    poc: overviewTable(poc),
    production: overviewTable(production),
    lines: linesTable(production),
    choices: choicesTable(production),
    assumptions: assumptionsTable(),
    sources: sourcesTable(),
  }),
);
writeFileSync(join(root, 'docs', 'cost-production.svg'), renderPlot(production, curveOf(estimate, stacks), 'svg'));

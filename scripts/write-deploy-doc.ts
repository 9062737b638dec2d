import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillGenerated } from '../apps/operator/cost/doc.ts';
import { synthesizeAsWritten } from '../stacks/testing/synthesize.ts';
import { deployTables } from './docs/deploy-tables.ts';

/** Writes the tables of docs/deploy.md from the inputs, the tools that doctor knows, and the stacks: `npm run docs`. */
const file = join(import.meta.dirname, '../docs/deploy.md');
writeFileSync(file, fillGenerated(readFileSync(file, 'utf8'), deployTables(synthesizeAsWritten())));

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeAsWritten } from '../stacks/testing/synthesize.ts';
import { renderStackPage } from './docs/stack-page.ts';

/** Writes docs/diagrams/<stack>.md from the synthesized stacks of a clean clone: `npm run docs`. */
const folder = join(import.meta.dirname, '../docs/diagrams');
mkdirSync(folder, { recursive: true });
for (const [name, json] of Object.entries(synthesizeAsWritten())) {
  writeFileSync(join(folder, `${name}.md`), renderStackPage(name, json));
}

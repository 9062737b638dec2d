import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderModules } from './docs/module-doc.ts';
import { readConstructs } from './docs/read-constructs.ts';

/** Writes docs/modules.md from the sources of the constructs: `npm run docs`. */
const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'docs/modules.md'), renderModules(readConstructs(root)));

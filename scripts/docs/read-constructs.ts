import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConstruct, readFunctions } from './construct-source.ts';
import type { ModuleSource } from './module-doc.ts';

/** Reads every file of `constructs` but the tests, in the order of their names. */
export function readConstructs(root: string): ModuleSource[] {
  const folder = join(root, 'constructs');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return files.sort().map((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    return { file, construct: readConstruct(source), functions: readFunctions(source) };
  });
}

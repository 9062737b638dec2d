import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FLEET = fileURLToPath(new URL('../../../simulator/sample-fleet/', import.meta.url));
/** Logs of other projects, outside the repository. */
const CORPORA = fileURLToPath(new URL('../../../../../shared/corpora/', import.meta.url));

export interface SampleLog {
  readonly name: string;
  readonly path: string;
}

/** Logs of the sample fleet whose name as RDS shows it matches. */
export function fleetLogs(pattern: RegExp): SampleLog[] {
  const paths = readdirSync(FLEET, { recursive: true, encoding: 'utf8' }).filter((path) => pattern.test(path));
  return paths.sort().map((name) => ({ name, path: join(FLEET, name) }));
}

/** Logs of the corpora whose path matches; none, and a line that says so, where there are no corpora. */
export function corpusLogs(pattern: RegExp): SampleLog[] {
  if (!existsSync(CORPORA)) {
    process.stderr.write('There is no ../shared/corpora beside the repository: its logs are left out.\n');
    return [];
  }
  const paths = readdirSync(CORPORA, { recursive: true, encoding: 'utf8' }).filter((path) => pattern.test(path));
  return paths.sort().map((path) => ({ name: basename(path), path: join(CORPORA, path) }));
}

import { quote } from '../shell-quote.ts';
import type { ProblemKind } from './findings.ts';

/** The locations that were given to `verify`, as they have to be given to other commands. */
export interface Locations {
  readonly archive: string;
  readonly state: string;
  readonly records?: string;
  readonly rdsEndpoint?: string;
}

/** What to do about each kind of problem that was found, one sentence with its command for each. */
export function nextSteps(kinds: ReadonlySet<ProblemKind>, at: Locations): string[] {
  const [archive, state] = [quote(at.archive), quote(at.state)];
  const records = at.records === undefined ? 'RECORDS' : quote(at.records);
  const endpoint = at.rdsEndpoint === undefined ? '' : ` --rds-endpoint ${quote(at.rdsEndpoint)}`;
  const run = `aurora-logs run --once --archive ${archive} --records ${records} --state ${state}${endpoint}`;
  const steps: readonly [readonly ProblemKind[], string][] = [
    [
      ['corrupt', 'gap', 'stray', 'overlap', 'chain-broken', 'position-ahead'],
      `Bring the named objects back from a replica, a backup or an older version, then: aurora-logs verify --archive ${archive} --state ${state}`,
    ],
    [['missing'], `Fetch what is still at RDS, and declare lost what is not: ${run}`],
    [
      ['record-gap', 'record-overlap', 'record-invalid'],
      `Make the records anew from the archive, which downloads nothing twice: move ${records} and ${state} away, then ${run}`,
    ],
    [
      ['lost'],
      `What was lost at the source cannot be had again. What is left: aurora-logs restore --list --archive ${archive}`,
    ],
    [['archived-twice'], 'Bytes are kept twice, none is missing; the records of the later generation are copies.'],
  ];
  return steps.filter(([of]) => of.some((kind) => kinds.has(kind))).map(([, step]) => step);
}

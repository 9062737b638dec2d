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
  const endpoint = at.rdsEndpoint === undefined ? '' : ` --rds-endpoint ${at.rdsEndpoint}`;
  const run = `aurora-logs run --once --archive ${at.archive} --records ${at.records ?? 'RECORDS'} --state ${at.state}${endpoint}`;
  const steps: readonly [readonly ProblemKind[], string][] = [
    [['missing'], `Fetch what is still at RDS, and declare lost what is not: ${run}`],
    [
      ['corrupt', 'gap', 'stray', 'overlap', 'chain-broken', 'position-ahead'],
      `Bring the named objects back from a replica, a backup or an older version, then: aurora-logs verify --archive ${at.archive} --state ${at.state}`,
    ],
    [
      ['record-gap', 'record-overlap', 'record-invalid'],
      `Make the records anew from the archive, which downloads nothing twice: move ${at.records ?? 'RECORDS'} and ${at.state} away, then ${run}`,
    ],
    [
      ['lost'],
      `What was lost at the source cannot be had again. What is left: aurora-logs restore --list --archive ${at.archive}`,
    ],
    [['archived-twice'], 'Bytes are kept twice, none is missing; the records of the later generation are copies.'],
  ];
  return steps.filter(([of]) => of.some((kind) => kinds.has(kind))).map(([, step]) => step);
}

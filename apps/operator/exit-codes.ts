import { FAILURES } from '../shared/failure.ts';

/** Exit codes that are not a failure of the environment; those are in `FAILURES`. New ones may be added, none changed. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  problemFound: 4,
  interrupted: 130,
  terminated: 143,
} as const;

const MEANINGS: Readonly<Record<number, string>> = {
  [EXIT.done]: 'done',
  [EXIT.failed]: 'failed: a bug, or something without a code of its own',
  [EXIT.usage]: 'wrong usage or configuration',
  [EXIT.incomplete]: 'done but for some files or instances, which are named',
  [EXIT.problemFound]: 'looked, and found a problem (verify, demo, doctor, cost --max)',
  [EXIT.interrupted]: 'interrupted (SIGINT)',
  [EXIT.terminated]: 'terminated (SIGTERM)',
};

/** The table that `aurora-logs help exit-codes` prints. */
export function exitCodeTable(): string {
  const rows = new Map<number, string>(Object.entries(MEANINGS).map(([code, text]) => [Number(code), text]));
  for (const [name, { exitCode }] of Object.entries(FAILURES)) {
    const meaning = rows.get(exitCode);
    if (MEANINGS[exitCode] === undefined) rows.set(exitCode, meaning === undefined ? name : `${meaning}, ${name}`);
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([code, text]) => `${String(code).padStart(4)}  ${text}`)
    .join('\n');
}

/** What a check found. `unknown` is never taken for `ok`. */
export type State = 'ok' | 'warning' | 'error' | 'unknown';

/** One line of the checklist. */
export interface Check {
  /** What was looked at: `terraform`, `bucket aurora-logs-poc-search-…`. */
  readonly target: string;
  readonly state: State;
  /** What was seen. */
  readonly fact: string;
  /** What to do about it, as a sentence or a command; always there unless the state is `ok`. */
  readonly hint?: string;
}

const MARKS: Record<State, string> = { ok: '✓', warning: '!', error: '✗', unknown: '?' };

/** A check as lines for people: mark, target, fact, and the hint below. */
export function renderCheck({ target, state, fact, hint }: Check): string[] {
  const first = `${MARKS[state]} ${target}: ${fact}`;
  return hint === undefined ? [first] : [first, `    HINT ${hint}`];
}

/** How many checks ended in each state. */
export function countStates(checks: readonly Check[]): Record<State, number> {
  const count = (state: State) => checks.filter((check) => check.state === state).length;
  return { ok: count('ok'), warning: count('warning'), error: count('error'), unknown: count('unknown') };
}

import { describe, expect, it } from '@jest/globals';
import { FAILURES } from '../shared/failure.ts';
import { EXIT, exitCodeTable } from './exit-codes.ts';

const rows = exitCodeTable()
  .split('\n')
  .map((line) => ({ code: Number(line.slice(0, 4)), meaning: line.slice(6) }));

describe('the table of exit codes', () => {
  it('has every code once, in order, with a meaning', () => {
    const codes = rows.map((row) => row.code);
    const expected = new Set([...Object.values(EXIT), ...Object.values(FAILURES).map((failure) => failure.exitCode)]);
    expect(codes).toEqual([...expected].sort((a, b) => a - b));
    expect(rows.filter((row) => row.meaning === '')).toEqual([]);
  });

  it('names every failure that has a code of its own', () => {
    const shared: readonly number[] = Object.values(EXIT);
    for (const [name, { exitCode }] of Object.entries(FAILURES)) {
      if (shared.includes(exitCode)) continue;
      expect(rows.find((row) => row.code === exitCode)?.meaning.split(', ')).toContain(name);
    }
  });

  it('tells a problem that was found from everything that keeps a command from looking', () => {
    const failures: readonly number[] = Object.values(FAILURES).map((failure) => failure.exitCode);
    expect(failures).not.toContain(EXIT.problemFound);
    expect(failures).not.toContain(EXIT.incomplete);
    expect(failures).not.toContain(EXIT.done);
  });

  it('keeps the codes that scripts rely on', () => {
    expect(EXIT).toMatchObject({ done: 0, failed: 1, usage: 2, incomplete: 3, problemFound: 4 });
    expect(FAILURES).toMatchObject({
      NOT_FOUND: { exitCode: 10 },
      STATE_LOCKED: { exitCode: 11 },
      CREDENTIALS_INVALID: { exitCode: 12 },
      UPSTREAM_UNAVAILABLE: { exitCode: 13 },
      ARCHIVE_CORRUPT: { exitCode: 14 },
      ARCHIVE_FULL: { exitCode: 15 },
      ADDRESS_IN_USE: { exitCode: 16 },
      FOLDER_UNREADABLE: { exitCode: 17 },
      UPSTREAM_REFUSED: { exitCode: 18 },
    });
  });
});

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { MARIADB_PROGRAMS } from '../scripts/fleet/mariadb-server.ts';
import { POSTGRESQL_PROGRAMS } from '../scripts/fleet/postgresql-server.ts';
import { findPrograms } from '../scripts/fleet/processes.ts';
import { measure } from './measure.ts';

const bench = (...args: string[]) =>
  spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('bench.ts', import.meta.url)), ...args],
    { encoding: 'utf8', maxBuffer: 1 << 24 },
  );

const reportShape = z.strictObject({
  version: z.literal(1),
  node: z.string(),
  cpu: z.string(),
  measuredAt: z.iso.datetime(),
  rounds: z.number().int(),
  left: z.array(z.strictObject({ row: z.string(), reason: z.string() })),
  figures: z.array(
    z.strictObject({
      corpus: z.enum(['slowquery', 'postgresql']),
      row: z.string(),
      type: z.enum(['stage', 'peer']),
      megabytes: z.number().positive(),
      mbPerCpuSecond: z.number().positive(),
      runs: z.array(z.number().positive()).min(1),
      peakRssMb: z.number().positive(),
      ratios: z.record(z.string(), z.number().positive()),
      goals: z.record(z.string(), z.number()),
      reached: z.boolean().optional(),
    }),
  ),
});

/** What the bench calls; missing programs fail where the tests must be complete, and are said elsewhere. */
function programsAreInstalled(): boolean {
  try {
    findPrograms({ ...MARIADB_PROGRAMS, ...POSTGRESQL_PROGRAMS, taskset: 'util-linux', time: 'time', zstd: 'zstd' });
    return true;
  } catch (error) {
    if (process.env['CI']) throw error;
    process.stderr.write(`Skipped the bench: ${error instanceof Error ? error.message : error}\n`);
    return false;
  }
}

describe('bench', () => {
  it('measures every row on 2 MB and prints one JSON document', () => {
    if (!programsAreInstalled()) return;
    const { status, stdout, stderr } = bench('--json', '--mb', '2', '--rounds', '1');
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    const report = reportShape.parse(JSON.parse(stdout));
    const rows = report.figures.filter(({ corpus }) => corpus === 'slowquery').map(({ row }) => row);
    expect(rows).toEqual(
      expect.arrayContaining(['zstd -1', 'parse', 'parse + zstd', 'archive + parse + zstd', 'run --once']),
    );
  }, 120_000);

  it('refuses a stage that there is not, with exit code 2', () => {
    const { status, stderr } = bench('--stage', 'guess');
    expect(status).toBe(2);
    expect(stderr).toMatch(/no stage "guess"/);
  });
});

describe('measure', () => {
  it('counts the CPU time and the memory of the program, not of who waits for it', async () => {
    if (!programsAreInstalled()) return;
    const work =
      'const b = Buffer.alloc(2e8, 1); const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);';
    const busy = await measure([process.execPath, '-e', work]);
    expect(busy.cpuSeconds).toBeGreaterThan(0.3);
    expect(busy.peakRssBytes).toBeGreaterThan(2e8);
    const idle = await measure(['sleep', '0.3']);
    expect(idle.wallSeconds).toBeGreaterThan(0.29);
    expect(idle.cpuSeconds).toBeLessThan(0.1);
  });

  it('fails with what the program said', async () => {
    if (!programsAreInstalled()) return;
    await expect(measure(['ls', '/no-such-folder'])).rejects.toThrow(/ended with 2.*no-such-folder/);
  });
});

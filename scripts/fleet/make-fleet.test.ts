import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { planFleet } from './fleet-plan.ts';
import { MARIADB_PROGRAMS } from './mariadb-server.ts';
import { POSTGRESQL_PROGRAMS } from './postgresql-server.ts';
import { findPrograms } from './processes.ts';

const script = fileURLToPath(new URL('../make-fleet.ts', import.meta.url));
const makeFleet = (...args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], { encoding: 'utf8' });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-fleet-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('planFleet', () => {
  it('plans as many instances as asked for, each with its own name and one writer per cluster', () => {
    const plan = planFleet(30, 1);
    expect(new Set(plan.map(({ instanceId }) => instanceId)).size).toBe(30);
    for (const clusterId of new Set(plan.map((instance) => instance.clusterId))) {
      const roles = plan.filter((instance) => instance.clusterId === clusterId).map(({ role }) => role);
      expect(roles.filter((role) => role === 'writer')).toHaveLength(1);
      expect(roles.length).toBeLessThanOrEqual(3);
    }
  });
});

describe('findPrograms', () => {
  it('names what is missing and the packages that bring it', () => {
    expect(() => findPrograms({ node: 'nodejs', 'no-such-server': 'no-such-package' })).toThrow(
      /Not found: no-such-server\. .*apt-get install no-such-package$/,
    );
  });
});

describe('make-fleet', () => {
  it('refuses a folder that is not empty, an unknown flag and a bad number with exit code 2', () => {
    expect(makeFleet('--out', join(folder, '..')).status).toBe(2);
    expect(makeFleet('--outt', folder).stderr).toMatch(/--outt/);
    expect(makeFleet('--out', folder, '--mb', 'many').status).toBe(2);
  });

  it('leaves no server and no folder behind when it is told to stop', async () => {
    if (!serversAreInstalled()) return;
    const home = join(folder, 'tmp');
    mkdirSync(home, { mode: 0o755 });
    chmodSync(folder, 0o755);
    const child = spawn(process.execPath, [script, '--out', join(folder, 'fleet'), '--mb', '500'], {
      env: { ...process.env, TMPDIR: home },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    while (!existsSync(join(home, readdirSync(home)[0] ?? '', 'slow.log'))) await setTimeout(50);
    child.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    expect(readdirSync(home)).toEqual([]);
  }, 30_000);

  it('makes logs of both engines with real servers', () => {
    if (!serversAreInstalled()) return;
    const { status, stderr } = makeFleet('--out', folder, '--instances', '3', '--mb', '0.3', '--hours', '2');
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    expect(readdirSync(folder).sort()).toEqual(['checkout-1', 'checkout-2', 'fleet.json', 'ledger-1']);
    // How many files, and under which names, depends on when the servers wrote.
    const texts = (...path: string[]) =>
      readdirSync(join(folder, ...path)).map((name) => readFileSync(join(folder, ...path, name), 'utf8'));
    expect(texts('checkout-1', 'slowquery').join('')).toMatch(/^# Query_time: /m);
    expect(texts('ledger-1', 'error').join('')).toMatch(/ERROR: {2}deadlock detected\n.*:DETAIL: /);
  }, 120_000);
});

function serversAreInstalled(): boolean {
  try {
    findPrograms({ ...MARIADB_PROGRAMS, ...POSTGRESQL_PROGRAMS });
    return true;
  } catch (error) {
    if (process.env['CI']) throw error;
    process.stderr.write(`Skipped making logs with real servers: ${error instanceof Error ? error.message : error}\n`);
    return false;
  }
}

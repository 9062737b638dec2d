import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { fakeApp } from '../cost/testing/fake-app.ts';
import { addCost } from './cost.ts';

let folder: string;
let stdout: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-logs-cost-'));
  await writeFile(join(folder, 'main.ts'), fakeApp());
  stdout = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  process.exitCode = 0;
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  await rm(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<void> {
  const program = new Command('aurora-logs').exitOverride();
  addCost(program, folder);
  await program.parseAsync(['cost', ...words], { from: 'user' });
}

describe('aurora-logs cost', () => {
  test('prints a table for people', async () => {
    await run('poc');
    expect(stdout).toMatch(/^poc: USD a month at 0.01 TB/);
    expect(stdout).toContain('EKS control plane');
    expect(process.exitCode).toBe(0);
  });

  test('answers one JSON document for programs, at the volume that was asked for', async () => {
    await run('production', '--json', '--tb-per-month', '7', '--instances', '20');
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ environment: 'production', volume: { tbPerMonth: 7, instances: 20 } });
  });

  test('ends with 4 when the month is above the limit, and with 0 when it is not', async () => {
    await run('poc', '--max', '50');
    expect(process.exitCode).toBe(4);
    process.exitCode = 0;
    await run('poc', '--max', '150');
    expect(process.exitCode).toBe(0);
  });

  test('draws where it is told to', async () => {
    await run('production', '--plot', join(folder, 'cost.svg'));
    expect(await readFile(join(folder, 'cost.svg'), 'utf8')).toMatch(/^<svg .*\n/);
  });

  test('refuses a drawing of another kind, a volume that is no number, an environment that is not there', async () => {
    await expect(run('poc', '--plot', join(folder, 'cost.png'))).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
    await expect(run('poc', '--tb-per-month', 'much')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
    await expect(run('staging')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { FAULTS } from '../../simulator/model/faults.ts';
import { addSimulate } from './simulate.ts';

const SCRIPT = `
import { Command } from 'commander';
import { addSimulate } from ${JSON.stringify(new URL('./simulate.ts', import.meta.url).href)};
const program = new Command();
addSimulate(program);
await program.parseAsync(process.argv.slice(1), { from: 'user' });
`;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'simulate-'));
  await mkdir(join(root, 'a-1/error'), { recursive: true });
  await writeFile(join(root, 'a-1/error/postgresql.log.2026-01-01-0000'), '2026-01-01 00:00:00 UTC::@:[1]:LOG:  x\n');
});
afterAll(() => rm(root, { recursive: true }));

/** Starts the command in a process of its own and answers it with its first line. */
async function start(...flags: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, 'simulate', '--root', root, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: new URL('.', import.meta.url).pathname,
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, line };
}

/** What the command fails with when it is given these flags in this process. */
async function failure(...flags: string[]): Promise<unknown> {
  const program = new Command().exitOverride();
  addSimulate(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  return program.parseAsync(['simulate', ...flags], { from: 'user' }).then(
    () => 'none',
    (error: unknown) => error,
  );
}

describe('simulate', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('says where it listens, serves, and ends with 0 at %s', async (signal) => {
    const { child, line } = await start('--live', '--seconds', '60', '--rate', '0.5', '--seed', '7');
    expect(line).toMatch(/^listening http:\/\/127\.0\.0\.1:\d+$/);
    const ledger = await fetch(`${line.slice('listening '.length)}/ledger`);
    expect(await ledger.json()).toMatchObject({ totals: { instances: 1, growing: true } });
    const exited = once(child, 'exit');
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
  });

  it('fails with ADDRESS_IN_USE and FOLDER_UNREADABLE', async () => {
    const { child, line } = await start();
    const port = line.split(':').at(-1) ?? '';
    expect(await failure('--root', root, '--port', port)).toMatchObject({ code: 'ADDRESS_IN_USE' });
    expect(await failure('--root', join(root, 'nothing'))).toMatchObject({ code: 'FOLDER_UNREADABLE' });
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  });

  it('refuses flags that make no sense', async () => {
    expect(await failure('--root', root, '--rotate-every', '5')).toMatchObject({ code: 'USAGE' });
    for (const flags of [
      ['--port', '70000'],
      ['--rate', '0'],
      ['--throttle-rate', '1.5'],
      ['--page-size', '0'],
      ['--no'],
    ]) {
      expect(await failure('--root', root, '--live', ...flags)).toBeInstanceOf(CommanderError);
    }
    expect(await failure()).toBeInstanceOf(CommanderError);
  });

  it('has a flag with help for each fault', () => {
    const program = new Command();
    addSimulate(program);
    const help = program.commands[0]?.helpInformation() ?? '';
    for (const { flag } of Object.values(FAULTS)) expect(help).toContain(`--${flag}`);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { fakeApp } from '../cost/testing/fake-app.ts';
import { addDoctor } from './doctor.ts';

let folder: string;
let stdout: string;
const before = { ...process.env };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-logs-doctor-'));
  stdout = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  process.exitCode = 0;
  // No tools and no credentials: nothing of the machine that runs the test.
  const nowhere = { PATH: folder, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' };
  const rest = Object.entries(before).filter(([name]) => !name.startsWith('AWS_'));
  process.env = { ...Object.fromEntries(rest), ...nowhere };
});

afterEach(async () => {
  process.env = before;
  jest.restoreAllMocks();
  process.exitCode = 0;
  await rm(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<void> {
  const program = new Command('aurora-logs').exitOverride();
  addDoctor(program, folder);
  await program.parseAsync(['doctor', ...words], { from: 'user' });
}

describe('aurora-logs doctor --deploy', () => {
  test('lists what is wrong with a mark and a hint each, and ends with 4', async () => {
    await writeFile(join(folder, 'main.ts'), fakeApp());
    await run('--deploy', 'poc');
    expect(stdout).toContain('✓ settings: poc synthesizes for us-east-1');
    expect(stdout).toMatch(/✗ terraform: is not installed, or not on PATH\n {4}HINT /);
    expect(stdout).toContain('✗ credentials: could not look');
    expect(stdout).toContain('? account, names and quotas: not looked at without credentials');
    expect(process.exitCode).toBe(4);
  });

  test('gives one JSON line per check and a summary last', async () => {
    await writeFile(join(folder, 'main.ts'), fakeApp());
    await run('--deploy', 'poc', '--json');
    const lines = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(lines.at(-1)).toMatchObject({ message_type: 'summary', stack: 'poc', ok: 2, error: 3, unknown: 1 });
    expect(lines.slice(0, -1).every(({ message_type }) => message_type === 'item')).toBe(true);
  });

  test('a wrong setting is a finding with the words of the app, and the account is left alone', async () => {
    await writeFile(
      join(folder, 'main.ts'),
      "process.stderr.write('error: poc.owner is missing (CONFIG_INVALID)\\n'); process.exitCode = 2;",
    );
    await run('--deploy', 'poc');
    expect(stdout).toContain('✗ settings: The stacks do not synthesize: poc.owner is missing');
    expect(stdout).toContain('? account, names and quotas: not looked at without settings');
    expect(process.exitCode).toBe(4);
  });

  test('refuses a stack that is not there', async () => {
    await writeFile(join(folder, 'main.ts'), fakeApp());
    await expect(run('--deploy', 'staging')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

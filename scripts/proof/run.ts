import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { reportFailure } from '../../apps/operator/output.ts';
import { Failure } from '../../apps/shared/failure.ts';
import { type Ended, judge, PROOFS, type Proof } from './proofs.ts';

/** Runs the long tests, or those that are named, one after the other. The last line is `N passed, N failed`. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !PROOFS.some((proof) => proof.name === name));
  if (unknown.length > 0) {
    const known = PROOFS.map(({ name }) => name).join(', ');
    throw new Failure('USAGE', `There is no proof ${unknown.join(', ')}. There are: ${known}.`);
  }
  const wanted = PROOFS.filter(({ name }) => names.length === 0 || names.includes(name));
  let failed = 0;
  for (const proof of wanted) {
    say(`\n== ${proof.name}: ${proof.claim} (at most ${proof.minutes} minutes)`);
    const startedAt = Date.now();
    const { passed, text: found } = judge(proof, await runToEnd(proof));
    say(`${passed ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - startedAt) / 1000)} s: ${found}`);
    if (!passed) failed += 1;
  }
  say(`\n${wanted.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

let running: { readonly child: ChildProcess; readonly folder: string } | undefined;

/**
 * In a process group and a temporary folder of its own, so that nothing it made outlives its time; only what a program
 * keeps on purpose when it fails stays.
 */
async function runToEnd({ command, minutes }: Proof): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'proof-'));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  running = { child, folder };
  const timer = setTimeout(killRunning, minutes * 60_000);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stdout = text(child.stdout);
  const code = await ended;
  clearTimeout(timer);
  killRunning();
  if (code === 0 || code === null) removeFolder();
  running = undefined;
  return { code: code ?? undefined, stdout: await stdout };
}

function killRunning(): void {
  if (running?.child.pid === undefined) return;
  try {
    process.kill(-running.child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function removeFolder(): void {
  if (running) rmSync(running.folder, { recursive: true, force: true, maxRetries: 3 });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.once('exit', () => {
  killRunning();
  removeFolder();
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportFailure(error, false);
}

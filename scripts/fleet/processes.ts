import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Failure } from '../../apps/shared/failure.ts';

/** Where a program may live beside PATH, newest version first. */
function searchPath(): string[] {
  const postgresql = '/usr/lib/postgresql';
  const versions = existsSync(postgresql) ? readdirSync(postgresql).sort((a, b) => Number(b) - Number(a)) : [];
  return [
    ...versions.map((version) => join(postgresql, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
  ];
}

/** Finds the programs by name; NOT_FOUND names all that are missing, and the Debian packages that bring them. */
export function findPrograms<const Name extends string>(programs: Record<Name, string>): Record<Name, string> {
  const found = new Map<string, string>();
  for (const name of Object.keys(programs)) {
    const folder = searchPath().find((candidate) => existsSync(join(candidate, name)));
    if (folder) found.set(name, join(folder, name));
  }
  const missing = (Object.entries(programs) as [Name, string][]).filter(([name]) => !found.has(name));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, debian]) => debian))].join(' ');
    throw new Failure(
      'NOT_FOUND',
      `Not found: ${missing.map(([name]) => name).join(', ')}. Install them, on Debian with: apt-get install ${packages}`,
    );
  }
  return Object.fromEntries(found) as Record<Name, string>;
}

const NOBODY = 65534;

/** Servers refuse to run as root: there they run as nobody, in a folder of its own. */
const RUN_AS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

const running = new Set<ChildProcess>();
const folders = new Set<string>();

/** Makes this process leave nothing behind when a signal ends it: no server, no folder. */
export function cleanUpOnSignals(): void {
  process.once('exit', () => {
    for (const program of running) program.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

/** A new folder that the server's user owns. */
export function makeServerFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.add(folder);
  if (RUN_AS.uid !== undefined) chownSync(folder, RUN_AS.uid, RUN_AS.gid);
  return folder;
}

export function removeServerFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string;
}

const ENVIRONMENT = { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8', HOME: '/nonexistent' };

/** Starts a long-lived program as the unprivileged user. What it prints is dropped: its log file is what counts. */
export function startProgram(program: string, args: readonly string[], options: RunOptions): ChildProcess {
  const child = spawn(program, args, { cwd: options.cwd, env: ENVIRONMENT, stdio: 'ignore', ...RUN_AS });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Runs a program to its end and answers its exit code and the end of what it said on stderr. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: ENVIRONMENT,
      stdio: ['pipe', 'ignore', 'pipe'],
      ...RUN_AS,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4096);
    });
    child.stdin.on('error', () => undefined); // A client that gave up early has said why on stderr.
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, stderr }));
    child.stdin.end(options.input ?? '');
  });
}

/** Like `runProgram`, for programs that must succeed. */
export async function requireProgram(program: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { code, stderr } = await runProgram(program, args, options);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`);
}

/** Calls `ready` until it answers true; an error when the server ends before, or within 60 s never is. */
export async function untilReady(server: ChildProcess, name: string, ready: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error(`${name} ended while it started, with ${server.exitCode}`);
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${name} was not ready within 60 s`);
}

/** Asks a server to stop and waits until it has. */
export function stopProgram(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill(signal);
  });
}

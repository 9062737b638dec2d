import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One place for the version; the AWS calls that it answers differ between versions. */
const MOTO = 'moto[server]==5.2.*';
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/moto', import.meta.url));
const START_TIMEOUT_MS = 60_000;

/** A running moto server: AWS APIs in memory, on loopback. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts moto on a free port. The program is $MOTO_SERVER, or `moto_server` of the PATH, or is installed with Python 3
 * and pip into node_modules/.cache/moto at the first use, which takes a minute or two. Throws where none can be had. `environment`
 * is moto's configuration.
 */
export async function startMoto(environment: NodeJS.ProcessEnv = {}): Promise<Moto> {
  const [program, ...args] = await findMoto();
  const child = spawn(program, [...args, '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  try {
    const endpoint = await announcedEndpoint(child);
    return { endpoint, stop: () => stop(child) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

type Command = readonly [program: string, ...args: string[]];

/** Not by the script beside it, which would hold the path that the folder had before it was renamed. */
const CACHED: Command = [join(CACHE, 'bin', 'python'), '-m', 'moto.server'];

async function findMoto(): Promise<Command> {
  const configured = process.env['MOTO_SERVER'];
  if (configured !== undefined) return [configured];
  if (await works(['moto_server'])) return ['moto_server'];
  if (!(await works(CACHED))) await install();
  return CACHED;
}

/** A name on the PATH proves little: version managers put one there for programs that are not installed. */
async function works([program, ...args]: Command): Promise<boolean> {
  return run(program, [...args, '--help']).then(
    () => true,
    () => false,
  );
}

/** Into a folder beside, then renamed: an interrupted installation is never taken for a good one. */
async function install(): Promise<void> {
  const folder = `${CACHE}.${process.pid}`;
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', MOTO], { timeout: 300_000 });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`moto could not be installed. Install "${MOTO}" with pip and set MOTO_SERVER to moto_server.`, {
      cause: error,
    });
  }
  // Another suite may have been faster, and may be using it.
  if (await works(CACHED)) return rm(folder, { recursive: true });
  await rm(CACHE, { recursive: true, force: true });
  await rename(folder, CACHE);
}

/** Waits for the line in which the server says where it listens, and reads on, so that it never blocks on a full pipe. */
async function announcedEndpoint(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`moto ${why}: ${said.slice(-5).join('\n')}`));
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS);
    child.once('error', reject);
    child.once('exit', (code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on('line', (line) => {
        const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
        if (said.length < 50) said.push(line);
        if (endpoint === undefined) return;
        clearTimeout(timer);
        resolve(endpoint);
      });
    }
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

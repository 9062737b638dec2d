import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** moto's own account. */
export const EMULATED_ACCOUNT = '123456789012';

export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts moto on a free port of loopback and waits until it answers. Throws when there is no moto_server. */
export async function startEmulator(): Promise<Emulator> {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
  });
  const failed = once(child, 'error').then(([error]) => {
    throw new Error('moto_server does not start; install it with: pip install "moto[server]==5.2.1"', { cause: error });
  });
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([answers(url, child), failed]);
  failed.catch(() => undefined);
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`moto_server ended with exit code ${child.exitCode}.`);
    const answer = await fetch(`${url}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(500);
  }
  throw new Error('moto_server did not answer within a minute.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

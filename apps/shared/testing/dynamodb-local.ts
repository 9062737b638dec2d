import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const VERSION = '2.6.1';
const CACHE = 'node_modules/.cache';
const START_TIMEOUT_MS = 30_000;
const run = promisify(execFile);

export interface DynamoDbLocal {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Why AWS's own DynamoDB Local cannot run here; undefined where it can. In CI it has to. */
export async function whyNoDynamoDbLocal(): Promise<string | undefined> {
  if (process.env['CI']) return undefined;
  for (const command of ['java', 'mvn']) {
    const missing = await run(command, ['-version']).then(
      () => false,
      () => true,
    );
    if (missing) return `${command} is not installed`;
  }
  return undefined;
}

/** Starts DynamoDB Local in memory on a free port; the first time, Maven brings it (51 MB) into the cache. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const jars = await libraries();
  const port = await freePort();
  const server = spawn(
    'java',
    [
      '-Xmx256m',
      `-Djava.library.path=${jars}`,
      '-cp',
      join(jars, '*'),
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes).slice(-4_000);
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await listening(endpoint, server, () => said);
  return { endpoint, close: () => stop(server) };
}

async function libraries(): Promise<string> {
  const folder = join(process.cwd(), CACHE, `dynamodb-local-${VERSION}`);
  if (existsSync(folder)) return folder;
  await mkdir(join(process.cwd(), CACHE), { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'dynamodb-local-'));
  await writeFile(
    join(scratch, 'pom.xml'),
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
      <groupId>test</groupId><artifactId>test</artifactId><version>1</version>
      <dependencies><dependency>
        <groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>${VERSION}</version>
      </dependency></dependencies></project>`,
  );
  // Into a folder of its own and then renamed: a download that breaks off must not look complete.
  const partial = `${folder}.${process.pid}`;
  await run(
    'mvn',
    ['-B', '-q', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`],
    {
      cwd: scratch,
    },
  );
  await rename(partial, folder).catch((error) => {
    if (!existsSync(folder)) throw error;
  });
  await Promise.all([scratch, partial].map((path) => rm(path, { recursive: true, force: true })));
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

async function listening(endpoint: string, server: ChildProcess, said: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    const answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await sleep(100);
  }
  server.kill('SIGKILL');
  throw new Error(`DynamoDB Local did not start: ${said()}`);
}

async function stop(server: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode === null && server.kill('SIGKILL')) await ended;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeSocketFolder } from './socket-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sockets-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** The id of a process that is gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid!;
}

describe('makeSocketFolder', () => {
  it('makes a folder that only its user can enter, and removes it', async () => {
    const folder = await makeSocketFolder(parent);
    expect((await stat(dirname(folder.socket))).mode & 0o777).toBe(0o700);
    await folder.remove();
    expect(await readdir(parent)).toEqual([]);
  });

  it('removes what killed processes left, and nothing else', async () => {
    const pid = await deadPid();
    const others = [`aurora-logs-${process.ppid}-AbCdEf`, `aurora-logs-demo-${pid}`, `other-${pid}-AbCdEf`];
    for (const name of [...others, `aurora-logs-${pid}-AbCdEf`]) await mkdir(join(parent, name));
    const folder = await makeSocketFolder(parent);
    expect((await readdir(parent)).sort()).toEqual([...others, dirname(folder.socket).slice(parent.length + 1)].sort());
  });

  it('leaves a folder whose socket answers, whatever its process id says', async () => {
    const name = `aurora-logs-${await deadPid()}-AbCdEf`;
    await mkdir(join(parent, name));
    const server = createServer().listen(join(parent, name, 'dynamodb.sock'));
    await once(server, 'listening');
    await makeSocketFolder(parent);
    expect(await readdir(parent)).toContain(name);
    server.close();
    await once(server, 'close');
    await makeSocketFolder(parent);
    expect(await readdir(parent)).not.toContain(name);
  });
});

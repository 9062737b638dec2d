import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GenerationId } from '../log-file.ts';
import { describeArchive } from '../testing/archive-contract.ts';
import { folderFailure } from './folder-failure.ts';
import { createFolderStore } from './folder-store.ts';
import { openArchive } from './open-archive.ts';
import { readGeneration } from './read-chain.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'aurora-logs-folder-'));

describeArchive('a folder', async () => {
  const root = await newFolder();
  return {
    store: await createFolderStore(root, { create: true }),
    overwrite: (key, bytes) => writeFile(join(root, key), bytes),
    close: () => rm(root, { recursive: true }),
  };
});

describe('a folder as an archive', () => {
  let root: string;
  beforeEach(async () => {
    root = await newFolder();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const temporaryFiles = () => readdir(join(root, '.tmp'));

  it('holds whole slots only, whenever its writer is killed, and every slot that the writer knew to be stored', async () => {
    const generation: GenerationId = { accountId: '1', region: 'r', resourceId: 'db-1', kind: 'error', seq: 1 };
    let leftBehind = 0;
    let stored = 0;
    for (let kill = 0; kill < 8; kill++) {
      const acknowledged = await writeUntilKilled(root, 1 + kill * 7);
      leftBehind += (await temporaryFiles()).length;
      const archive = await openArchive(root, { mode: 'write' });
      expect(await temporaryFiles()).toEqual([]);
      const starts = await archive.slotStarts(generation);
      expect(starts).toEqual(expect.arrayContaining(acknowledged));
      let end = 0;
      for await (const piece of readGeneration(archive, generation)) ({ end } = piece);
      expect(end).toBeGreaterThan(starts.at(-1) ?? 0);
      stored = starts.length;
    }
    expect(stored).toBeGreaterThan(8);
    // Kills that never hit a write would prove nothing.
    expect(leftBehind).toBeGreaterThan(0);
  }, 60_000);

  it('sweeps temporary files that are old or whose writer is dead, and leaves those of the living', async () => {
    const host = hostname().replaceAll(/[^A-Za-z0-9-]/g, '_');
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(dead, 'exit');
    await mkdir(join(root, '.tmp'));
    const files = [`${host}.${dead.pid}.a`, `${host}.${process.pid}.b`, 'another-host.1.c', 'another-host.1.d', 'odd'];
    for (const file of files) await writeFile(join(root, '.tmp', file), 'half a slot');
    const twoHoursAgo = Date.now() / 1000 - 7200;
    await utimes(join(root, '.tmp', 'another-host.1.d'), twoHoursAgo, twoHoursAgo);
    await openArchive(root, { mode: 'write' });
    expect((await temporaryFiles()).sort()).toEqual([`${host}.${process.pid}.b`, 'another-host.1.c', 'odd'].sort());
  });

  it('writes nothing where it is only read', async () => {
    const archive = await openArchive(root, { mode: 'read' });
    for await (const series of archive.series()) throw new Error(`found ${series.resourceId}`);
    expect(await readdir(root)).toEqual([]);
  });

  it('says so when there is no folder to read', async () => {
    const missing = openArchive(join(root, 'missing'), { mode: 'read' });
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says so when a file stands where a folder is needed', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    await expect(openArchive(file, { mode: 'read' })).rejects.toMatchObject({ code: 'FOLDER_UNREADABLE' });
    await expect(openArchive(file, { mode: 'write' })).rejects.toMatchObject({ code: 'FOLDER_UNREADABLE' });
    await expect(openArchive(join(file, 'below'), { mode: 'write' })).rejects.toMatchObject({
      code: 'FOLDER_UNREADABLE',
    });
  });

  it('ignores files that are not its own', async () => {
    await mkdir(join(root, 'v1', 'notes'), { recursive: true });
    for (const file of ['README', 'v1/README', 'v1/notes/todo']) await writeFile(join(root, file), '');
    const archive = await openArchive(root, { mode: 'write' });
    for await (const series of archive.series()) throw new Error(`found ${series.resourceId}`);
  });

  it('says so when it may not write', async () => {
    await chmod(root, 0o500);
    // The superuser may write anywhere; for as long as this takes it is nobody.
    const superuser = process.getuid?.() === 0;
    if (superuser) process.seteuid?.(65534);
    try {
      await expect(openArchive(root, { mode: 'write' })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    } finally {
      if (superuser) process.seteuid?.(0);
    }
  });
});

describe('an error of the file system', () => {
  const error = (code: string, syscall = 'write') => Object.assign(new Error(code), { code, syscall });

  it.each([
    ['ENOSPC', 'write', 'ARCHIVE_FULL'],
    ['EDQUOT', 'write', 'ARCHIVE_FULL'],
    ['EACCES', 'open', 'ACCESS_DENIED'],
    ['EROFS', 'open', 'ACCESS_DENIED'],
    ['EPERM', 'open', 'ACCESS_DENIED'],
    ['EPERM', 'link', 'FOLDER_UNREADABLE'],
    ['ENOTDIR', 'mkdir', 'FOLDER_UNREADABLE'],
    ['EIO', 'fsync', 'ARCHIVE_UNAVAILABLE'],
    ['EMFILE', 'open', 'ARCHIVE_UNAVAILABLE'],
  ])('%s of %s is %s', (code, syscall, expected) => {
    const cause = error(code, syscall);
    expect(folderFailure('/archive', cause)).toMatchObject({ code: expected, cause });
  });

  it('is not what a bug is', () => {
    const bug = new TypeError('undefined is not a function');
    expect(folderFailure('/archive', bug)).toBe(bug);
  });
});

/** Appends slots in another process and kills it after so many milliseconds of writing; answers the starts it acknowledged. */
async function writeUntilKilled(root: string, milliseconds: number): Promise<number[]> {
  const script = fileURLToPath(new URL('../testing/append-slots.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const acknowledged: number[] = [];
  if (child.stdout === null) throw new Error('no stdout');
  for await (const line of createInterface(child.stdout)) {
    if (acknowledged.length === 0) setTimeout(() => child.kill('SIGKILL'), milliseconds);
    acknowledged.push(Number(line));
  }
  // Its output ends before the process is gone, and until then its files are those of a living writer.
  await ended;
  return acknowledged;
}

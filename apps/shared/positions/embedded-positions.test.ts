import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LogSeries } from '../log-file.ts';
import { describePositions, position } from '../testing/positions-contract.ts';
import { openEmbeddedPositions } from './embedded-positions.ts';

const series: LogSeries = { accountId: '1', region: 'eu-central-1', resourceId: 'db-A', kind: 'slowquery' };
let root: string;
let folders = 0;
const newFolder = () => join(root, `state-${++folders}`);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'embedded-positions-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describePositions('A folder', async (clock) => {
  const positions = await openEmbeddedPositions(newFolder(), clock);
  return { positions, close: () => positions.close() };
});

describe('a state folder', () => {
  it('is as it was left when it is opened again', async () => {
    const folder = newFolder();
    const first = await openEmbeddedPositions(folder);
    await first.save(series, position({ seq: 1, end: 7 }));
    await first.close();
    const second = await openEmbeddedPositions(folder);
    expect(await second.generation(series, 1)).toEqual(position({ seq: 1, end: 7 }));
    await second.close();
  });

  it('lets a process end that forgot to close it', async () => {
    const script = `import { openEmbeddedPositions } from './embedded-positions.ts'; await openEmbeddedPositions(process.argv[1]);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script, newFolder()], {
      cwd: import.meta.dirname,
      stdio: 'ignore',
    });
    expect(await once(other, 'close')).toEqual([0, null]);
  });

  it('is refused to a second process and free again after the first was killed, with all that it saved', async () => {
    const folder = newFolder();
    const other = spawn(process.execPath, ['--input-type=module', '-e', WRITER, folder, JSON.stringify(series)], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let saved = 0;
    other.stdout.on('data', (bytes: Buffer) => {
      saved = Number(bytes.toString().trim().split('\n').at(-1));
    });
    while (saved < 50) await once(other.stdout, 'data');
    await expect(openEmbeddedPositions(folder)).rejects.toMatchObject({
      code: 'STATE_LOCKED',
      message: expect.stringContaining('in use by another'),
    });
    other.kill('SIGKILL');
    await once(other, 'close');
    const positions = await openEmbeddedPositions(folder);
    expect((await positions.generation(series, 1))?.end).toBeGreaterThanOrEqual(saved);
    await positions.close();
  });

  it('can be opened after a kill at any moment of the first start', async () => {
    const folder = newFolder();
    for (let delay = 60; delay < 400; delay += 60) {
      const other = spawn(process.execPath, ['--input-type=module', '-e', WRITER, folder, JSON.stringify(series)], {
        cwd: import.meta.dirname,
        stdio: 'ignore',
      });
      setTimeout(() => other.kill('SIGKILL'), delay);
      await once(other, 'close');
    }
    const positions = await openEmbeddedPositions(folder);
    await positions.save(series, position({ seq: 2 }));
    await positions.close();
  });

  it('is clearly refused where it cannot be a folder', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below')]) {
      await expect(openEmbeddedPositions(path)).rejects.toMatchObject({ code: 'FOLDER_UNREADABLE' });
    }
  });

  it('is clearly refused when it is damaged', async () => {
    const folder = newFolder();
    await (await openEmbeddedPositions(folder)).close();
    await writeFile(join(folder, 'dynamodb', 'CURRENT'), 'nonsense\n');
    await expect(openEmbeddedPositions(folder)).rejects.toMatchObject({
      code: 'STATE_CORRUPT',
      message: expect.stringContaining('Delete the folder'),
    });
  });
});

/** Saves as fast as it can and says after each save how far it is. */
const WRITER = `
  import { openEmbeddedPositions } from './embedded-positions.ts';
  const [folder, series] = process.argv.slice(1);
  const positions = await openEmbeddedPositions(folder);
  for (let end = 1; ; end++) {
    await positions.save(JSON.parse(series), {
      seq: 1, fileName: 'slowquery/a', state: 'open', end, chain: '', marker: '', indexed: 0, records: 0, rawRecords: 0,
      listedSize: 0, lastWritten: 0, changedAt: 0,
    });
    process.stdout.write(end + '\\n');
  }
`;

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DemoRun } from '../demo/demo-run.ts';
import { createOutput } from '../output.ts';
import { conclude } from './demo.ts';

const BIN = fileURLToPath(new URL('../bin.mjs', import.meta.url));

describe('demo', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'aurora-logs-demo-test-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('shows the whole pipeline at work, loses nothing, and leaves a report', async () => {
    const report = join(root, 'new', 'report.html');
    const args = ['demo', '--seconds', '5', '--instances', '3', '--report', report, '--json'];
    const child = spawn(process.execPath, [BIN, ...args], { cwd: root });
    const exited = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect({ exited: await exited, stderr }).toMatchObject({ exited: [0, null] });
    const summary = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .at(-1);
    expect(summary).toMatchObject({ message_type: 'summary', instances: 3, bytesLost: 0, bytesDuplicated: 0, report });
    expect(summary.bytesArchived).toBe(summary.bytesGenerated);
    expect(summary.bytesGenerated).toBeGreaterThan(10_000_000);
    expect(summary.filesIdentical).toBe(summary.filesCompared);
    for (const field of ['recordsParsed', 'recordsRaw', 'apiCalls', 'seconds', 'filesCompared']) {
      expect(summary[field]).toBeGreaterThan(0);
    }
    expect(summary.rotations).toBeGreaterThanOrEqual(3);
    expect(await readFile(report, 'utf8')).toMatch(/^<!doctype html>.*<\/html>\s*$/is);
  }, 120_000);

  it('has nothing to show where the folder holds no fleet, and says so', async () => {
    const child = spawn(process.execPath, [BIN, 'demo', '--root', root, '--seconds', '5'], { cwd: root });
    const exited = once(child, 'close');
    const stderr = await text(child.stderr);
    expect(await exited).toEqual([17, null]);
    expect(stderr).toMatch(`error: ${root} holds no folder`);
    await expect(access(join(root, 'demo-output'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the verdict of a demo', () => {
  const well = {
    ...{
      bytesGenerated: 100,
      bytesArchived: 100,
      bytesLost: 0,
      bytesDuplicated: 0,
      filesCompared: 3,
      filesIdentical: 3,
    },
    ...{ recordsParsed: 7, recordsRaw: 1, problems: 0, rotations: 2, apiCalls: 9, throttled: 1, seconds: 5 },
    ...{ startedAt: 0, version: '0.1.0', samples: [], rotationMarks: [], perInstance: [{}] },
  } as unknown as DemoRun;

  function verdict(run: DemoRun, json = false) {
    const stdout = new PassThrough();
    const code = conclude(run, '/reports/r.html', createOutput({ json }, stdout, new PassThrough()));
    return { code, said: String(stdout.read()) };
  }

  it('is 0 when every byte is there once', () => {
    const { code, said } = verdict(well);
    expect(code).toBe(0);
    expect(said).toContain('3 of 3 restored files are what the API had offered, byte for byte.');
    expect(said).not.toContain('PROBLEM');
  });

  it.each([
    [{ bytesLost: 1 }, '1 bytes are lost.'],
    [{ bytesDuplicated: 2 }, '2 bytes are archived twice.'],
    [{ bytesArchived: 99 }, '100 bytes were generated, 99 are archived.'],
    [{ filesIdentical: 2 }, '1 of 3 restored files differ.'],
    [{ filesCompared: 0, filesIdentical: 0 }, 'No file was compared.'],
  ])('is 4 with %j, and says why', (change, why) => {
    const { code, said } = verdict({ ...well, ...change });
    expect(code).toBe(4);
    expect(said).toContain(`PROBLEM: ${why}\n`);
    expect(verdict({ ...well, ...change }, true).code).toBe(4);
  });

  it('is one JSON line with --json, with all that was counted', () => {
    const { said } = verdict(well, true);
    const { samples, rotationMarks, perInstance, startedAt, version, ...counts } = well;
    expect(JSON.parse(said)).toEqual({ message_type: 'summary', instances: 1, ...counts, report: '/reports/r.html' });
  });
});

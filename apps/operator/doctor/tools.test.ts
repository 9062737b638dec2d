import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkTools, compareVersions, versionIn } from './tools.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-logs-tools-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fake(name: string, script: string) {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

const find = async (name: string, kubernetes = '1.35') => {
  const checks = await checkTools(kubernetes, { PATH: folder });
  return checks.find(({ target }) => target === name);
};

describe('the tools that a deployment runs', () => {
  test('a tool that is new enough is ok, with its version', async () => {
    await fake('terraform', `echo '{ "terraform_version": "1.11.4", "platform": "linux_amd64" }'`);
    expect(await find('terraform')).toEqual({ target: 'terraform', state: 'ok', fact: '1.11.4' });
  });

  test('a tool that is too old is named with the version that is needed and where to get it', async () => {
    await fake('terraform', `echo '{ "terraform_version": "1.9.8" }'`);
    expect(await find('terraform')).toMatchObject({ state: 'error', fact: '1.9.8 is older than 1.11' });
  });

  test('kubectl may be one minor version behind the cluster, not two', async () => {
    await fake('kubectl', `echo '{ "clientVersion": { "major": "1", "minor": "34", "gitVersion": "v1.34.1" } }'`);
    expect(await find('kubectl', '1.35')).toMatchObject({ state: 'ok' });
    expect(await find('kubectl', '1.36')).toMatchObject({ state: 'warning', fact: '1.34.1 is older than 1.35' });
  });

  test('a daemon that does not answer is told in its own last words', async () => {
    await fake('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    expect(await find('docker')).toMatchObject({ state: 'warning', fact: 'Cannot connect to the Docker daemon' });
  });

  test('an answer without a version is unknown, never ok', async () => {
    await fake('helm', 'echo "no idea"');
    expect(await find('helm')).toMatchObject({ state: 'unknown' });
  });

  test('what is not on PATH is missing, and each line that is not ok has a hint', async () => {
    const checks = await checkTools(undefined, { PATH: folder });
    expect(
      checks.filter(({ fact }) => fact === 'is not installed, or not on PATH').map(({ target }) => target),
    ).toEqual(['terraform', 'aws', 'docker', 'helm', 'kubectl']);
    for (const check of checks) expect(check.state === 'ok' || check.hint !== undefined).toBe(true);
  });
});

describe('versions', () => {
  test('are read out of what tools print', () => {
    expect(versionIn('aws-cli/2.15.30 Python/3.11.8 Linux/6.1')).toBe('2.15.30');
    expect(versionIn('v3.16.2+g13654a5')).toBe('3.16.2');
    expect(versionIn('nothing')).toBeUndefined();
  });

  test('compare by number, not by text', () => {
    expect(compareVersions('1.11', '1.9')).toBeGreaterThan(0);
    expect(compareVersions('1.11', '1.11.0')).toBe(0);
    expect(compareVersions('1.10.9', '1.11')).toBeLessThan(0);
  });
});

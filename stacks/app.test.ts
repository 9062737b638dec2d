import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createApp } from './app.ts';
import { loadEnvironments } from './environments.ts';
import { bootstrapInputsSchema, readInputs } from './inputs.ts';
import { namedStacks } from './target.ts';
import { exampleSources } from './testing/synthesize.ts';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'aurora-logs-app-'));
});
afterEach(() => rmSync(outdir, { recursive: true }));

function synthesize(variables: Record<string, string>, target?: string[]): { stacks: string[]; warnings: string[] } {
  const sources = exampleSources(variables);
  createApp({
    bootstrap: readInputs('bootstrap', sources, bootstrapInputsSchema),
    environments: loadEnvironments(sources),
    chartsFolder: 'charts',
    outdir,
    target: () => target,
  }).synth();
  const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
  const notes = manifest.stacks.bootstrap.annotations as { message: string; level: string }[];
  const warnings = notes.map(({ level, message }) => `${level}: ${message}`);
  return { stacks: readdirSync(join(outdir, 'stacks')).sort(), warnings };
}

const BROKEN = { AURORA_LOGS_PRODUCTION_ALERT_EMAIL: 'nobody' };

describe('the app', () => {
  test('has bootstrap and one stack per environment', () => {
    expect(synthesize({})).toEqual({ stacks: ['bootstrap', 'poc', 'production'], warnings: [] });
  });

  test('stops at a mistake when all stacks are asked for, or the one with the mistake', () => {
    expect(() => synthesize(BROKEN)).toThrow(/production\.alertEmail is "nobody"/);
    expect(() => synthesize(BROKEN, ['production'])).toThrow(/production\.alertEmail/);
  });

  test('leaves an environment with a mistake out when another one is deployed, and says so', () => {
    const { stacks, warnings } = synthesize(BROKEN, ['poc']);
    expect(stacks).toEqual(['bootstrap', 'poc']);
    expect(warnings).toEqual([expect.stringMatching(/^@cdktf\/warn: production is left out:\nproduction\.alertEmail/)]);
  });

  test('keeps the state of an environment encrypted in S3, locked twice, for one account alone', () => {
    synthesize({ AURORA_LOGS_ACCOUNT_ID: '210987654321' });
    const stack = JSON.parse(readFileSync(join(outdir, 'stacks/poc/cdk.tf.json'), 'utf8'));
    expect(stack.terraform.backend.s3).toMatchObject({
      bucket: 'aurora-logs-state-210987654321',
      key: 'poc.tfstate',
      encrypt: true,
      dynamodb_table: 'aurora-logs-state-lock',
      use_lockfile: true,
      allowed_account_ids: ['210987654321'],
    });
    expect(stack.provider.aws[0].allowed_account_ids).toEqual(['210987654321']);
  });

  test('adds a stack for every other account of the fleet, whose role only the readers of logs may take', () => {
    const { stacks } = synthesize({ AURORA_LOGS_PRODUCTION_FLEET_ACCOUNTS: '444455556666, 777788889999' });
    expect(stacks).toContain('fleet-444455556666');
    const stack = JSON.parse(readFileSync(join(outdir, 'stacks/fleet-777788889999/cdk.tf.json'), 'utf8'));
    expect(stack.provider.aws[0].assume_role[0].role_arn).toContain('777788889999');
    const [role] = Object.values(stack.resource.aws_iam_role) as { name: string; assume_role_policy: string }[];
    expect(role?.name).toBe('aurora-logs-fleet-reader');
    expect(JSON.parse(role?.assume_role_policy ?? '').Statement[0].Condition.ArnEquals['aws:PrincipalArn']).toEqual([
      'arn:aws:iam::111122223333:role/aurora-logs-production-discovery',
      'arn:aws:iam::111122223333:role/aurora-logs-production-processor',
    ]);
  });
});

describe('the command that runs the app', () => {
  test.each([
    ['node /usr/bin/cdktf deploy poc --auto-approve', ['poc']],
    ['node x/cdktf.js diff poc production', ['poc', 'production']],
    ['cdktn destroy poc', ['poc']],
    ['cdktf synth', undefined],
    ['cdktf deploy *', undefined],
    ['cdktf deploy', undefined],
    ['node main.ts poc', undefined],
  ])('%s is for %p', (line, stacks) => {
    expect(namedStacks(line.split(' '))).toEqual(stacks);
  });
});

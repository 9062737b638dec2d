import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startMoto } from '../../apps/shared/testing/moto.ts';
import { accountNames } from '../../stacks/names.ts';
import { findPlugins, readSchema } from './plugins.ts';
import { UNSUPPORTED } from './unsupported.ts';

/**
 * Deploys bootstrap and poc to an AWS emulator with the real cdktf and the real AWS provider: `npm run lab`.
 * Shows state and lock, plans again (no changes), destroys, and shows that bootstrap refuses to be destroyed.
 */
const ROOT = join(import.meta.dirname, '../..');
const REGION = 'eu-central-1';
const CDKTF = join(ROOT, 'node_modules/cdktf-cli/bundle/bin/cdktf.js');

const work = mkdtempSync(join(tmpdir(), 'aurora-logs-lab-'));
/** moto's own account. */
const EMULATED_ACCOUNT = '123456789012';

const emulator = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' });
const client = {
  endpoint: emulator.endpoint,
  region: REGION,
  credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
};
const s3 = new S3Client({ ...client, forcePathStyle: true });
try {
  await run(prepare());
  rmSync(work, { recursive: true, force: true });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\nThe work folder is kept: ${work}\n`);
  process.exitCode = 1;
} finally {
  await emulator.stop();
}

async function run(environment: NodeJS.ProcessEnv): Promise<void> {
  process.stdout.write('Left out, because the emulator lacks them:\n');
  for (const [type, reason] of Object.entries(UNSUPPORTED)) process.stdout.write(`  ${type}: ${reason}\n`);
  await refuseForeignAccount(environment);
  await step('deploy bootstrap', environment, ['deploy', 'bootstrap', '--auto-approve']);
  await step('deploy poc', environment, ['deploy', 'poc', '--auto-approve']);
  const resources = await showState();
  const diff = await step('diff poc', environment, ['diff', 'poc']);
  if (!diff.includes('No changes')) throw new Error(`The second plan of poc is not empty:\n${diff}`);
  await step('destroy poc', environment, ['destroy', 'poc', '--auto-approve']);
  const left = stateOf(await stateObject());
  if (left.length > 0) throw new Error(`Destroying poc left: ${left.join(', ')}`);
  process.stdout.write('poc is empty again.\n');
  const refused = await cdktf(environment, ['destroy', 'bootstrap', '--auto-approve']);
  if (refused.code === 0 || !refused.output.includes('prevent_destroy')) {
    throw new Error('bootstrap let itself be destroyed.');
  }
  process.stdout.write('bootstrap refuses to be destroyed.\n');
  const typesLeftOut = Object.keys(UNSUPPORTED).length;
  process.stdout.write(
    `${JSON.stringify({ resources, changesOfSecondPlan: 0, resourcesLeft: left.length, typesLeftOut })}\n`,
  );
}

/** The example account of a clean clone is not the emulator's, so nothing may be deployed with it. */
async function refuseForeignAccount(environment: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await cdktf({ ...environment, AURORA_LOGS_ACCOUNT_ID: undefined }, ['diff', 'bootstrap']);
  if (code === 0 || !output.includes('account ID not allowed')) {
    throw new Error(`Credentials of another account were not refused:\n${output}`);
  }
  process.stdout.write('credentials of another account are refused.\n');
}

function prepare(): NodeJS.ProcessEnv {
  const plugins = findPlugins();
  const schemas = Object.fromEntries(
    Object.entries(plugins.versions)
      .filter(([name]) => name === 'aws')
      .map(([name, version]) => [name, readSchema(name, version, plugins)]),
  );
  const pluginFile = join(work, 'plugins.json');
  writeFileSync(pluginFile, JSON.stringify({ versions: plugins.versions, schemas }));
  const config = JSON.parse(readFileSync(join(ROOT, 'cdktf.json'), 'utf8'));
  config.app = `"${process.execPath}" "${join(ROOT, 'scripts/lab/app.ts')}"`;
  writeFileSync(join(work, 'cdktf.json'), JSON.stringify(config));
  return {
    ...process.env,
    ...plugins.variables,
    LAB_PLUGINS: pluginFile,
    CHECKPOINT_DISABLE: '1',
    CI: '1',
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_ACCESS_KEY_ID: 'lab',
    AWS_SECRET_ACCESS_KEY: 'lab',
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AURORA_LOGS_ACCOUNT_ID: EMULATED_ACCOUNT,
    AURORA_LOGS_REGION: REGION,
  };
}

async function step(name: string, environment: NodeJS.ProcessEnv, args: readonly string[]): Promise<string> {
  const began = Date.now();
  const { code, output } = await cdktf(environment, args);
  if (code !== 0) throw new Error(`cdktf ${args.join(' ')} ended with exit code ${code}:\n${output}`);
  const summary = /(Apply complete!|Destroy complete!|No changes\.)[^\n]*/.exec(output)?.[0] ?? '';
  process.stdout.write(`${name}: ${Math.round((Date.now() - began) / 1000)} s. ${summary}\n`);
  return output;
}

/** Runs cdktf as a user would; a registry may be out of reach, so provider locks are not renewed. */
async function cdktf(
  environment: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [CDKTF, ...args, '--skip-provider-lock'], { cwd: work, env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => resolve(exit ?? 1));
  });
  return { code, output };
}

/** Answers how many resources poc has. */
async function showState(): Promise<number> {
  const { stateBucket, lockTable } = accountNames(EMULATED_ACCOUNT);
  const head = await s3.send(new HeadObjectCommand({ Bucket: stateBucket, Key: 'poc.tfstate' }));
  const resources = stateOf(await stateObject());
  process.stdout.write(
    `state: s3://${stateBucket}/poc.tfstate, ${head.ContentLength} bytes, ${head.ServerSideEncryption}, ${resources.length} resources\n`,
  );
  const rows = await new DynamoDBClient(client).send(new ScanCommand({ TableName: lockTable }));
  const keys = (rows.Items ?? []).map((row) => row['LockID']?.S);
  if (!keys.some((key) => key?.endsWith('poc.tfstate-md5'))) throw new Error('The lock table knows nothing of poc.');
  process.stdout.write(`lock table ${lockTable}: ${keys.join(', ')}\n`);
  return resources.length;
}

async function stateObject(): Promise<string> {
  const { stateBucket } = accountNames(EMULATED_ACCOUNT);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: stateBucket, Key: 'poc.tfstate' }));
  return (await Body?.transformToString()) ?? '';
}

function stateOf(text: string): string[] {
  const { resources } = JSON.parse(text) as { resources: { mode: string; type: string; name: string }[] };
  return resources.filter(({ mode }) => mode === 'managed').map(({ type, name }) => `${type}.${name}`);
}

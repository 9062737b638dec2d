import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXCEPTIONS, exceptionFor } from '../stacks/policy/exceptions.ts';
import { readStack, type StackJson } from './lab/plugins.ts';

/**
 * Runs checkov over the synthesized stacks: `npm run checkov`. Exits 1 on a failed check that no exception covers, and on an
 * exception that nothing needs. Installs checkov into a virtual environment of its own at the first run.
 */
const ROOT = join(import.meta.dirname, '..');
const VERSION = '3.3.30';
const VENV = join(ROOT, 'node_modules/.cache/checkov');

interface Check {
  readonly check_id: string;
  readonly check_name: string;
  readonly file_path: string;
  readonly resource: string;
}

const folder = mkdtempSync(join(tmpdir(), 'aurora-logs-checkov-'));
try {
  install();
  const { failed, passed } = scan(synthesize());
  const open = failed.filter((check) => !exceptionFor(check.check_id, whereOf(check), new Date()));
  const ids = new Set(failed.map(({ check_id }) => check_id));
  const idle = EXCEPTIONS.filter(({ rule }) => !ids.has(rule));
  for (const check of open) process.stdout.write(`FAILED ${check.check_id} ${whereOf(check)}: ${check.check_name}\n`);
  for (const { rule } of idle) process.stdout.write(`IDLE   the exception of ${rule} is needed no more\n`);
  const excepted = new Set(EXCEPTIONS.map(({ rule }) => rule)).size;
  process.stdout.write(
    `checkov ${VERSION}: ${passed} passed, ${open.length} failed, ${failed.length - open.length} excepted by ${excepted} rules\n`,
  );
  const found = { passed, failed: open.length, rulesExcepted: excepted, rulesIdle: idle.length };
  process.stdout.write(`${JSON.stringify(found)}\n`);
  if (open.length + idle.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function install(): void {
  if (existsSync(join(VENV, 'bin/checkov'))) return;
  execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
  execFileSync(join(VENV, 'bin/pip'), ['install', '--quiet', `checkov==${VERSION}`], { stdio: 'inherit' });
}

/** The stacks without their `terraform` block: checkov cannot read a version constraint there, and checks nothing in it. */
function synthesize(): string {
  const outdir = join(folder, 'cdktf.out');
  execFileSync(process.execPath, ['main.ts'], { cwd: ROOT, env: { ...process.env, CDKTF_OUTDIR: outdir } });
  const target = join(folder, 'stacks');
  for (const name of readdirSync(join(outdir, 'stacks'))) {
    const { terraform: _, ...rest }: StackJson = readStack(outdir, name);
    mkdirSync(join(target, name), { recursive: true });
    writeFileSync(join(target, name, 'cdk.tf.json'), JSON.stringify(rest, undefined, 1));
  }
  return target;
}

function scan(target: string): { failed: Check[]; passed: number } {
  const { stdout, stderr } = spawnSync(
    join(VENV, 'bin/checkov'),
    ['-d', target, '--framework', 'terraform_json', '--skip-download', '--compact', '--quiet', '-o', 'json'],
    { encoding: 'utf8', maxBuffer: 2 ** 27 },
  );
  const report = JSON.parse(stdout || '{}') as {
    results?: { failed_checks: Check[] };
    summary?: { passed: number; parsing_errors: number };
  };
  if (!report.summary || report.summary.parsing_errors > 0 || report.summary.passed === 0) {
    throw new Error(`checkov could not read the stacks:\n${stderr}`);
  }
  return { failed: report.results?.failed_checks ?? [], passed: report.summary.passed };
}

/** `/poc/cdk.tf.json` and `aws_x.id` are `poc/aws_x.id`. */
function whereOf(check: Check): string {
  return `${check.file_path.split('/').at(-2)}/${check.resource}`;
}

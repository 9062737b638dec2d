import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adaptToSchemas, typesOf, withoutTypes } from './lab/adapt.ts';
import {
  findPlugins,
  type Plugins,
  type ProviderSchema,
  readSchema,
  readStack,
  type StackJson,
} from './lab/plugins.ts';

/** Validates every synthesized stack with the real providers: `npm run validate`. Exits 1 when one is wrong. */
const ROOT = join(import.meta.dirname, '..');
const OWN_PROVIDERS = ['aws', 'helm', 'kubernetes'];

const folder = mkdtempSync(join(tmpdir(), 'aurora-logs-validate-'));
try {
  const plugins = findPlugins();
  const schemas = Object.fromEntries(
    Object.entries(plugins.versions).map(([name, version]) => [name, readSchema(name, version, plugins)]),
  );
  const outdir = join(folder, 'cdktf.out');
  execFileSync(process.execPath, ['main.ts'], { cwd: ROOT, env: { ...process.env, CDKTF_OUTDIR: outdir } });
  const results = readdirSync(join(outdir, 'stacks')).map((name) => validate(outdir, name, plugins, schemas));
  const found = { stacks: results.length, valid: results.filter(Boolean).length };
  process.stdout.write(`${JSON.stringify(found)}\n`);
  if (found.valid < found.stacks) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function validate(
  outdir: string,
  name: string,
  plugins: Plugins,
  schemas: Readonly<Record<string, ProviderSchema>>,
): boolean {
  const stack = readStack(outdir, name);
  delete stack.terraform.backend;
  const stripped = adaptToSchemas(stack, schemas, plugins.versions);
  const skipped = dropUnreachable(stack, plugins);
  const work = join(folder, name);
  cpSync(join(outdir, 'stacks', name), work, { recursive: true });
  writeFileSync(join(work, 'cdk.tf.json'), JSON.stringify(stack));
  const env = { ...process.env, ...plugins.variables, CHECKPOINT_DISABLE: '1' };
  const init = spawnSync('terraform', ['init', '-input=false', '-no-color'], { cwd: work, env, encoding: 'utf8' });
  const check = spawnSync('terraform', ['validate', '-no-color'], { cwd: work, env, encoding: 'utf8' });
  const types = Object.keys(stack.resource ?? {}).length;
  const ok = init.status === 0 && check.status === 0;
  process.stdout.write(`${ok ? 'valid  ' : 'INVALID'} ${name}: ${types} resource types\n`);
  for (const text of stripped) process.stdout.write(`        not known to the plugin at hand: ${text}\n`);
  for (const text of skipped) process.stdout.write(`        not validated: ${text}\n`);
  if (!ok) process.stdout.write(`${init.status === 0 ? '' : init.stderr}${check.stderr}${check.stdout}\n`);
  return ok;
}

/** Where plugins come from a mirror, what the mirror lacks cannot be validated; says so by type. */
function dropUnreachable(stack: StackJson, plugins: Plugins): string[] {
  if (Object.keys(plugins.versions).length === 0) return [];
  return OWN_PROVIDERS.filter((name) => !(name in plugins.versions)).flatMap((name) => {
    const types = typesOf(stack, name);
    withoutTypes(stack, types);
    delete stack.provider?.[name];
    delete stack.terraform.required_providers[name];
    return types.map((type) => `${type} (no ${name} plugin in the mirror)`);
  });
}

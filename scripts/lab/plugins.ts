import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How Terraform finds provider plugins here, and which versions lie ready. */
export interface Plugins {
  /** Variables for terraform and cdktf. */
  readonly variables: Readonly<Record<string, string>>;
  /** Version by provider name; a provider that is absent comes from the registry, in the pinned version. */
  readonly versions: Readonly<Record<string, string>>;
}

const FINDER = join(import.meta.dirname, '../../../shared/bin/provider-mirror');
const PROVIDERS = ['aws', 'helm', 'kubernetes'];

/** Asks the mirror finder beside the repository, unless the environment names plugins already; else the registry is used. */
export function findPlugins(environment: NodeJS.ProcessEnv = process.env): Plugins {
  const given = versionsIn(environment);
  if (environment['TF_CLI_CONFIG_FILE'] && Object.keys(given).length > 0) {
    return { variables: { TF_CLI_CONFIG_FILE: environment['TF_CLI_CONFIG_FILE'] }, versions: given };
  }
  if (!existsSync(FINDER)) return { variables: {}, versions: {} };
  const lines = execFileSync(FINDER, { encoding: 'utf8' }).split('\n');
  const exported = Object.fromEntries(
    lines.flatMap((line) => {
      const match = /^export (\w+)='?([^']*)'?$/.exec(line);
      return match ? [[match[1], match[2]]] : [];
    }),
  ) as Record<string, string>;
  return { variables: exported, versions: versionsIn(exported) };
}

function versionsIn(variables: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    PROVIDERS.flatMap((name) => {
      const version = variables[`${name.toUpperCase()}_PROVIDER_VERSION`];
      return version ? [[name, version]] : [];
    }),
  );
}

/** A block of a provider's schema, as `terraform providers schema -json` writes it. */
export interface Block {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block; readonly nesting_mode: string }>>;
}

export interface ProviderSchema {
  readonly provider: { readonly block: Block };
  readonly resource_schemas?: Readonly<Record<string, { readonly block: Block }>>;
  readonly data_source_schemas?: Readonly<Record<string, { readonly block: Block }>>;
}

/** The schema of one plugin, by the plugin itself. */
export function readSchema(name: string, version: string, plugins: Plugins): ProviderSchema {
  const source = `hashicorp/${name}`;
  const folder = mkdtempSync(join(tmpdir(), 'aurora-logs-schema-'));
  try {
    const config = { terraform: { required_providers: { [name]: { source, version } } } };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(config));
    const run = (...args: string[]) =>
      execFileSync('terraform', args, {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
        env: { ...process.env, ...plugins.variables, CHECKPOINT_DISABLE: '1' },
      });
    run('init', '-input=false', '-no-color');
    const { provider_schemas } = JSON.parse(run('providers', 'schema', '-json'));
    const schemas = provider_schemas as Record<string, ProviderSchema>;
    // Keyed by source with the registry's host in front.
    const found = Object.entries(schemas).find(([key]) => key.endsWith(`/${source}`));
    if (!found) throw new Error(`Terraform knows no schema of ${source}.`);
    return found[1];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Terraform's JSON of a stack. */
export interface StackJson {
  /** What cdktf itself notes; it reads the names of outputs from here. */
  '//'?: { outputs?: Record<string, Record<string, string>> };
  terraform: { required_providers: Record<string, { source: string; version: string }>; backend?: unknown };
  provider?: Record<string, Record<string, unknown>[]>;
  resource?: Record<string, Record<string, Record<string, unknown>>>;
  data?: Record<string, Record<string, Record<string, unknown>>>;
  output?: Record<string, { value: unknown }>;
}

/** The stacks in the order in which an output folder lists them. */
export function readStack(outdir: string, stack: string): StackJson {
  return JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
}

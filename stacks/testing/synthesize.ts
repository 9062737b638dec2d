import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import type { Construct } from 'constructs';
import { createApp } from '../app.ts';
import { BootstrapStack } from '../bootstrap-stack.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { ENVIRONMENTS, type Environment, loadEnvironments } from '../environments.ts';
import { bootstrapInputsSchema, type InputSources, readInputs } from '../inputs.ts';

/** The inputs of a clean clone. */
export function exampleSources(variables: InputSources['variables'] = {}): InputSources {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdktf.json'), 'utf8'));
  return { context: context['aurora-logs'], variables };
}

/** A sound environment from the example inputs, with some fields changed. */
export function exampleEnvironment(name: string, changes: Partial<Environment> = {}): Environment {
  const loaded = loadEnvironments(exampleSources()).find((one) => one.name === name);
  if (!loaded || !('environment' in loaded)) throw new Error(`There is no sound environment ${name}.`);
  return { ...loaded.environment, ...changes };
}

/** Terraform's JSON of one environment. */
export function synthesizeEnvironment(environment: Environment): string {
  const app = Testing.app();
  return Testing.synth(new EnvironmentStack(app, { environment, charts: [], chartsFolder: 'charts' }), true);
}

/** Terraform's JSON of every stack of a clean clone, by name. */
export function synthesizeAll(): Record<string, string> {
  const inputs = readInputs('bootstrap', exampleSources(), bootstrapInputsSchema);
  const names = Object.keys(ENVIRONMENTS);
  const bootstrap = new BootstrapStack(Testing.app(), { inputs, environments: names });
  return {
    bootstrap: Testing.synth(bootstrap, true),
    ...Object.fromEntries(names.map((name) => [name, synthesizeEnvironment(exampleEnvironment(name))])),
  };
}

/** Terraform's JSON of every stack of a clean clone as cdktf writes it, with the paths of constructs. */
export function synthesizeAsWritten(): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'aurora-logs-stacks-'));
  try {
    const sources = exampleSources();
    createApp({
      bootstrap: readInputs('bootstrap', sources, bootstrapInputsSchema),
      environments: loadEnvironments(sources),
      chartsFolder: 'charts',
      outdir,
      target: () => undefined,
    }).synth();
    const stacks = readdirSync(join(outdir, 'stacks')).sort();
    return Object.fromEntries(
      stacks.map((name) => [name, readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The resources that a construct makes, by type, each with its arguments. */
export function resourcesOf(build: (scope: Construct) => void): Record<string, Record<string, unknown>[]> {
  const stack = new TerraformStack(Testing.app(), 'test');
  build(stack);
  return byType(Testing.synth(stack));
}

/** The resources of a synthesized stack by type. */
export function byType(json: string): Record<string, Record<string, unknown>[]> {
  const { resource } = JSON.parse(json) as { resource?: Record<string, Record<string, Record<string, unknown>>> };
  return Object.fromEntries(Object.entries(resource ?? {}).map(([type, byId]) => [type, Object.values(byId)]));
}

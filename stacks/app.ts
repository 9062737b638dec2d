import { Annotations, App } from 'cdktf';
import { Failure } from '../apps/shared/failure.ts';
import { BootstrapStack } from './bootstrap-stack.ts';
import { EnvironmentStack } from './environment-stack.ts';
import type { LoadedEnvironment } from './environments.ts';
import { FleetAccountStack } from './fleet-account-stack.ts';
import type { BootstrapInputs } from './inputs.ts';

export interface AppOptions {
  readonly bootstrap: BootstrapInputs;
  readonly environments: readonly LoadedEnvironment[];
  readonly chartsFolder: string;
  /** Where Terraform's JSON goes; cdktf's own choice by default. */
  readonly outdir?: string;
  /** The stacks somebody asked for; undefined: all, so every mistake counts. */
  readonly target: () => string[] | undefined;
}

/**
 * The app with all its stacks, ready to synthesize. An environment with a mistake stops it, unless the command is for other
 * stacks only: then that environment is left out, with a warning. Throws CONFIG_INVALID.
 */
export function createApp(options: AppOptions): App {
  const sound = options.environments.flatMap((loaded) => ('environment' in loaded ? [loaded.environment] : []));
  const leftOut = refuseProblems(options);
  const app = new App(options.outdir === undefined ? {} : { outdir: options.outdir });
  const bootstrap = new BootstrapStack(app, {
    inputs: options.bootstrap,
    environments: options.environments.map(({ name }) => name),
  });
  // cdktf hides what the app writes, and shows the notes on stacks.
  for (const text of leftOut) Annotations.of(bootstrap).addWarning(text);
  const fleetAccounts = new Set<string>();
  for (const environment of sound) {
    new EnvironmentStack(app, { environment, charts: [], chartsFolder: options.chartsFolder });
    if (environment.watches.kind === 'own') continue;
    for (const accountId of environment.fleetAccounts) {
      if (!fleetAccounts.has(accountId)) new FleetAccountStack(app, { environment, accountId });
      fleetAccounts.add(accountId);
    }
  }
  return app;
}

/** Throws for the environments that were asked for; answers what to say of the others. */
function refuseProblems(options: AppOptions): string[] {
  const broken = options.environments.flatMap((loaded) => ('problem' in loaded ? [loaded] : []));
  if (broken.length === 0) return [];
  const target = options.target();
  const fatal = broken.filter(({ name }) => target === undefined || target.includes(name));
  if (fatal.length > 0) throw new Failure('CONFIG_INVALID', fatal.map(({ problem }) => problem.message).join('\n'));
  return broken.map(({ name, problem }) => `${name} is left out:\n${problem.message}`);
}

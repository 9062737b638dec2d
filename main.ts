import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportFailure } from './apps/operator/output.ts';
import { createApp } from './stacks/app.ts';
import { loadEnvironments } from './stacks/environments.ts';
import { bootstrapInputsSchema, readInputs } from './stacks/inputs.ts';
import { targetStacks } from './stacks/target.ts';

try {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, 'cdktf.json'), 'utf8'));
  const sources = { context: context['aurora-logs'], variables: process.env };
  createApp({
    bootstrap: readInputs('bootstrap', sources, bootstrapInputsSchema),
    environments: loadEnvironments(sources),
    chartsFolder: join(import.meta.dirname, 'charts'),
    target: targetStacks,
  }).synth();
} catch (error) {
  process.exitCode = reportFailure(error, false);
}

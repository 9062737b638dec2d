import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adaptToSchemas, withoutTypes } from './adapt.ts';
import { readStack, type StackJson } from './plugins.ts';
import { FORGOTTEN, UNSUPPORTED } from './unsupported.ts';

/**
 * The app that the lab gives to cdktf: synthesizes the real stacks, then fits their JSON to the plugin at hand and takes out
 * what the emulator lacks. Reads LAB_PLUGINS, a file with versions and schemas.
 */
await import('../../main.ts');
if (!process.exitCode) {
  const outdir = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const { versions, schemas } = JSON.parse(readFileSync(process.env['LAB_PLUGINS'] ?? '', 'utf8'));
  for (const name of readdirSync(join(outdir, 'stacks'))) {
    const stack = readStack(outdir, name);
    adaptToSchemas(stack, schemas, versions);
    const { lostWithThem } = withoutTypes(stack, Object.keys(UNSUPPORTED));
    if (lostWithThem.length > 0) throw new Error(`${name} also loses ${lostWithThem.join(', ')}; name their types.`);
    // Calls that the emulator lacks answer 5xx: with the default 25 attempts each takes minutes.
    for (const provider of stack.provider?.['aws'] ?? []) provider['max_retries'] = 3;
    for (const provider of ['helm', 'kubernetes']) {
      delete stack.provider?.[provider];
      delete stack.terraform.required_providers[provider];
    }
    withoutBucketDenials(stack);
    overlookForgotten(stack);
    writeFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), JSON.stringify(stack, undefined, 2));
  }
}

/** The emulator takes a denial without reading its conditions, and would refuse every call to the bucket. */
function withoutBucketDenials(stack: StackJson): void {
  for (const config of Object.values(stack.resource?.['aws_s3_bucket_policy'] ?? {})) {
    const policy = JSON.parse(String(config['policy'])) as { Statement: { Effect: string }[] };
    const Statement = policy.Statement.filter(({ Effect }) => Effect !== 'Deny');
    config['policy'] = JSON.stringify({ ...policy, Statement });
  }
  const empty = Object.entries(stack.resource?.['aws_s3_bucket_policy'] ?? {}).filter(([, config]) =>
    String(config['policy']).includes('"Statement":[]'),
  );
  for (const [id] of empty) delete stack.resource?.['aws_s3_bucket_policy']?.[id];
}

function overlookForgotten(stack: StackJson): void {
  for (const [type, names] of Object.entries(FORGOTTEN)) {
    for (const config of Object.values(stack.resource?.[type] ?? {})) {
      const lifecycle = (config['lifecycle'] ?? {}) as { ignore_changes?: string[] };
      config['lifecycle'] = { ...lifecycle, ignore_changes: [...(lifecycle.ignore_changes ?? []), ...names] };
    }
  }
}

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Failure } from '../../shared/failure.ts';
import type { Resource } from './resource.ts';

const run = promisify(execFile);
const SYNTH_TIMEOUT_MS = 60_000;
const block = z.record(z.string(), z.unknown());
const instances = z.record(z.string(), z.record(z.string(), block)).default({});

/** What the product reads of a synthesized stack (`cdk.tf.json`). */
const stackSchema = z.object({
  resource: instances,
  provider: z.record(z.string(), z.array(block)).default({}),
  terraform: z.object({ backend: z.record(z.string(), block).default({}) }),
});

export type StackFile = z.infer<typeof stackSchema>;

/** All managed resources of a stack, in its order. Data sources are none. */
export function resourcesOf(stack: StackFile): Resource[] {
  return Object.entries(stack.resource).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, properties]) => ({ type, id, properties })),
  );
}

/**
 * Runs the CDKTF app of the folder into a temporary folder and reads its stacks by name. Makes no network call.
 * Throws NOT_FOUND where the folder holds no app, CONFIG_INVALID with the app's own words when it refuses a setting.
 * With `target`, a mistake in another environment leaves that one out instead.
 */
export async function synthesize(folder: string, target?: string): Promise<ReadonlyMap<string, StackFile>> {
  const main = join(folder, 'main.ts');
  const out = await mkdtemp(join(tmpdir(), 'aurora-logs-synth-'));
  try {
    const only = target === undefined ? {} : { CDKTF_TARGET_STACK_ID: target };
    await run(process.execPath, [main], {
      cwd: folder,
      timeout: SYNTH_TIMEOUT_MS,
      env: { ...process.env, CDKTF_OUTDIR: out, CHECKPOINT_DISABLE: '1', ...only },
    });
    return await readStacks(out);
  } catch (error) {
    throw synthesisFailure(error, main);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Reads `<folder>/stacks/<name>/cdk.tf.json` of each stack. */
async function readStacks(folder: string): Promise<ReadonlyMap<string, StackFile>> {
  const names = await readdir(join(folder, 'stacks'));
  const stacks = await Promise.all(
    names.sort().map(async (name): Promise<[string, StackFile]> => {
      const text = await readFile(join(folder, 'stacks', name, 'cdk.tf.json'), 'utf8');
      return [name, stackSchema.parse(JSON.parse(text))];
    }),
  );
  return new Map(stacks);
}

const REFUSAL = /^error: ([\s\S]*) \([A-Z_]+\)\s*$/m;

function synthesisFailure(error: unknown, main: string): unknown {
  const stderr = (error as { stderr?: unknown }).stderr;
  if (typeof stderr !== 'string') return error;
  if (stderr.includes('Cannot find module') && stderr.includes(main)) {
    return new Failure('NOT_FOUND', `There is no ${main}: run this in a checkout of the repository.`, { cause: error });
  }
  const refusal = REFUSAL.exec(stderr)?.[1];
  if (refusal === undefined) return new Error(`${main} failed: ${stderr}`, { cause: error });
  return new Failure('CONFIG_INVALID', `The stacks do not synthesize: ${refusal}`, { cause: error });
}

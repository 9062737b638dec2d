import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../shared/failure.ts';

const strings = z.record(z.string(), z.string());

/** `fleet.json`: what is known about a fleet beside its files. Every field may be left out. */
export const fleetFileSchema = z.strictObject({
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'must be 12 digits')
    .default('123456789012'),
  region: z.string().min(1).default('us-east-1'),
  instances: z
    .record(
      z.string().min(1),
      z.strictObject({
        engine: z.string().min(1).optional(),
        cluster: z.string().min(1).optional(),
        resourceId: z
          .string()
          .regex(/^db-[A-Z0-9]{26}$/, 'must be db- and 26 of A-Z and 0-9')
          .optional(),
        status: z.string().min(1).optional(),
        tags: strings.optional(),
        parameters: strings.optional(),
      }),
    )
    .default({}),
});

export type FleetFile = z.infer<typeof fleetFileSchema>;

/** Reads `fleet.json` of a fleet's folder; defaults when there is none. CONFIG_INVALID names the field that is wrong. */
export async function readFleetFile(root: string): Promise<FleetFile> {
  const path = join(root, 'fleet.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fleetFileSchema.parse({});
    throw new Failure('FOLDER_UNREADABLE', `Cannot read ${path}: make it readable.`, { cause: error });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure('CONFIG_INVALID', `${path} is not JSON (${why}).`, { cause: error });
  }
  const parsed = fleetFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the top level'}: ${issue.message}`);
  throw new Failure('CONFIG_INVALID', `${path} is wrong at ${issues.join('; ')}.`, { cause: parsed.error });
}

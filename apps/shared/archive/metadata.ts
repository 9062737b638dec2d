import { z } from 'zod';

/** Version of the objects' metadata; a reader that meets a greater one says so instead of guessing. */
export const METADATA_FORMAT = 1;

const offset = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const base = { format: z.literal(METADATA_FORMAT), stored: offset };
const slotBase = {
  ...base,
  start: offset,
  end: offset,
  chain: sha256,
  fileName: z.string(),
  writtenAt: z.number(),
  writer: z.string(),
};

export const chunkMetadata = z.object({ ...slotBase, type: z.literal('chunk'), sha256, marker: z.string() });

export const slotMetadata = z.discriminatedUnion('type', [
  chunkMetadata,
  z.object({ ...slotBase, type: z.literal('end') }),
  z.object({ ...slotBase, type: z.literal('lost'), reason: z.string() }),
]);

export const registrationMetadata = z.object({
  ...base,
  type: z.literal('registration'),
  seq: z.int().positive(),
  fileName: z.string(),
  /** base64 */
  head: z.base64(),
  instanceId: z.string(),
  engine: z.string(),
  registeredAt: z.number(),
  continues: z.object({ seq: z.int().positive(), offset }).exactOptional(),
});

export const nameMetadata = z.object({ ...base, type: z.literal('name'), fileName: z.string(), seenAt: z.number() });

export const sealedMetadata = z.object({
  ...base,
  type: z.literal('sealed'),
  start: offset,
  end: offset,
  sha256,
  last: z.boolean(),
});

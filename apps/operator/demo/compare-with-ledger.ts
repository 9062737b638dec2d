import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const SCRIPT = fileURLToPath(new URL('../../../scripts/compare-with-ledger.mjs', import.meta.url));

const outcomeSchema = z.object({
  filesCompared: z.int(),
  filesIdentical: z.int(),
  bytesCompared: z.int(),
  different: z.array(z.string()),
});

export type Comparison = z.infer<typeof outcomeSchema>;

/** Has a program of its own, which shares no code with us, restore every file and compare it with the ledger. */
export async function compareWithLedger(archive: string, ledgerUrl: string): Promise<Comparison> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, archive, ledgerUrl], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return outcomeSchema.parse(JSON.parse(stdout));
}

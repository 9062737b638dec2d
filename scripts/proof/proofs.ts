import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A long test: a program of its own, so that a hang ends with its time and its memory is its own. */
export interface Proof {
  readonly name: string;
  /** What holds when it passes. */
  readonly claim: string;
  /** It has failed when it takes longer: about twice what it took on two cores that others used as well. */
  readonly minutes: number;
  /** Arguments for Node.js. The last line on stdout is JSON. */
  readonly command: readonly string[];
  /** What that JSON has to be; what is read is also what is shown as measured. */
  readonly answer: z.ZodType<Readonly<Record<string, unknown>>>;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export const PROOFS: readonly Proof[] = [
  {
    name: 'kills',
    claim: 'ten kill -9 over a fleet that writes, rotates and lies cost no byte and double none',
    minutes: 5,
    command: [file('kills.mjs')],
    answer: z
      .object({
        kills: z.literal(10),
        killsAtWork: z.number().min(8),
        bytesGenerated: z.number().min(100e6),
        filesCompared: z.number().min(20),
        filesIdentical: z.number(),
        problems: z.array(z.string()).length(0),
        seed: z.number(),
      })
      .refine((found) => found.filesIdentical === found.filesCompared, 'a restored file differs'),
  },
  {
    name: 'crashes',
    claim: 'workers that die before or after any call cost no byte and double none',
    minutes: 5,
    command: [file('crashes.ts')],
    answer: z.object({ livesSurvived: z.literal(600), seed: z.number() }),
  },
  {
    name: 'large-file',
    claim: 'a file of 3 GB needs at most 300 MB of memory, and comes back as it was',
    minutes: 6,
    command: [file('large-file.ts')],
    answer: z
      .object({
        bytesWritten: z.number().min(3e9),
        bytesArchived: z.number(),
        bytesParsed: z.number(),
        bytesDuplicated: z.literal(0),
        problems: z.literal(0),
        identical: z.literal(true),
        peakRssMb: z.number().max(300),
        megabytesPerSecond: z.number(),
      })
      .refine((found) => found.bytesArchived === found.bytesWritten, 'not all bytes are in the archive'),
  },
  {
    name: 'demo',
    claim: 'npm run demo ends well, with rotations and throttling on',
    minutes: 6,
    command: [file('../../apps/operator/bin.mjs'), 'demo', '--json'],
    answer: z
      .object({
        instances: z.literal(24),
        bytesGenerated: z.number().positive(),
        bytesLost: z.literal(0),
        bytesDuplicated: z.literal(0),
        recordsParsed: z.number().positive(),
        rotations: z.number().min(10),
        throttled: z.number().min(1),
        filesCompared: z.number().min(24),
        filesIdentical: z.number(),
      })
      .refine((found) => found.filesIdentical === found.filesCompared, 'a restored file differs'),
  },
  {
    name: 'validate',
    claim: 'Terraform and the real providers accept every stack',
    minutes: 5,
    command: [file('../validate.ts')],
    answer: z
      .object({ stacks: z.number().min(3), valid: z.number() })
      .refine((found) => found.valid === found.stacks, 'a stack is not valid'),
  },
  {
    name: 'checkov',
    claim: 'checkov finds nothing in the stacks but what the list of exceptions names',
    minutes: 8,
    command: [file('../checkov.ts')],
    answer: z.object({
      passed: z.number().min(100),
      failed: z.literal(0),
      rulesExcepted: z.number().max(10),
      rulesIdle: z.literal(0),
    }),
  },
  {
    name: 'lab',
    claim: 'cdktf deploys bootstrap and poc to an emulator, plans no change, and destroys poc to nothing',
    minutes: 12,
    command: [file('../lab/lab.ts')],
    answer: z.object({
      resources: z.number().min(100),
      changesOfSecondPlan: z.literal(0),
      resourcesLeft: z.literal(0),
      typesLeftOut: z.number().max(20),
    }),
  },
];

/** Of the last line of a program that failed. */
const SAID_CHARACTERS = 4000;

export interface Ended {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
}

export interface Verdict {
  readonly passed: boolean;
  /** What was measured, or what is wrong. */
  readonly text: string;
}

/** Judges by the exit code and by what the last line says, never by one of them alone. */
export function judge(proof: Pick<Proof, 'answer' | 'minutes'>, { code, stdout }: Ended): Verdict {
  if (code === undefined) return { passed: false, text: `ended by a signal, or not within ${proof.minutes} minutes` };
  const said = stdout.trim().split('\n').at(-1) ?? '';
  const found = proof.answer.safeParse(parse(said));
  if (found.success && code === 0) {
    const measured = Object.entries(found.data).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    return { passed: true, text: measured.join(', ') };
  }
  const wrong = found.success ? '' : `\n${z.prettifyError(found.error)}`;
  return { passed: false, text: `ended with ${code}${wrong}\nIt said: ${said.slice(0, SAID_CHARACTERS)}` };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

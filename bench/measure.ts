import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a finished program used. */
export interface Usage {
  /** User and system time of the program and the children that it waited for. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakRssBytes: number;
}

export interface MeasureOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** The core that measured programs are pinned to: the last, so that others may use the first. */
export const CORE = availableParallelism() - 1;

/** bash times in milliseconds (times of the kernel's wait4); GNU time tells the peak memory. */
const WRAPPER = 'TIMEFORMAT="%3U %3S %3R"; out=$1; shift; time "$@" >/dev/null 2>"$out/stderr"';

/**
 * Runs a program pinned to one core, its output led to nowhere, and answers what it used. Peers and our own stages are
 * all measured by this one function. An error with the end of its stderr when the program fails.
 */
export async function measure(command: readonly string[], options: MeasureOptions = {}): Promise<Usage> {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-bench-'));
  try {
    const pinned = ['taskset', '-c', String(CORE), ...command];
    const timed = ['/usr/bin/time', '-f', '%M', '-o', join(folder, 'rss'), ...pinned];
    const { code, stderr } = await runToEnd('bash', ['-c', WRAPPER, 'bash', folder, ...timed], options);
    if (code !== 0) {
      const said = readFileSync(join(folder, 'stderr'), 'utf8').slice(-2000);
      throw new Error(`${command.join(' ')} ended with ${code}: ${said || stderr}`);
    }
    const [user = 0, system = 0, wallSeconds = 0] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
    const peakRssBytes = Number(readFileSync(join(folder, 'rss'), 'utf8').trim().split('\n').at(-1)) * 1024;
    return { cpuSeconds: user + system, wallSeconds, peakRssBytes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runToEnd(program: string, args: string[], options: MeasureOptions): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', ...options.env },
      cwd: options.cwd,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, stderr }));
  });
}

/** The middle one of an odd number of values; of an even number, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new RangeError('The median of nothing');
  return middle;
}

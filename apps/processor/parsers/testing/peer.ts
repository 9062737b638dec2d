import { spawnSync } from 'node:child_process';

/** Runs a peer and answers its stdout as bytes in a string (latin1). Fails when it ends with an error. */
export type RunPeer = (args: readonly string[]) => string;

/**
 * A program that parses the same logs, to compare with. Where it is not installed, tests are skipped and say so; with
 * CI=true they fail.
 */
export function findPeer(program: string, debianPackage: string): RunPeer | undefined {
  if (spawnSync(program, ['--version']).status !== 0) {
    const advice = `${program} is not installed (Debian package ${debianPackage}).`;
    if (process.env['CI'] === 'true') throw new Error(advice);
    process.stderr.write(`${advice} Tests that compare with it are skipped.\n`);
    return undefined;
  }
  return (args) => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'latin1', maxBuffer: 256 * 1024 * 1024 });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout;
  };
}

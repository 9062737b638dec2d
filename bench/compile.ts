import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = join(ROOT, 'dist', 'measured');

/**
 * Compiles the product and the stages as images do: what is measured is JavaScript, not TypeScript that Node.js strips
 * at each start. Answers where the compiled form of a source file is. Types are not checked here.
 */
export function compileProduct(): (source: string) => string {
  rmSync(OUTPUT, { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-p', join(ROOT, 'tsconfig.json'), '--outDir', OUTPUT, '--noCheck', '--sourceMap', 'false'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tsc ended with ${status}: ${stdout}`);
  copyFileSync(join(ROOT, 'package.json'), join(OUTPUT, 'package.json'));
  return (source) => join(OUTPUT, source.replace(/\.ts$/, '.js'));
}

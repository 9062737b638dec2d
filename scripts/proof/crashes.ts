import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Lives many lives of a log file in which workers die at every call (apps/processor/ship-crashes.test.ts). The seed comes
 * from the commit, so that a failure can be repeated. Prints one JSON document; its schema is in proofs.ts.
 */
const LIVES = 600;
const TEST = 'apps/processor/ship-crashes.test.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
const seed = Number.parseInt(commit.slice(0, 7), 16);
process.stderr.write(`to repeat: CRASH_SEEDS=${LIVES} CRASH_SEED=${seed} npm test -- ${TEST}\n`);

const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const { stdout } = spawnSync(process.execPath, [...jest, '--json', TEST], {
  cwd: root,
  env: { ...process.env, CRASH_SEEDS: String(LIVES), CRASH_SEED: String(seed) },
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

const tests = (JSON.parse(stdout) as Results).testResults.flatMap(({ assertionResults }) => assertionResults);
// The title says how many there really were.
const lives = tests.map(({ title, status }) =>
  status === 'passed' ? Number(/(\d+) lives$/.exec(title)?.[1] ?? 0) : 0,
);
process.stdout.write(`${JSON.stringify({ livesSurvived: Math.max(0, ...lives), seed })}\n`);

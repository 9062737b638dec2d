import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportFailure } from '../apps/operator/output.ts';
import { Failure } from '../apps/shared/failure.ts';
import { describeFleet, planFleet } from './fleet/fleet-plan.ts';
import { makeInstance } from './fleet/make-instance.ts';
import { MARIADB_PROGRAMS } from './fleet/mariadb-server.ts';
import { POSTGRESQL_PROGRAMS } from './fleet/postgresql-server.ts';
import { cleanUpOnSignals, findPrograms } from './fleet/processes.ts';

const USAGE = `usage: npm run make-fleet -- --out DIR [--instances N] [--mb N] [--hours N] [--end TIME] [--seed N]

Makes a folder of logs as a fleet of Aurora instances would show them. Real MariaDB and PostgreSQL servers write them
under load, in a temporary folder; then they are brought into Aurora's layout.

  --out DIR      where to put the fleet; must be new or empty
  --instances N  instances of both engines (7)
  --mb N         megabytes that the servers write, in total (4)
  --hours N      hours that the logs tell of; one file per hour (3)
  --end TIME     when they end (now)
  --seed N       another seed, another load (1)
`;

const HOUR_MS = 3_600_000;

function readArguments(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        out: { type: 'string' },
        instances: { type: 'string', default: '7' },
        mb: { type: 'string', default: '4' },
        hours: { type: 'string', default: '3' },
        end: { type: 'string', default: new Date().toISOString() },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return undefined;
    const number = (name: 'instances' | 'mb' | 'hours' | 'seed', least: number) => {
      const value = Number(values[name]);
      if (Number.isFinite(value) && value >= least) return value;
      throw new Failure('USAGE', `--${name} must be a number of at least ${least}, not ${values[name]}.\n${USAGE}`);
    };
    if (!values.out) throw new Failure('USAGE', `--out is missing.\n${USAGE}`);
    const end = Date.parse(values.end);
    if (Number.isNaN(end)) throw new Failure('USAGE', `--end is not a time: ${values.end}.\n${USAGE}`);
    const [instances, seed] = [Math.floor(number('instances', 1)), number('seed', 0)];
    return { out: values.out, end, instances, seed, mb: number('mb', 0.01), hours: number('hours', 0.1) };
  } catch (error) {
    if (error instanceof TypeError) throw new Failure('USAGE', `${error.message}\n${USAGE}`, { cause: error });
    throw error;
  }
}

async function main(argv: string[]): Promise<void> {
  const options = readArguments(argv);
  if (!options) {
    process.stdout.write(USAGE);
    return;
  }
  const { out, end, hours, mb } = options;
  findPrograms({ ...MARIADB_PROGRAMS, ...POSTGRESQL_PROGRAMS });
  cleanUpOnSignals();
  mkdirSync(out, { recursive: true });
  if (readdirSync(out).length > 0) throw new Failure('USAGE', `${out} is not empty: name a new folder with --out.`);
  const plan = planFleet(options.instances, options.seed);
  const weights = plan.reduce((sum, { weight }) => sum + weight, 0);
  for (const instance of plan) {
    process.stderr.write(`${instance.instanceId}: ${instance.engine}, ${instance.kinds.join(', ')}\n`);
    await makeInstance({
      plan: instance,
      folder: join(out, instance.instanceId),
      bytes: (mb * 1e6 * instance.weight) / weights,
      told: { from: end - hours * HOUR_MS, to: end },
    });
  }
  writeFileSync(join(out, 'fleet.json'), `${JSON.stringify(describeFleet(plan), undefined, 2)}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportFailure(error, false);
}

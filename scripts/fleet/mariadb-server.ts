import { join } from 'node:path';
import type { DatabaseServer } from './database-server.ts';
import { mariadbSchema } from './mariadb-workload.ts';
import { findPrograms, requireProgram, runProgram, startProgram, stopProgram, untilReady } from './processes.ts';
import { transfer } from './statements.ts';
import type { Role } from './workload.ts';

/** What is needed, and the Debian packages that bring it. */
export const MARIADB_PROGRAMS = {
  mariadbd: 'mariadb-server',
  mariadb: 'mariadb-client',
  'mariadb-install-db': 'mariadb-server',
  sysbench: 'sysbench',
};

export interface MariadbOptions {
  /** An empty folder that the server's user owns. */
  readonly folder: string;
  readonly role: Role;
  readonly generalLog: boolean;
  readonly auditLog: boolean;
}

/** Starts MariaDB with a schema, every statement in the slow log, and the other logs as asked. */
export async function startMariadb({ folder, role, generalLog, auditLog }: MariadbOptions): Promise<DatabaseServer> {
  const programs = findPrograms(MARIADB_PROGRAMS);
  const cwd = folder;
  const socket = join(folder, 's');
  const logs = {
    slowquery: join(folder, 'slow.log'),
    error: join(folder, 'error.log'),
    ...(generalLog && { general: join(folder, 'general.log') }),
    ...(auditLog && { audit: join(folder, 'audit.log') }),
  };
  const data = ['--no-defaults', `--datadir=${join(folder, 'data')}`, '--skip-name-resolve'];
  const install = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  await requireProgram(programs['mariadb-install-db'], [...data, ...install], { cwd });
  const server = startProgram(programs.mariadbd, [...data, `--socket=${socket}`, ...serverArguments(logs)], { cwd });
  const client = (user: string, input: string, database?: string) => {
    const args = ['--no-defaults', '--batch', '--force', '--comments', '--default-character-set=utf8mb4'];
    if (database) args.push(`--database=${database}`);
    return runProgram(programs.mariadb, [...args, `--socket=${socket}`, `--user=${user}`], { cwd, input });
  };
  await untilReady(server, 'MariaDB', async () => (await client('root', 'SELECT 1;')).code === 0);
  await client('root', mariadbSchema());
  const sysbench = [
    role === 'writer' ? 'oltp_read_write' : 'oltp_read_only',
    `--mysql-socket=${socket}`,
    '--mysql-user=app_rw',
    '--mysql-db=shop_eu',
    '--table-size=60',
  ];
  await requireProgram(programs.sysbench, [...sysbench, 'prepare'], { cwd });
  return {
    logs,
    run: async ({ user, database, sql }) => {
      await client(user, sql, database);
    },
    benchmark: (seed, seconds) =>
      requireProgram(
        programs.sysbench,
        [...sysbench, `--rand-seed=${seed % 2 ** 31}`, `--time=${seconds}`, '--threads=2', '--rate=10', 'run'],
        { cwd },
      ),
    deadlock: async () => {
      await Promise.all([
        client('app_rw', `${transfer(1, 2, 'DO SLEEP(0.5)')};\n`, 'shop_us'),
        client('etl.nightly', `${transfer(2, 1, 'DO SLEEP(0.5)')};\n`, 'shop_us'),
        client('intern', 'SELECT 1;\n', 'shop_us'),
      ]);
    },
    stop: () => stopProgram(server, 'SIGTERM'),
  };
}

function serverArguments(logs: { slowquery: string; error: string; general?: string; audit?: string }): string[] {
  const args = [
    '--skip-networking',
    '--character-set-server=utf8mb4',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-print-all-deadlocks=ON',
    '--use-stat-tables=never',
    '--log-warnings=9',
    '--log-output=FILE',
    '--slow-query-log=ON',
    '--long-query-time=0',
    '--log-slow-admin-statements=ON',
    `--slow-query-log-file=${logs.slowquery}`,
    `--log-error=${logs.error}`,
  ];
  if (logs.general) args.push('--general-log=ON', `--general-log-file=${logs.general}`);
  if (logs.audit) {
    args.push('--plugin-load-add=server_audit', '--server-audit-logging=ON', `--server-audit-file-path=${logs.audit}`);
    args.push('--server-audit-query-log-limit=1048576', '--server-audit-file-rotate-size=4294967296');
  }
  return args;
}

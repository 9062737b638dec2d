import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseServer } from './database-server.ts';
import { postgresqlSchema } from './postgresql-workload.ts';
import { findPrograms, requireProgram, runProgram, startProgram, stopProgram, untilReady } from './processes.ts';
import { transfer } from './statements.ts';
import type { Role } from './workload.ts';

/** What is needed, and the Debian packages that bring it. */
export const POSTGRESQL_PROGRAMS = {
  initdb: 'postgresql',
  postgres: 'postgresql',
  psql: 'postgresql-client',
  pgbench: 'postgresql',
};

/** The prefix that Aurora PostgreSQL starts with. */
export const AURORA_LOG_LINE_PREFIX = '%t:%r:%u@%d:[%p]:';

/** What pgbench sends again and again, as prepared statements with parameters. */
const READS = `\\set customer random(1, 2000)
\\set pieces random(1, 90)
SELECT id, name, city FROM customers WHERE id = :customer;
SELECT o.id, o.status, o.total
  FROM orders o
 WHERE o.customer_id = :customer
   AND o.note IS DISTINCT FROM 'Größe wie beim letzten Mal'
 ORDER BY o.placed_at DESC
 LIMIT 5;
`;
const WRITES = `UPDATE products SET price = :pieces WHERE sku = 'SKU-00042';
INSERT INTO events (kind, payload)
VALUES ('seen', jsonb_build_object('customer', CAST(:customer AS int)));
`;

/** Starts PostgreSQL with a schema and every statement and event in one stderr log. */
export async function startPostgresql(folder: string, role: Role): Promise<DatabaseServer> {
  const programs = findPrograms(POSTGRESQL_PROGRAMS);
  const cwd = folder;
  const data = join(folder, 'data');
  await requireProgram(programs.initdb, ['-D', data, '-U', 'rdsadmin', '-E', 'UTF8', '--no-locale', '-N'], { cwd });
  appendFileSync(join(data, 'postgresql.conf'), settings(folder));
  writeFileSync(join(folder, 'benchmark.sql'), `${READS}${role === 'writer' ? WRITES : ''}\\sleep 50 ms\n`);
  const server = startProgram(programs.postgres, ['-D', data], { cwd });
  const client = (user: string, input: string, database = 'postgres') =>
    runProgram(programs.psql, ['-X', '-q', '-h', folder, '-U', user, '-d', database, '-f', '-'], { cwd, input });
  await untilReady(server, 'PostgreSQL', async () => (await client('rdsadmin', 'SELECT 1;')).code === 0);
  await client('rdsadmin', postgresqlSchema());
  return {
    logs: { postgresql: join(folder, 'postgresql.log') },
    run: async ({ user, database, sql }) => {
      await client(user, sql, database);
    },
    benchmark: async (seed, seconds) => {
      const connection = [
        '-h',
        folder,
        '-U',
        'app_rw',
        '-n',
        '-c',
        '2',
        '-T',
        String(seconds),
        `--random-seed=${seed % 2 ** 31}`,
      ];
      const script = ['-f', join(folder, 'benchmark.sql')];
      await requireProgram(programs.pgbench, [...connection, '-M', 'prepared', ...script, 'shop_eu'], { cwd });
    },
    deadlock: async () => {
      await Promise.all([
        client('app_rw', `${transfer(1, 2, 'SELECT pg_sleep(0.5)')};\n`, 'shop_us'),
        client('etl.nightly', `${transfer(2, 1, 'SELECT pg_sleep(0.5)')};\n`, 'shop_us'),
        client('intern', 'SELECT 1;\n', 'shop_us'),
        client('app_ro', 'SELECT 1;\n', 'shop_xx'),
      ]);
    },
    stop: () => stopProgram(server, 'SIGINT'),
  };
}

function settings(folder: string): string {
  return `
listen_addresses = ''
unix_socket_directories = '${folder}'
fsync = off
dynamic_shared_memory_type = mmap
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = '${folder}'
log_filename = 'postgresql.log'
log_file_mode = 0644
log_rotation_age = 0
log_rotation_size = 0
log_line_prefix = '${AURORA_LOG_LINE_PREFIX}'
log_min_duration_statement = 0
log_connections = on
log_disconnections = on
log_checkpoints = on
log_lock_waits = on
log_temp_files = 0
log_autovacuum_min_duration = 0
autovacuum_naptime = 1s
autovacuum_vacuum_threshold = 200
autovacuum_analyze_threshold = 200
deadlock_timeout = 200ms
work_mem = 64kB
checkpoint_timeout = 30s
shared_preload_libraries = 'auto_explain'
auto_explain.log_min_duration = 20ms
auto_explain.log_analyze = on
`;
}

import { statSync } from 'node:fs';
import type { DatabaseServer } from './database-server.ts';
import type { PlannedInstance } from './fleet-plan.ts';
import { FILE_NAMES, layOut, type WrittenLog } from './layout.ts';
import { startMariadb } from './mariadb-server.ts';
import { MARIADB_FLAVOUR } from './mariadb-workload.ts';
import { startPostgresql } from './postgresql-server.ts';
import { POSTGRESQL_FLAVOUR } from './postgresql-workload.ts';
import { makeServerFolder, removeServerFolder } from './processes.ts';
import type { LogRewriter } from './rewrite.ts';
import { auditLogRewriter } from './rewrite-audit-log.ts';
import { generalLogRewriter } from './rewrite-general-log.ts';
import { mysqlErrorLogRewriter } from './rewrite-mysql-error-log.ts';
import { postgresqlLogRewriter } from './rewrite-postgresql-log.ts';
import { slowLogRewriter } from './rewrite-slow-log.ts';
import type { Stretch } from './timeline.ts';
import { nextSession } from './workload.ts';

const CLIENTS = 4;
const DEADLOCK_EVERY = 100;

export interface InstanceOrder {
  readonly plan: PlannedInstance;
  /** Folder of the instance in the fleet. */
  readonly folder: string;
  /** The server works until its logs hold that many bytes. */
  readonly bytes: number;
  /** The time that its logs shall tell, milliseconds since 1970. */
  readonly told: { readonly from: number; readonly to: number };
}

/** Runs a server under load until it has written enough, then lays its logs out as Aurora shows them. */
export async function makeInstance({ plan, folder, bytes, told }: InstanceOrder): Promise<void> {
  const serverFolder = makeServerFolder('aurora-fleet-');
  try {
    const server = await startServer(plan, serverFolder);
    const from = Date.now();
    let to = from;
    let logs: WrittenLogs = [];
    try {
      await work(server, plan, bytes);
      to = Date.now();
      logs = writtenLogs(server);
    } finally {
      await server.stop();
    }
    const stretch: Stretch = { written: { from: floorSecond(from), to: floorSecond(to) + 1000 }, told };
    for (const log of logs) {
      layOut(log, folder, rewriterOf(log.kind, plan.instanceId, serverFolder), stretch, FILE_NAMES[log.kind]);
    }
  } finally {
    removeServerFolder(serverFolder);
  }
}

function floorSecond(millis: number): number {
  return Math.floor(millis / 1000) * 1000;
}

function startServer({ engine, kinds, role }: PlannedInstance, folder: string): Promise<DatabaseServer> {
  if (engine === 'aurora-postgresql') return startPostgresql(folder, role);
  return startMariadb({ folder, role, generalLog: kinds.includes('general'), auditLog: kinds.includes('audit') });
}

async function work(server: DatabaseServer, plan: PlannedInstance, bytes: number): Promise<void> {
  const flavour = plan.engine === 'aurora-postgresql' ? POSTGRESQL_FLAVOUR : MARIADB_FLAVOUR;
  await Promise.all([server.deadlock(), server.benchmark(plan.seed, 1)]);
  // To start a client takes longer than a short session: large logs come from long sessions.
  const scale = Math.min(20, Math.max(1, bytes / 1e6));
  let index = 0;
  const client = async () => {
    while (writtenBytes(server) < bytes) {
      const mine = index++;
      await server.run(nextSession(flavour, plan.role, plan.seed, mine, scale));
      if (mine % DEADLOCK_EVERY === DEADLOCK_EVERY - 1) {
        await Promise.all([server.deadlock(), server.benchmark(plan.seed + mine, 1)]);
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

type WrittenLogs = readonly (WrittenLog & { readonly kind: keyof DatabaseServer['logs'] })[];

/** The logs as they are now: what the server says later, when it is stopped, does not count. */
function writtenLogs({ logs }: DatabaseServer): WrittenLogs {
  const entries = Object.entries(logs) as [keyof DatabaseServer['logs'], string][];
  return entries.map(([kind, path]) => ({ kind, path, bytes: statSync(path).size }));
}

function writtenBytes(server: DatabaseServer): number {
  return writtenLogs(server).reduce((sum, { bytes }) => sum + bytes, 0);
}

function rewriterOf(kind: keyof DatabaseServer['logs'], instanceId: string, folder: string): LogRewriter {
  if (kind === 'slowquery') return slowLogRewriter();
  if (kind === 'general') return generalLogRewriter();
  if (kind === 'audit') return auditLogRewriter(instanceId);
  if (kind === 'error') return mysqlErrorLogRewriter(folder);
  return postgresqlLogRewriter(folder);
}

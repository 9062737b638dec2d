import type { LogKind } from '../../../shared/log-file.ts';
import { createRecordParser } from '../create-record-parser.ts';
import type { ParsedRecords, ParserStart, RecordContext } from '../record-parser.ts';

/** A record as a reader of the NDJSON sees it. */
export type LogRecord = Readonly<Record<string, unknown>>;

export function contextOf(kind: LogKind, logLinePrefix?: string): RecordContext {
  return {
    accountId: '123456789012',
    region: 'eu-west-1',
    dbSystem: kind === 'postgresql' ? 'postgresql' : 'mysql',
    clusterId: 'orders',
    instanceId: 'orders-1',
    resourceId: 'db-ORDERS1',
    kind,
    fileName: 'a.log',
    seq: 7,
    ...(logLinePrefix === undefined ? {} : { logLinePrefix }),
  };
}

/** The records of a log that is written in pieces which end at `cuts`. */
export function parseLog(
  log: Uint8Array,
  context: RecordContext,
  cuts: readonly number[] = [],
  start: ParserStart = { offset: 0 },
): LogRecord[] {
  const parser = createRecordParser(context, start);
  let from = 0;
  const taken: LogRecord[] = [];
  for (const cut of [...cuts, log.length]) {
    parser.write(log.subarray(from, cut));
    from = cut;
    taken.push(...recordsOf(parser.take()));
  }
  parser.flush();
  taken.push(...recordsOf(parser.take()));
  return taken;
}

/** Every line of the NDJSON as an object; fails when one is no JSON or their number is not what the parser says. */
export function recordsOf({ ndjson, records, rawRecords }: ParsedRecords): LogRecord[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(ndjson);
  const lines = text.split('\n').slice(0, -1);
  const parsed = lines.map((line) => JSON.parse(line) as LogRecord);
  const raw = parsed.filter((record) => 'parse_reason' in record).length;
  if (parsed.length !== records || raw !== rawRecords) {
    throw new Error(`${parsed.length} records, ${raw} raw, but the parser says ${records}, ${rawRecords}`);
  }
  return parsed;
}

/** The fields that differ from record to record. */
export function ownFields(record: LogRecord): LogRecord {
  const shared =
    /^(cloud_|db_(system_name|cluster|instance|resource_id)$|log_(type|file|generation)$|parser_version$|record_id$)/;
  return Object.fromEntries(Object.entries(record).filter(([name]) => !shared.test(name)));
}

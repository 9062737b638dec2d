import { createPostgresFormat } from './postgres-format.ts';
import { createRawFormat } from './raw-format.ts';
import { RecordAssembler } from './record-assembler.ts';
import type { RecordFormat } from './record-format.ts';
import type { CreateParser, ParserStart, RecordContext } from './record-parser.ts';
import { createSlowLogFormat } from './slow-log-format.ts';

/** `parser_version` of every record: changes when the same bytes would give other records. */
export const PARSER_VERSION = '1';

/** The parser for a kind of log; kinds that none is made for give raw records. */
export const createRecordParser: CreateParser = (context, start) =>
  new RecordAssembler(recordHead(context), createFormat(context, start), start.offset);

/** The one place that knows which formats there are. */
function createFormat(context: RecordContext, start: ParserStart): RecordFormat {
  switch (context.kind) {
    case 'slowquery':
      return createSlowLogFormat(start.state);
    case 'postgresql':
      return createPostgresFormat(context.logLinePrefix, start.state);
    default:
      return createRawFormat();
  }
}

/** The fields that are the same for every record of a file, without those that are not known, and the start of its id. */
function recordHead(context: RecordContext): Uint8Array {
  const fields = {
    cloud_account_id: context.accountId,
    cloud_region: context.region,
    db_system_name: context.dbSystem,
    db_cluster: context.clusterId,
    db_instance: context.instanceId,
    db_resource_id: context.resourceId,
    log_type: context.kind,
    log_file: context.fileName,
    log_generation: context.seq,
    parser_version: PARSER_VERSION,
    record_id: `${context.resourceId}:${context.kind}:${context.seq}:`,
  };
  const json = JSON.stringify(fields, (_key, value) => (value === '' ? undefined : value));
  return Buffer.from(json.slice(0, -'"}'.length));
}

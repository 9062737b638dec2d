import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { LogSeries } from '../log-file.ts';
import type { GenerationPosition } from '../ports/positions.ts';
import { statesUpTo } from './merge.ts';
import { positionRow, type Row, seriesRow } from './rows.ts';

/** The parts of one UpdateItem that stores a position, but for the table and the key. */
export type SaveUpdate = Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** What only ever grows, whoever writes. `index_order` is `reindexed`, then `indexed`, in one comparable attribute. */
const GROWING = ['end', 'index_order', 'listed_size', 'last_written', 'changed_at'];

/** Once known of a file they stay, also where a writer did not know of them yet. */
const FACTS = ['whole_only', 'sealed_size'];

/**
 * Replaces the row on condition that it is nowhere ahead of `position`, as `isNowhereBehind` says in code: so no crash,
 * late worker or repeated message can move a chain back, and the usual save costs one write and no read.
 */
export function saveUpdate(series: LogSeries, position: GenerationPosition): SaveUpdate {
  const row: Row = { ...seriesRow(series), ...positionRow(position) };
  const set = Object.keys(row).filter((column) => row[column] !== undefined);
  const remove = Object.keys(row).filter((column) => row[column] === undefined && !FACTS.includes(column));
  const states = statesUpTo(position.state);
  const notAhead = [
    ...GROWING.map((column) => `#${column} <= :${column}`),
    `#state IN (${states.map((_, n) => `:state${n}`).join(', ')})`,
  ];
  return {
    UpdateExpression:
      `SET ${set.map((column) => `#${column} = :${column}`).join(', ')}` +
      (remove.length > 0 ? ` REMOVE ${remove.map((column) => `#${column}`).join(', ')}` : ''),
    ConditionExpression: `attribute_not_exists(#end) OR ${notAhead.join(' AND ')}`,
    ExpressionAttributeNames: Object.fromEntries([...set, ...remove].map((column) => [`#${column}`, column])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map((column) => [`:${column}`, row[column]])),
      ...Object.fromEntries(states.map((state, n) => [`:state${n}`, state])),
    },
  };
}

import type { ChainState, GenerationPosition } from '../ports/positions.ts';

const STATES = ['open', 'closed', 'lost'] as const satisfies readonly ChainState[];

/** The states that a row may have had for `state` to be allowed in its place: a chain never opens again. */
export function statesUpTo(state: ChainState): readonly ChainState[] {
  return STATES.slice(0, STATES.indexOf(state) + 1);
}

/**
 * Joins two views of one generation. What can only grow is the greater of both, so the result of many saves does not
 * depend on their order. What can change either way (name, attempts, parking) comes from the view that is not behind
 * in anything; the stored one where each is ahead in something.
 */
export function mergePositions(stored: GenerationPosition, incoming: GenerationPosition): GenerationPosition {
  const archived = incoming.end >= stored.end ? incoming : stored;
  const indexed = compareIndexed(incoming, stored) >= 0 ? incoming : stored;
  const sealedSize = Math.max(stored.sealedSize ?? -1, incoming.sealedSize ?? -1);
  const { parser: _parser, reindexed: _reindexed, ...rest } = isNowhereBehind(incoming, stored) ? incoming : stored;
  return {
    ...rest,
    state: statesUpTo(stored.state).includes(incoming.state) ? stored.state : incoming.state,
    end: archived.end,
    chain: archived.chain,
    marker: archived.marker,
    indexed: indexed.indexed,
    records: indexed.records,
    rawRecords: indexed.rawRecords,
    ...(indexed.reindexed === undefined ? {} : { reindexed: indexed.reindexed }),
    ...(indexed.parser === undefined ? {} : { parser: indexed.parser }),
    listedSize: Math.max(stored.listedSize, incoming.listedSize),
    lastWritten: Math.max(stored.lastWritten, incoming.lastWritten),
    changedAt: Math.max(stored.changedAt, incoming.changedAt),
    ...(sealedSize < 0 ? {} : { sealedSize }),
    ...(stored.wholeOnly || incoming.wholeOnly ? { wholeOnly: true } : {}),
  };
}

/** Whether `incoming` may replace `stored` as it is; the condition of the update in the table says the same. */
export function isNowhereBehind(incoming: GenerationPosition, stored: GenerationPosition): boolean {
  return (
    statesUpTo(incoming.state).includes(stored.state) &&
    incoming.end >= stored.end &&
    compareIndexed(incoming, stored) >= 0 &&
    incoming.listedSize >= stored.listedSize &&
    incoming.lastWritten >= stored.lastWritten &&
    incoming.changedAt >= stored.changedAt
  );
}

/** Records that were begun again are ahead of those that were not, however far these came. */
function compareIndexed(a: GenerationPosition, b: GenerationPosition): number {
  return (a.reindexed ?? 0) - (b.reindexed ?? 0) || a.indexed - b.indexed;
}

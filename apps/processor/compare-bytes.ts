/** How two byte streams compare: the offset of the first byte that differs, and how long each was found to be. */
export interface Comparison {
  /** Undefined where one is equal to the other or a beginning of it. */
  readonly firstDifference: number | undefined;
  /** Lengths; only as far as read when there is a difference. */
  readonly leftLength: number;
  readonly rightLength: number;
}

/** Reads both side by side, one chunk of each in memory; stops at the first difference. */
export async function compareBytes(left: AsyncIterable<Buffer>, right: AsyncIterable<Buffer>): Promise<Comparison> {
  const a = createCursor(left);
  const b = createCursor(right);
  try {
    for (;;) {
      const [fromLeft, fromRight] = [await a.peek(), await b.peek()];
      if (fromLeft === undefined || fromRight === undefined) {
        const [leftLength, rightLength] = [await a.skipToEnd(), await b.skipToEnd()];
        return { firstDifference: undefined, leftLength, rightLength };
      }
      const length = Math.min(fromLeft.length, fromRight.length);
      const difference = firstDifference(fromLeft.subarray(0, length), fromRight.subarray(0, length));
      a.advance(difference ?? length);
      b.advance(difference ?? length);
      if (difference !== undefined) {
        return { firstDifference: a.offset, leftLength: a.offset, rightLength: b.offset };
      }
    }
  } finally {
    await a.close();
    await b.close();
  }
}

function firstDifference(left: Buffer, right: Buffer): number | undefined {
  if (left.equals(right)) return undefined;
  let at = 0;
  while (left[at] === right[at]) at += 1;
  return at;
}

function createCursor(stream: AsyncIterable<Buffer>) {
  const iterator = stream[Symbol.asyncIterator]();
  let chunk: Buffer | undefined = Buffer.alloc(0);
  let offset = 0;

  async function peek(): Promise<Buffer | undefined> {
    while (chunk !== undefined && chunk.length === 0) {
      const next = await iterator.next();
      chunk = next.done ? undefined : next.value;
    }
    return chunk;
  }

  function advance(bytes: number): void {
    offset += bytes;
    chunk = chunk?.subarray(bytes);
  }

  return {
    peek,
    advance,
    get offset() {
      return offset;
    },
    skipToEnd: async () => {
      for (let rest = await peek(); rest !== undefined; rest = await peek()) advance(rest.length);
      return offset;
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}

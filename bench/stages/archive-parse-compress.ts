import { createHash } from 'node:crypto';
import { encodeObject } from '../../apps/shared/archive/object-codec.ts';
import { compress, emit, parserFor, portionsOf, stageArguments } from './log-file-input.ts';

/** The raw bytes to archive slots and the records to compressed NDJSON: both products of the processor. */
const SLOT_BYTES = 16 << 20;
const BATCH_BYTES = 5e6;

const { path, fileName } = stageArguments();
const parser = parserFor(fileName);
const slot = Buffer.allocUnsafe(SLOT_BYTES);
let filled = 0;

async function putSlot(): Promise<void> {
  const raw = slot.subarray(0, filled);
  const sha256 = createHash('sha256').update(raw).digest('hex');
  for (const part of await encodeObject({ type: 'chunk', sha256, end: raw.length }, raw, 1)) emit(part);
  filled = 0;
}

for (const portion of portionsOf(path)) {
  if (filled + portion.length > SLOT_BYTES) await putSlot();
  slot.set(portion, filled);
  filled += portion.length;
  parser.write(portion);
  if (parser.pendingOutput >= BATCH_BYTES) emit(compress(parser.take().ndjson));
}
parser.flush();
emit(compress(parser.take().ndjson));
await putSlot();

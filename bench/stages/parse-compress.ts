import { compress, emit, parserFor, portionsOf, stageArguments } from './log-file-input.ts';

/** Log to NDJSON, compressed in batches as the search takes them. */
const BATCH_BYTES = 5e6;

const { path, fileName } = stageArguments();
const parser = parserFor(fileName);
for (const portion of portionsOf(path)) {
  parser.write(portion);
  if (parser.pendingOutput >= BATCH_BYTES) emit(compress(parser.take().ndjson));
}
parser.flush();
emit(compress(parser.take().ndjson));

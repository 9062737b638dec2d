import { emit, parserFor, portionsOf, stageArguments } from './log-file-input.ts';

/** Log to NDJSON. */
const { path, fileName } = stageArguments();
const parser = parserFor(fileName);
for (const portion of portionsOf(path)) {
  parser.write(portion);
  emit(parser.take().ndjson);
}
parser.flush();
emit(parser.take().ndjson);

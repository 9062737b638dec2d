import { isBlank } from './byte-text.ts';
import { writeRaw } from './raw-record.ts';
import { type RecordFormat, UNPARSED_RECORD_BYTES } from './record-format.ts';

/** For logs that no parser is made for: a raw record per line; blank lines belong to the line before them. */
export function createRawFormat(): RecordFormat {
  return {
    beginsRecord: ({ bytes }, from, to, recordLength) =>
      recordLength >= UNPARSED_RECORD_BYTES || !isBlank(bytes, from, to),
    encode: (source, from, to, output, at) => writeRaw(source, from, to, 'no_parser', output, at),
    state: () => ({}),
  };
}

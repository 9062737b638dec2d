import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';
import { type GenerationId, LOG_KINDS, type LogKind, type LogSeries } from '../log-file.ts';

/** Every key of the archive begins with this: the version of the layout. */
export const KEY_ROOT = 'v1/';

const SEQ_DIGITS = 6;
const START_DIGITS = 16;
/** File systems take 255 bytes per component; what is longer is cut and told apart by its digest. */
const MAX_NAME_COMPONENT = 200;

const ID = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}';
const ID_PATTERN = new RegExp(`^${ID}$`);
const SERIES_PATTERN = new RegExp(`^v1/(${ID})/(${ID})/(${ID})/(${LOG_KINDS.join('|')})/(.+)$`);

function component(what: string, value: string): string {
  if (ID_PATTERN.test(value)) return value;
  throw new Failure(
    'USAGE',
    `The archive cannot hold ${what} ${JSON.stringify(value)}: letters, digits, "-", "_" and "." are allowed, up to 128.`,
  );
}

function digits(what: string, value: number, width: number): string {
  const text = String(value);
  if (!Number.isSafeInteger(value) || value < 0 || text.length > width) {
    throw new RangeError(`${what} ${value} does not fit ${width} digits`);
  }
  return text.padStart(width, '0');
}

/** `v1/<account>/<region>/<resource id>/<kind>/`. Throws USAGE for ids that could leave their place in the tree. */
export function seriesPrefix(series: LogSeries): string {
  const { accountId, region, resourceId, kind } = series;
  const ids = [component('account', accountId), component('region', region), component('resource id', resourceId)];
  return `${KEY_ROOT}${ids.join('/')}/${component('kind', kind)}/`;
}

/** All registrations of a series are under this. */
export function registrationsPrefix(series: LogSeries): string {
  return `${seriesPrefix(series)}gen/`;
}

export function registrationKey(generation: GenerationId): string {
  return `${registrationsPrefix(generation)}${digits('seq', generation.seq, SEQ_DIGITS)}`;
}

/** Slots, names and sealed parts of a generation are under this. Also what its chain hash begins from. */
export function generationPrefix(generation: GenerationId): string {
  return `${seriesPrefix(generation)}${digits('seq', generation.seq, SEQ_DIGITS)}/`;
}

export function slotKey(generation: GenerationId, start: number): string {
  return `${generationPrefix(generation)}${digits('start', start, START_DIGITS)}`;
}

export function sealedPrefix(generation: GenerationId): string {
  return `${generationPrefix(generation)}sealed/`;
}

export function sealedKey(generation: GenerationId, start: number): string {
  return `${sealedPrefix(generation)}${digits('start', start, START_DIGITS)}`;
}

export function namesPrefix(generation: GenerationId): string {
  return `${generationPrefix(generation)}name/`;
}

/** One key per name; whatever the name holds, it is one component of the tree. The exact name is in the object. */
export function nameKey(generation: GenerationId, fileName: string): string {
  return `${namesPrefix(generation)}${encodeName(fileName)}`;
}

function encodeName(fileName: string): string {
  const bytes = Buffer.from(fileName);
  // A dot at the start would allow "." and "..", and hidden files.
  const encoded = [...bytes]
    .map((byte, index) => {
      const char = String.fromCharCode(byte);
      const plain = index === 0 ? /[A-Za-z0-9_]/ : /[A-Za-z0-9_.-]/;
      return plain.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
  if (encoded.length <= MAX_NAME_COMPONENT && encoded.length > 0) return encoded;
  return `${encoded.slice(0, 100)}~${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The series a key belongs to and what follows its prefix; undefined for a key that is not ours. */
export function parseSeriesKey(key: string): { series: LogSeries; rest: string } | undefined {
  const match = SERIES_PATTERN.exec(key);
  if (match === null) return undefined;
  const [, accountId = '', region = '', resourceId = '', kind = '', rest = ''] = match;
  return { series: { accountId, region, resourceId, kind: kind as LogKind }, rest };
}

/** The number that a key holds after `prefix` (a seq or a start); undefined where something else stands there. */
export function parseNumber(key: string, prefix: string): number | undefined {
  const rest = key.slice(prefix.length);
  const width = prefix.endsWith('/gen/') ? SEQ_DIGITS : START_DIGITS;
  if (!key.startsWith(prefix) || rest.length !== width || !/^\d+$/.test(rest)) return undefined;
  const value = Number(rest);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Sorts after every key of the series: where a listing goes on that has seen enough of it. */
export function afterSeries(series: LogSeries): string {
  return `${seriesPrefix(series)}~`;
}

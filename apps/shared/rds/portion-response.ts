import type { Portion } from '../ports/log-source.ts';
import { TransportError } from './failures.ts';
import { unescapeXml } from './xml-bytes.ts';

const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const SLASH = 0x2f;

/** Offsets of an element's content. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads an answer of DownloadDBLogFilePortion as bytes. LogFileData is un-escaped within `body`, which the portion
 * then owns. Any element may be missing. Throws TransportError where the answer is not one, or not whole.
 */
export function parsePortionResponse(body: Buffer): Portion {
  if (
    body.indexOf('<DownloadDBLogFilePortionResponse') < 0 ||
    body.indexOf('</DownloadDBLogFilePortionResponse>') < 0
  ) {
    throw new TransportError(`The answer is not a DownloadDBLogFilePortionResponse: ${preview(body)}`);
  }
  const data = findData(body);
  // Log text may hold anything in a CDATA section, so the other elements are looked for around it.
  const before = body.subarray(0, data?.start ?? body.length);
  const after = body.subarray(data?.end ?? body.length);
  const marker = textOf(after, 'Marker') ?? textOf(before, 'Marker');
  const pending = textOf(after, 'AdditionalDataPending') ?? textOf(before, 'AdditionalDataPending');
  return {
    marker,
    pending: pending === 'true',
    data: data === undefined ? Buffer.alloc(0) : unescapeXml(body.subarray(data.start, data.end)),
  };
}

/** `<name>text</name>` in a small document; undefined where it is missing, '' where it is empty. */
export function textOf(xml: Buffer, name: string): string | undefined {
  const span = openingTag(xml, name);
  if (span === undefined) return undefined;
  const end = span.empty ? span.end : xml.indexOf(`</${name}>`, span.end);
  if (end < 0) throw new TransportError(`The answer breaks off in <${name}>.`);
  return unescapeXml(Buffer.from(xml.subarray(span.end, end))).toString();
}

function findData(body: Buffer): Span | undefined {
  const tag = openingTag(body, 'LogFileData');
  if (tag === undefined) return undefined;
  if (tag.empty) return { start: tag.end, end: tag.end };
  const end = body.lastIndexOf('</LogFileData>');
  if (end < tag.end) throw new TransportError('The answer breaks off in <LogFileData>.');
  return { start: tag.end, end };
}

function openingTag(xml: Buffer, name: string): { end: number; empty: boolean } | undefined {
  for (let at = xml.indexOf(`<${name}`); at >= 0; at = xml.indexOf(`<${name}`, at + 1)) {
    const next = xml[at + 1 + name.length];
    if (next !== GREATER_THAN && next !== SLASH && next !== 0x20) continue;
    const close = xml.indexOf(GREATER_THAN, at);
    if (close >= 0) return { end: close + 1, empty: xml[close - 1] === SLASH };
  }
  return undefined;
}

function preview(body: Buffer): string {
  return body[0] === LESS_THAN ? body.toString('latin1', 0, 80) : `${body.length} bytes that are no XML`;
}

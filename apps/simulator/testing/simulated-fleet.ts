import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RDSClient } from '@aws-sdk/client-rds';
import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from '../sigv4.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator.ts';

const CREDENTIALS = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };
const REGION = 'eu-west-1';

/** Writes a fleet's folder below the system's temporary folder; keys are `<instance id>/<file>`. */
export async function writeFleet(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'simulated-fleet-'));
  for (const [name, content] of Object.entries(files)) await writeFleetFile(root, name, content);
  return root;
}

export async function writeFleetFile(root: string, name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), content);
}

/** Gives `use` a running simulator and the unmodified SDK client for it; stops and removes everything afterwards. */
export async function withSimulator(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Omit<SimulatorOptions, 'root'>,
  use: (context: { simulator: Simulator; client: RDSClient; root: string }) => Promise<void>,
): Promise<void> {
  const root = await writeFleet(files);
  const simulator = await startSimulator({ root, ...options });
  const client = createClient(simulator.url);
  try {
    await use({ simulator, client, root });
  } finally {
    client.destroy();
    await simulator.close();
    await rm(root, { recursive: true });
  }
}

export function createClient(endpoint: string, credentials: typeof CREDENTIALS = CREDENTIALS): RDSClient {
  return new RDSClient({ endpoint, region: REGION, credentials, maxAttempts: 1 });
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** One signed request without the SDK's parsing, for bytes that the SDK changes and for complete downloads. */
export async function signedRequest(
  url: string,
  options: {
    readonly form?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly presign?: boolean;
    readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    readonly signedAt?: Date;
    /** Changes the request after it was signed. */
    readonly tamper?: (request: { path: string; headers: Record<string, string> }) => void;
    /** Runs when the headers of the answer are there, before its body is read. */
    readonly beforeBody?: () => Promise<void>;
  } = {},
): Promise<RawAnswer> {
  const { hostname, port, pathname } = new URL(url);
  const body = options.form && new URLSearchParams(options.form).toString();
  const signer = new SignatureV4({
    credentials: options.credentials ?? CREDENTIALS,
    ...{ region: REGION, service: 'rds', sha256: Hash.bind(null, 'sha256') },
  });
  const unsigned = {
    ...{ method: body === undefined ? 'GET' : 'POST', protocol: 'http:', hostname, port: Number(port), path: pathname },
    headers: { host: `${hostname}:${port}`, ...options.headers },
    query: {},
    body,
  };
  const signingDate = options.signedAt ?? new Date();
  const signed = options.presign
    ? await signer.presign(unsigned, { signingDate, expiresIn: 30 })
    : await signer.sign(unsigned, { signingDate });
  const query = new URLSearchParams(signed.query as Record<string, string>).toString();
  const sent = { path: query === '' ? pathname : `${pathname}?${query}`, headers: signed.headers };
  options.tamper?.(sent);
  return send({ hostname, port, method: unsigned.method, ...sent }, body, options.beforeBody);
}

async function send(
  options: RequestOptions,
  body: string | undefined,
  beforeBody: (() => Promise<void>) | undefined,
): Promise<RawAnswer> {
  const sent = request(options).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await beforeBody?.();
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) };
}

/** The bytes of LogFileData in an answer of DownloadDBLogFilePortion; undefined when there is none. */
export function logFileData(xml: Buffer): Buffer | undefined {
  const text = /<LogFileData>([\s\S]*)<\/LogFileData>/.exec(xml.toString('latin1'))?.[1];
  const unescaped = text?.replace(
    /&(lt|gt|quot|amp|#xD);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name] ?? '\r',
  );
  return unescaped === undefined ? undefined : Buffer.from(unescaped, 'latin1');
}

/** The text of the first element of this name. */
export function element(xml: Buffer, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml.toString())?.[1];
}

import { createHash } from 'node:crypto';
import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { RdsError } from './model/rds-error.ts';

/** The only key pair that the simulator knows. */
export const ACCESS_KEY_ID = 'simulator';
export const SECRET_ACCESS_KEY = 'simulator';

const MAX_SKEW_MS = 15 * 60 * 1000;

export interface SignedRequest {
  readonly method: string;
  /** As it was sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

interface Claim {
  readonly accessKeyId: string;
  readonly shortDate: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: Date;
  /** Seconds; for presigned requests only. */
  readonly expiresIn?: number;
}

/**
 * Checks a Signature Version 4, in the Authorization header or in the query (presigned), for any region. A session
 * token is signed like the rest and otherwise ignored. Anything wrong is an `RdsError`: MissingAuthenticationToken,
 * IncompleteSignature, InvalidClientTokenId or SignatureDoesNotMatch.
 */
export async function verifySignature(request: SignedRequest, now: number): Promise<void> {
  const presigned = request.query.has('X-Amz-Signature');
  const claim = presigned ? claimFromQuery(request.query) : claimFromHeaders(request.headers);
  if (claim.accessKeyId !== ACCESS_KEY_ID) {
    throw new RdsError('InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  if (claim.service !== 'rds') throw mismatch("Credential should be scoped to correct service: 'rds'.");
  checkDate(claim, now);
  checkPayloadHash(request);
  const expected = presigned ? await presignAgain(request, claim) : await signAgain(request, claim);
  if (expected !== claim.signature) {
    throw mismatch('The request signature we calculated does not match the signature you provided.');
  }
}

function claimFromHeaders(headers: SignedRequest['headers']): Claim {
  const authorization = headers['authorization'];
  if (typeof authorization !== 'string') {
    throw new RdsError('MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  const fields = new Map(
    [...authorization.matchAll(/(Credential|SignedHeaders|Signature)=([^\s,]+)/g)].map((match) => [match[1], match[2]]),
  );
  return completeClaim(
    authorization.startsWith('AWS4-HMAC-SHA256 ') ? fields.get('Credential') : undefined,
    fields.get('SignedHeaders'),
    fields.get('Signature'),
    String(headers['x-amz-date'] ?? ''),
  );
}

function claimFromQuery(query: URLSearchParams): Claim {
  const field = (name: string) => query.get(`X-Amz-${name}`) ?? undefined;
  const claim = completeClaim(
    field('Algorithm') === 'AWS4-HMAC-SHA256' ? field('Credential') : undefined,
    field('SignedHeaders'),
    field('Signature'),
    field('Date') ?? '',
  );
  const expiresIn = Number(field('Expires') ?? Number.NaN);
  if (!(expiresIn >= 1 && expiresIn <= 604_800)) {
    throw new RdsError('IncompleteSignature', 'X-Amz-Expires must be between 1 and 604800 seconds.');
  }
  return { ...claim, expiresIn };
}

function completeClaim(credential = '', signedHeaders = '', signature = '', amzDate = ''): Claim {
  const [accessKeyId, shortDate, region, service, terminator] = credential.split('/');
  const date = new Date(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const complete = accessKeyId && shortDate && region && service && terminator === 'aws4_request' && signature;
  if (!complete || signedHeaders === '' || Number.isNaN(date.getTime()) || !amzDate.startsWith(shortDate)) {
    throw new RdsError('IncompleteSignature', 'Credential, SignedHeaders, Signature and X-Amz-Date must all be given.');
  }
  return { accessKeyId, shortDate, region, service, signedHeaders: signedHeaders.split(';'), signature, date };
}

function checkDate(claim: Claim, now: number): void {
  const age = now - claim.date.getTime();
  const limit = claim.expiresIn === undefined ? MAX_SKEW_MS : claim.expiresIn * 1000;
  if (age > limit || age < -MAX_SKEW_MS) {
    throw mismatch(
      `Signature expired: it was made at ${claim.date.toISOString()}, now is ${new Date(now).toISOString()}.`,
    );
  }
}

function checkPayloadHash({ headers, body }: SignedRequest): void {
  const claimed = headers['x-amz-content-sha256'];
  if (claimed === undefined || claimed === 'UNSIGNED-PAYLOAD') return;
  if (claimed !== createHash('sha256').update(body).digest('hex')) {
    throw mismatch('x-amz-content-sha256 is not the hash of the body.');
  }
}

async function signAgain(request: SignedRequest, claim: Claim): Promise<string | undefined> {
  const signed = await signer(claim).sign(unsigned(request, claim), { signingDate: claim.date });
  return /Signature=([0-9a-f]+)$/.exec(signed.headers['authorization'] ?? '')?.[1];
}

async function presignAgain(request: SignedRequest, claim: Claim): Promise<string | undefined> {
  const token = request.query.get('X-Amz-Security-Token');
  const signed = await signer(claim, token ?? undefined).presign(unsigned(request, claim), {
    signingDate: claim.date,
    ...(claim.expiresIn === undefined ? {} : { expiresIn: claim.expiresIn }),
    unhoistableHeaders: new Set(claim.signedHeaders),
  });
  const signature = signed.query?.['X-Amz-Signature'];
  return typeof signature === 'string' ? signature : undefined;
}

function signer(claim: Claim, sessionToken?: string): SignatureV4 {
  return new SignatureV4({
    credentials: {
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET_ACCESS_KEY,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    region: claim.region,
    service: claim.service,
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
}

/** The request as it was before it was signed: only what the signature covers. */
function unsigned({ method, path, query, headers, body }: SignedRequest, claim: Claim) {
  const covered: Record<string, string> = {};
  for (const name of claim.signedHeaders) {
    const value = headers[name];
    if (value !== undefined) covered[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const rest: Record<string, string[]> = {};
  for (const name of new Set(query.keys())) {
    if (!/^X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Security-Token|Signature)$/.test(name)) {
      rest[name] = query.getAll(name);
    }
  }
  return { method, path, query: rest, headers: covered, body, protocol: 'http:', hostname: 'localhost' };
}

function mismatch(message: string): RdsError {
  return new RdsError('SignatureDoesNotMatch', message);
}

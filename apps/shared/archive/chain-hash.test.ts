import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import type { GenerationId } from '../log-file.ts';
import { chainHash, genesisChain, slotDigest } from './chain-hash.ts';

const generation: GenerationId = { accountId: '1', region: 'r', resourceId: 'db-1', kind: 'error', seq: 1 };

describe('the chain hash', () => {
  const sha256 = (text: string) => execFileSync('sha256sum', { input: text }).toString().slice(0, 64);

  it('can be computed with sha256sum, as the decision record says', () => {
    expect(genesisChain(generation)).toBe(sha256('v1/1/r/db-1/error/000001/'));
    expect(slotDigest({ type: 'end', start: 12 })).toBe(sha256('end 12'));
    expect(slotDigest({ type: 'lost', start: 12, end: 30, reason: 'gone' })).toBe(sha256('lost 12 30 gone'));
    const [one, other] = [sha256('a'), sha256('b')];
    expect(chainHash(one, other)).toBe(sha256(one + other));
  });

  it('is another for every place in the archive', () => {
    expect(genesisChain({ ...generation, seq: 2 })).not.toBe(genesisChain(generation));
    expect(genesisChain({ ...generation, kind: 'audit' })).not.toBe(genesisChain(generation));
  });
});

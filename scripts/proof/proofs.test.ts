import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { judge, PROOFS } from './proofs.ts';

const proof = { minutes: 1, answer: z.object({ kills: z.literal(10), problems: z.array(z.string()).length(0) }) };
const GOOD = 'progress\n{"kills":10,"problems":[],"more":1}\n';

describe('judge', () => {
  it('passes what ended with 0 and says so in its last line, and shows what was measured', () => {
    expect(judge(proof, { code: 0, stdout: GOOD })).toEqual({ passed: true, text: 'kills 10, problems []' });
  });

  it.each([
    ['an exit code', { code: 4, stdout: GOOD }, 'ended with 4'],
    ['a signal', { code: undefined, stdout: GOOD }, 'not within 1 minutes'],
    ['a wrong figure', { code: 0, stdout: '{"kills":9,"problems":[]}' }, 'kills'],
    ['a problem', { code: 4, stdout: '{"kills":10,"problems":["lost x"]}' }, 'lost x'],
    ['silence', { code: 0, stdout: '' }, 'expected object'],
    ['text after the JSON', { code: 0, stdout: `${GOOD}oops` }, 'expected object'],
  ])('fails for %s', (_, ended, why) => {
    const verdict = judge(proof, ended);
    expect(verdict.passed).toBe(false);
    expect(verdict.text).toContain(why);
  });
});

describe('the proofs', () => {
  it('end within 50 minutes even on a busy machine, and accept nothing from a program that measured nothing', () => {
    expect(PROOFS.reduce((sum, { minutes }) => sum + minutes, 0)).toBeLessThan(50);
    for (const one of PROOFS) expect(judge(one, { code: 0, stdout: '{}' }).passed).toBe(false);
  });
});

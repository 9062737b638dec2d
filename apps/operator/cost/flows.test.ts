import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Choices, flowsOf } from './flows.ts';

const CHOICES: Choices = {
  egress: 'endpoints',
  codec: 'zstd1',
  archiveClass: 'standard',
  moveAfterDays: undefined,
  rawRetentionDays: 90,
  archiveOldVersionDays: 0,
  searchRetentionDays: 30,
  searchOldVersionDays: 0,
  replicaRetentionDays: undefined,
  zones: 3,
  completeShare: 0,
  slotSeconds: 120,
};
const FLEET = { tbPerMonth: 100, instances: 316 };

describe('what a month of the reference fleet moves', () => {
  const flows = flowsOf(FLEET, CHOICES);

  test('is 38 MB a second', () => expect(flows.rawMbPerSecond).toBeCloseTo(38.05, 2));

  test('adds a tenth of the raw bytes to the archive', () => {
    expect(flows.archiveGbPerMonth).toBeCloseTo(10_101, 0);
    expect(flows.archiveGbHeld).toBeCloseTo(10_101 * (90 / 30.4167), -1);
  });

  test('is a slot per live file every two minutes and per 16 MB', () => {
    expect(flows.slots).toBeCloseTo((1300 * 730 * 3600) / 120 + 100_000_000 / 16, -3);
  });

  test('takes one call of RDS per megabyte at least', () => {
    expect(flows.rdsCalls).toBeGreaterThan(100_000_000);
  });
});

describe('choices', () => {
  test('old versions are held as long as they are kept, twice where compaction rewrites', () => {
    const kept = flowsOf(FLEET, { ...CHOICES, archiveOldVersionDays: 90, searchOldVersionDays: 30 });
    const none = flowsOf(FLEET, CHOICES);
    expect(kept.archiveGbHeld / none.archiveGbHeld).toBeCloseTo(2, 6);
    expect(kept.searchGbHeld / none.searchGbHeld).toBeCloseTo(3, 6);
  });

  test('a storage class with a shortest time bills it', () => {
    const days = (archiveClass: Choices['archiveClass']) =>
      flowsOf(FLEET, { ...CHOICES, rawRetentionDays: 14, archiveClass }).archiveGbHeld;
    expect(days('standard-ia') / days('standard')).toBeCloseTo(30 / 14, 6);
    expect(days('glacier-instant') / days('standard')).toBeCloseTo(90 / 14, 6);
  });

  test('in one zone nothing crosses zones', () => {
    expect(flowsOf(FLEET, { ...CHOICES, zones: 1 }).zoneCrossingGb).toBe(0);
  });

  test('complete downloads take one call per file and fewer bytes', () => {
    const complete = flowsOf(FLEET, { ...CHOICES, completeShare: 1 });
    expect(complete.rdsCalls).toBeLessThan(20_000_000);
    expect(complete.downloadGb).toBeCloseTo(100_000 / 8.2, 3);
  });

  test('more bytes or more instances never make less of anything', () => {
    const volume = fc.record({
      tbPerMonth: fc.double({ min: 0.001, max: 1000, noNaN: true }),
      instances: fc.integer({ min: 1, max: 10_000 }),
    });
    fc.assert(
      fc.property(volume, fc.double({ min: 1, max: 5, noNaN: true }), (base, factor) => {
        const small = flowsOf(base, CHOICES);
        const large = flowsOf(
          { tbPerMonth: base.tbPerMonth * factor, instances: Math.ceil(base.instances * factor) },
          CHOICES,
        );
        for (const [name, value] of Object.entries(small)) {
          expect({ name, grows: large[name as keyof typeof large] >= value - 1e-9 }).toEqual({ name, grows: true });
        }
      }),
    );
  });
});

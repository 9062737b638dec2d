import { rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFleetFile } from './fleet-file.ts';
import { createLiveFleet } from './live-fleet.ts';
import { createFaults } from './model/faults.ts';
import { writeFleet } from './testing/simulated-fleet.ts';

const RECORDS = Array.from({ length: 500 }, (_, index) => `# Time: ${index}\n# User@Host: u\nSELECT ${index};\n`);
const INSTANCES = Array.from({ length: 8 }, (_, index) => `m-${index}`);

let root: string;
beforeEach(async () => {
  root = await writeFleet(
    Object.fromEntries(INSTANCES.map((id) => [`${id}/slowquery/mysql-slowquery.log`, RECORDS.join('')])),
  );
});
afterEach(() => rm(root, { recursive: true }));

describe('a live fleet', () => {
  it('is said to grow until the last record of the last file is written', async () => {
    let now = 0;
    // The whole time passes at the first sleep: all steps are due at once.
    const clock = {
      now: () => now,
      sleep: async () => {
        now += 2000;
      },
    };
    const live = { seconds: 2, bytesPerSecond: 100_000 };
    const context = { seed: 1, faults: createFaults({}, 1), clock };
    const fleet = await createLiveFleet(root, await readFleetFile(root), live, context);
    const sizes = async () => {
      const volumes = await Promise.all(INSTANCES.map((id) => fleet.volume(id)));
      return volumes.flatMap((volume) => volume?.history().map(({ size }) => size) ?? []);
    };
    const ran = fleet.run(new AbortController().signal);
    while (fleet.growing()) await setImmediate();
    const whenStill = await sizes();
    await ran;
    expect(whenStill).toEqual(await sizes());
    expect(whenStill).toHaveLength(INSTANCES.length);
  });
});

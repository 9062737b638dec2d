import type { Random } from '../../shared/ports/clock.ts';
import { seededRandom } from './seeded-random.ts';

/**
 * Everything that can go wrong by choice; all off by default. Flags, their help and the tests are made from this table.
 * `probability`: 0 to 1, drawn anew each time. `switch`: on or off. The others are positive numbers.
 */
export const FAULTS = {
  callsPerSecond: {
    flag: 'calls-per-second',
    value: 'number',
    help: 'quota per API action; beyond it Throttling "Rate exceeded" (complete downloads have no quota)',
  },
  throttleRate: { flag: 'throttle-rate', value: 'probability', help: 'part of the calls that get Throttling' },
  errorRate: {
    flag: 'error-rate',
    value: 'probability',
    help: 'part of the calls that end with a 500, a 503 or a connection reset, a third each',
  },
  slowRate: { flag: 'slow-rate', value: 'probability', help: 'part of the calls that wait --slow-ms for their answer' },
  slowMs: { flag: 'slow-ms', value: 'number', help: 'how long a slow call waits, in milliseconds (default 1000)' },
  lyingPending: {
    flag: 'lying-pending',
    value: 'probability',
    help: 'part of the portions whose AdditionalDataPending is the opposite of the truth',
  },
  repeatBytes: {
    flag: 'repeat-bytes',
    value: 'probability',
    help: 'part of the portions that begin with up to 64 bytes from before their marker',
  },
  truncate: {
    flag: 'truncate',
    value: 'probability',
    help: 'part of the portions that are cut, with the notice, long before 1 MiB',
  },
  emptyMarker: {
    flag: 'empty-marker',
    value: 'probability',
    help: 'part of the portions answered as in the middle of a rotation: no data, an empty marker',
  },
  brokenStream: {
    flag: 'broken-stream',
    value: 'probability',
    help: 'part of the complete downloads whose connection is cut in the middle',
  },
  vanish: {
    flag: 'vanish',
    value: 'probability',
    help: 'part of the rotated files that are deleted within a second, read or not (with --live)',
  },
  missingDuringRotation: {
    flag: 'missing-during-rotation',
    value: 'switch',
    help: 'the active name is not found for half a second after each rotation by rename (with --live)',
  },
} as const satisfies Record<string, { flag: string; value: 'probability' | 'number' | 'switch'; help: string }>;

export type FaultName = keyof typeof FAULTS;
export type ProbabilityFault = {
  [Name in FaultName]: (typeof FAULTS)[Name]['value'] extends 'probability' ? Name : never;
}[FaultName];

/** What is on, by name: a probability, a number or true. Absent is off. */
export type FaultOptions = {
  readonly [Name in FaultName]?: ((typeof FAULTS)[Name]['value'] extends 'switch' ? boolean : number) | undefined;
};

/** Draws faults; each fault has its own stream of the seed, so that one does not move another. */
export interface Faults {
  readonly options: FaultOptions;
  /** Whether this fault strikes now. */
  strikes(fault: ProbabilityFault): boolean;
  /** An integer in [0, below) that shapes a fault that struck. */
  draw(fault: ProbabilityFault, below: number): number;
}

export function createFaults(options: FaultOptions, seed: number): Faults {
  const streams = new Map<ProbabilityFault, Random>();
  const stream = (fault: ProbabilityFault) => {
    const known = streams.get(fault) ?? seededRandom(seed, `fault/${fault}`);
    streams.set(fault, known);
    return known;
  };
  return {
    options,
    strikes: (fault) => stream(fault)() < (options[fault] ?? 0),
    draw: (fault, below) => Math.floor(stream(fault)() * below),
  };
}

import { formatBytes, formatCount } from '../format.ts';
import type { DemoRotation, DemoRun, DemoSample } from './demo-run.ts';
import type { Plot } from './plot.ts';
import { formatSeconds } from './plot-scale.ts';

/** More points than this cannot be told apart on a page. */
const MAX_POINTS = 180;
const MAX_ACTIONS = 5;
const MAX_NAMES = 12;
const ACTION_COLOURS = ['blue', 'teal', 'amber', 'violet', 'grey'] as const;

/** The plots of a demo's report. Pure. */
export function demoPlots(run: DemoRun): Plot[] {
  const samples = fromStart(thin(run.samples));
  const times = samples.map(({ t }) => t);
  return [
    bytesPlot(run, samples, times),
    recordsPlot(samples, times),
    lagPlot(samples, times),
    callsPlot(samples, times),
  ];
}

/** All counters are 0 when a demo begins, whether or not that was sampled. */
function fromStart(samples: readonly DemoSample[]): readonly DemoSample[] {
  if (samples[0] === undefined || samples[0].t === 0) return samples;
  const counters = { bytesOffered: 0, bytesArchived: 0, records: 0, rawRecords: 0, throttled: 0 };
  return [{ t: 0, ...counters, apiCalls: {}, lagSeconds: { p50: 0, max: 0 } }, ...samples];
}

/** Every n-th sample and the last, so that a long demo gives as many points as a short one. */
function thin(samples: readonly DemoSample[]): DemoSample[] {
  const step = Math.ceil(samples.length / MAX_POINTS);
  const lastIndex = samples.length - 1;
  return samples.filter((_, index) => (lastIndex - index) % step === 0);
}

function bytesPlot(run: DemoRun, samples: readonly DemoSample[], times: readonly number[]): Plot {
  const largest = samples.at(-1)?.bytesOffered ?? 0;
  const [unit, size] = largest >= 2e9 ? ['GB', 1e9] : largest >= 2e6 ? ['MB', 1e6] : (['kB', 1e3] as const);
  return {
    title: 'Log bytes generated and archived',
    unit,
    caption: 'The lines run together where the archive keeps up; they must meet at the end.',
    times,
    series: [
      {
        label: 'generated',
        colour: 'amber',
        style: 'area',
        values: samples.map((sample) => sample.bytesOffered / size),
      },
      {
        label: 'archived',
        colour: 'blue',
        style: 'line',
        values: samples.map((sample) => sample.bytesArchived / size),
      },
    ],
    marks: rotationMarks(run.rotationMarks, times.at(-1) ?? 0),
    format: (value) => formatBytes(value * size),
  };
}

/** Rotations that fall on one place of the plot are one mark. */
function rotationMarks(rotations: readonly DemoRotation[], seconds: number): { t: number; label: string }[] {
  const apart = Math.max(1, seconds / MAX_POINTS);
  const places = new Map<number, string[]>();
  for (const { t, instanceId } of rotations) {
    const place = Math.round(t / apart) * apart;
    const instances = places.get(place) ?? [];
    places.set(place, instances);
    if (!instances.includes(instanceId)) instances.push(instanceId);
  }
  return [...places].map(([t, names]) => ({ t, label: `Rotated at ${formatSeconds(t)}: ${listed(names)}` }));
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return more > 0 ? `${names.slice(0, MAX_NAMES).join(', ')} and ${more} more` : names.join(', ');
}

function recordsPlot(samples: readonly DemoSample[], times: readonly number[]): Plot {
  return {
    title: 'Records parsed',
    unit: 'records/s',
    caption: 'Records come in steps: a file is fetched when enough of it waits.',
    times,
    series: [{ label: 'records', colour: 'teal', style: 'area', values: rates(samples, ({ records }) => records) }],
    format: (value) => `${formatCount(Math.round(value))} per second`,
  };
}

function lagPlot(samples: readonly DemoSample[], times: readonly number[]): Plot {
  return {
    title: 'Age of the oldest byte not archived',
    unit: 'seconds',
    caption: 'Over all instances: the one in the middle, and the worst.',
    times,
    series: [
      { label: 'worst', colour: 'violet', style: 'line', values: samples.map(({ lagSeconds }) => lagSeconds.max) },
      { label: 'median', colour: 'teal', style: 'area', values: samples.map(({ lagSeconds }) => lagSeconds.p50) },
    ],
    format: (value) => formatSeconds(value),
  };
}

/** Names may be any, also those that every object inherits. */
function callsOf(apiCalls: DemoSample['apiCalls'], action: string): number {
  return Object.hasOwn(apiCalls, action) ? (apiCalls[action] ?? 0) : 0;
}

function callsPlot(samples: readonly DemoSample[], times: readonly number[]): Plot {
  const totals = Object.entries(samples.at(-1)?.apiCalls ?? {}).sort(([, a], [, b]) => b - a);
  const shown = totals.slice(0, totals.length > MAX_ACTIONS ? MAX_ACTIONS - 1 : MAX_ACTIONS).map(([action]) => action);
  const others = totals.slice(shown.length).map(([action]) => action);
  const groups = [...shown.map((action) => [action]), ...(others.length > 0 ? [others] : [])];
  const columns = groups.map((actions, index) => ({
    label: actions.length > 1 ? 'other actions' : (actions[0] ?? ''),
    colour: ACTION_COLOURS[index] ?? 'grey',
    style: 'column' as const,
    values: rates(samples, ({ apiCalls }) => actions.reduce((sum, action) => sum + callsOf(apiCalls, action), 0)),
  }));
  const throttled = rates(samples, (sample) => sample.throttled);
  return {
    title: 'Calls of the RDS API',
    unit: 'calls/s',
    caption: 'By action. Throttled calls are part of the columns; the product slows down and tries again.',
    times,
    series: [...columns, { label: 'of these throttled', colour: 'red', style: 'front', values: throttled }],
    format: (value) => `${Number(value.toFixed(1))} per second`,
  };
}

/** Growth per second since the sample before. */
function rates(samples: readonly DemoSample[], counter: (sample: DemoSample) => number): number[] {
  return samples.map((sample, index) => {
    const before = samples[index - 1];
    const seconds = sample.t - (before?.t ?? 0);
    return seconds > 0 ? Math.max(0, counter(sample) - (before ? counter(before) : 0)) / seconds : 0;
  });
}

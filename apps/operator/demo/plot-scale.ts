/** An axis that begins at 0. */
export interface Scale {
  readonly max: number;
  readonly ticks: readonly number[];
}

/** The axis with steps of 1, 2 or 5 times a power of ten that holds `largest`, with at most `steps` steps. */
export function niceScale(largest: number, steps: number): Scale {
  const wanted = Math.max(largest, Number.MIN_VALUE * 1e9) / steps;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step =
    largest <= 0 ? 1 / steps : ([1, 2, 5, 10].find((factor) => factor * power >= wanted * (1 - 1e-9)) ?? 10) * power;
  const count = largest <= 0 ? steps : Math.max(1, Math.ceil(largest / step - 1e-9));
  return {
    max: step * count,
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((step * index).toPrecision(12))),
  };
}

/** Time axis: whole seconds, minutes or hours, up to exactly the last moment. */
export function timeTicks(seconds: number, steps: number): number[] {
  const choices = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
  const step = choices.find((choice) => seconds / choice <= steps) ?? Math.ceil(seconds / steps);
  return Array.from({ length: Math.floor(seconds / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** `45 s`, `2 min`, `1 h 30 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number on an axis: short, without noise. */
export function formatTick(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(3))}k`;
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}

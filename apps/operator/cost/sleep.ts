const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const WEEK_HOURS = 7 * 24;

/** Stop and start of an environment, as EventBridge Scheduler spells them: `cron(0 20 ? * MON-FRI *)`. */
export interface Sleep {
  readonly stop: string;
  readonly start: string;
}

/** Share of a week (0 to 1) in which an environment is awake: 1 when it never sleeps. Throws for other forms of cron. */
export function awakeShare(sleep: Sleep | null): number {
  if (sleep === null) return 1;
  const stops = hoursOfWeek(sleep.stop);
  const starts = hoursOfWeek(sleep.start);
  const hoursAwake = starts.map((start) => {
    const next = stops.map((stop) => (stop - start + WEEK_HOURS) % WEEK_HOURS).filter((hours) => hours > 0);
    return Math.min(...next);
  });
  return hoursAwake.reduce((total, hours) => total + hours, 0) / WEEK_HOURS;
}

function hoursOfWeek(cron: string): number[] {
  const match = /^cron\((\d+) (\d+) \? \* ([A-Z]{3})(?:-([A-Z]{3}))? \*\)$/.exec(cron);
  const [first, last] = [DAYS.indexOf(match?.[3] ?? ''), DAYS.indexOf(match?.[4] ?? match?.[3] ?? '')];
  if (!match || first < 0 || last < first) throw new Error(`the cost model cannot read ${cron}`);
  const hour = Number(match[2]) + Number(match[1]) / 60;
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * 24 + hour);
}

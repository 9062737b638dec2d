import { type RandomSource, seededRandom, seedOf } from './random.ts';
import { type Dialect, longStatement, MISTAKES, type Mix, pickStatement, READS, WRITES } from './statements.ts';

export const DATABASES = ['shop_eu', 'shop_us', 'shop_jp'] as const;

/** Users of the application, and how often each connects. `rdsadmin` is the user by which RDS itself looks in. */
export const USERS = ['app_rw', 'app_rw', 'app_rw', 'app_ro', 'report-job', 'etl.nightly', 'rdsadmin'] as const;

export type Role = 'writer' | 'reader';

/** What one connection does, as text for the server's own client. */
export interface Session {
  readonly user: string;
  readonly database: string;
  readonly sql: string;
}

/** What differs between the servers. */
export interface Flavour {
  readonly dialect: Dialect;
  /** Statements that only this server has, for the roles that may send them. */
  readonly extras: Readonly<Record<Role, Mix>>;
  /** What RDS's own user asks. */
  readonly housekeeping: readonly string[];
  /** Goes on in another database. */
  use(database: string): string;
}

const LONG_SHARE = 0.0008;
/** Even a small fleet has some long statements: one in this session of each writer. */
const LONG_SESSION = 2;

/** Session number `index`, some tens of statements long times `scale`: the same for the same arguments. */
export function nextSession(flavour: Flavour, role: Role, seed: number, index: number, scale: number): Session {
  const random = seededRandom(seedOf(seed, index));
  const user = random.pick(USERS);
  const database = random.pick(DATABASES);
  if (user === 'rdsadmin' && index !== LONG_SESSION)
    return { user, database, sql: `${flavour.housekeeping.join(';\n')};\n` };
  const mix: Mix = [
    ...READS,
    ...flavour.extras[role],
    ...(role === 'writer' && user !== 'app_ro' ? WRITES : []),
    ...MISTAKES.map(([weight, write]) => [weight / 8, write] as const),
  ];
  const statements: string[] = [];
  const length = Math.ceil(scale * 8 * 12 ** random.next());
  if (index === LONG_SESSION && role === 'writer') statements.push(longStatement(random, flavour.dialect));
  while (statements.length < length) statements.push(...nextStatements(flavour, role, mix, random));
  return { user, database, sql: `${statements.join(';\n')};\n` };
}

function nextStatements(flavour: Flavour, role: Role, mix: Mix, random: RandomSource): string[] {
  if (random.chance(0.02)) return [flavour.use(random.pick(DATABASES))];
  if (role === 'writer' && random.chance(LONG_SHARE)) return [longStatement(random, flavour.dialect)];
  const one = () => pickStatement(mix, random, flavour.dialect);
  if (random.chance(0.1)) return ['BEGIN', ...Array.from({ length: random.int(1, 5) }, one), 'COMMIT'];
  return [one()];
}

import { Failure } from '../shared/failure.ts';
import { systemClock } from '../shared/ports/clock.ts';
import type { CallEvent } from '../shared/rds/caller.ts';
import { isLoopback } from '../shared/rds/endpoint.ts';
import { DEFAULT_RDS_LIMITS } from '../shared/rds/limits.ts';
import { createRdsLogSource, type RdsLogSource } from '../shared/rds/rds-log-source.ts';

const SIMULATOR = { accessKeyId: 'simulator', secretAccessKey: 'simulator' };

/** The log API of AWS, or of an endpoint; the simulator's credentials where that is on this machine and none are set. */
export function connectRds(options: {
  endpoint: string | undefined;
  region: string | undefined;
  onCall?: (event: CallEvent) => void;
}): RdsLogSource {
  const { endpoint, onCall } = options;
  const region = options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new Failure('USAGE', `--rds-endpoint takes a URL such as http://127.0.0.1:9000, not "${endpoint}".`);
  }
  if (region === undefined && endpoint === undefined) {
    throw new Failure('CONFIG_INVALID', 'No AWS region is set. Give --region, or set AWS_REGION.');
  }
  const local = endpoint !== undefined && isLoopback(new URL(endpoint));
  const simulated = local && !hasCredentials();
  return createRdsLogSource({
    region: region ?? 'us-east-1',
    clock: systemClock,
    random: Math.random,
    ...(endpoint === undefined ? {} : { endpoint }),
    // Nobody shares the quota of an endpoint on this machine.
    ...(local ? { limits: { rate: { ...DEFAULT_RDS_LIMITS.rate, initialRate: 200 } } } : {}),
    ...(simulated ? { credentials: SIMULATOR } : {}),
    ...(onCall ? { onCall } : {}),
  });
}

function hasCredentials(): boolean {
  return ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'].some(
    (name) => process.env[name] !== undefined,
  );
}

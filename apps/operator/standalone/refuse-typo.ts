import type { Discovery } from '../../discovery/discover.ts';
import { Failure } from '../../shared/failure.ts';
import type { DbInstance } from '../../shared/log-file.ts';
import { nearNames } from '../near-names.ts';
import { quote } from '../shell-quote.ts';

/**
 * Tells `onDiscovery` of each look, but fails with NOT_FOUND where the pattern for instances leaves all of a fleet out at
 * the first: that is a mistake, while instances that go later are not.
 */
export function refuseTypo(
  pattern: string,
  onDiscovery: (discovery: Discovery) => void,
): (discovery: Discovery) => void {
  let looked = false;
  return (discovery) => {
    const { instances, others } = discovery;
    if (!looked && instances.length === 0 && others.length > 0) throw noSuchInstance(pattern, others);
    looked = true;
    onDiscovery(discovery);
  };
}

function noSuchInstance(pattern: string, others: readonly DbInstance[]): Failure {
  const near = nearNames(
    pattern,
    others.map((one) => one.instanceId),
  );
  const meant = near.length === 0 ? '' : ` Did you mean ${near.map(quote).join(', ')}?`;
  const message = `None of the ${others.length} instances is named like ${quote(pattern)}.${meant} Without --instances all are taken.`;
  return new Failure('NOT_FOUND', message);
}

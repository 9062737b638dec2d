import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { FleetReaderRole } from '../constructs/fleet-reader-role.ts';
import type { Environment } from './environments.ts';
import { environmentNames, FLEET_READER_ROLE } from './names.ts';
import { addOutputs } from './outputs.ts';
import { awsProvider, requireTerraform, resourceTags, stateInS3 } from './providers.ts';

/** What one other account of the fleet needs: the role through which its logs are read. Its state stays with the platform. */
export class FleetAccountStack extends TerraformStack {
  constructor(scope: Construct, props: { readonly environment: Environment; readonly accountId: string }) {
    const { environment, accountId } = props;
    super(scope, `fleet-${accountId}`);
    awsProvider(this, {
      accountId,
      region: environment.region,
      tags: resourceTags({ ...environment, environment: environment.name }),
      assumeRoleArn: `arn:aws:iam::${accountId}:role/${environment.fleetDeployRole}`,
    });
    stateInS3(this, { accountId: environment.accountId, region: environment.region, name: `fleet-${accountId}` });
    requireTerraform(this);
    const { prefix } = environmentNames(environment.name, environment.accountId);
    const role = new FleetReaderRole(this, 'reader', {
      name: FLEET_READER_ROLE,
      accountId,
      regions: [...new Set([environment.region, ...environment.fleetRegions])],
      readers: ['discovery', 'processor'].map((name) => `arn:aws:iam::${environment.accountId}:role/${prefix}-${name}`),
      platformAccountId: environment.accountId,
    });
    addOutputs(this, { reader_role: { value: role.arn, description: 'Taken by discovery and processor' } });
  }
}

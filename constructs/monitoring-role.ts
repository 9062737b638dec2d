import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { serviceTrust } from './policy-document.ts';

/** The role through which RDS measures the operating system of its instances. */
export class MonitoringRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { readonly name: string; readonly accountId: string }) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: props.name,
      assumeRolePolicy: serviceTrust('monitoring.rds.amazonaws.com', props.accountId),
    });
    new IamRolePolicyAttachment(this, 'policy', {
      role: role.name,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole',
    });
    this.arn = role.arn;
  }
}

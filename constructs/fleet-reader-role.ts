import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Construct } from 'constructs';
import { policyDocument, trust } from './policy-document.ts';
import { findLogs, readLogs } from './workload-policies.ts';

export interface FleetReaderRoleProps {
  readonly name: string;
  /** The account whose databases are read: the one this role is made in. */
  readonly accountId: string;
  /** Regions whose instances are read. */
  readonly regions: readonly string[];
  /** Roles of the platform that may take this one. */
  readonly readers: readonly string[];
  /** The platform's account. */
  readonly platformAccountId: string;
}

/** What an account of the fleet offers to the platform: reading logs of its databases, and nothing else. */
export class FleetReaderRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: FleetReaderRoleProps) {
    super(scope, id);
    // The account is the principal and the roles are a condition: a role that is made later can be named already.
    const role = new IamRole(this, 'role', {
      name: props.name,
      maxSessionDuration: 3600,
      assumeRolePolicy: trust(
        { AWS: `arn:aws:iam::${props.platformAccountId}:root` },
        ['sts:AssumeRole', 'sts:TagSession'],
        {
          ArnEquals: { 'aws:PrincipalArn': props.readers },
        },
      ),
    });
    const fleet = {
      accountId: props.accountId,
      regions: props.regions,
      instances: ['*'],
      except: [],
      otherAccounts: [],
      readerRole: props.name,
    };
    new IamRolePolicy(this, 'policy', {
      name: 'read-logs',
      role: role.id,
      policy: policyDocument([
        ...findLogs(fleet).filter((statement) => statement.sid !== 'ListLogs'),
        ...readLogs(fleet),
      ]),
    });
    this.arn = role.arn;
  }
}

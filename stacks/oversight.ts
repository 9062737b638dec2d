import { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { Backups } from '../constructs/backups.ts';
import { Budget } from '../constructs/budget.ts';
import { ScaleDown } from '../constructs/scale-down.ts';
import type { DataServices } from './data-services.ts';
import type { Environment } from './environments.ts';
import { type KubernetesPlatform, NODE_GROUP } from './kubernetes-platform.ts';
import type { EnvironmentNames } from './names.ts';
import type { Storage } from './storage.ts';

export interface OversightProps {
  readonly environment: Environment;
  readonly names: EnvironmentNames;
  readonly keyArn: string;
  readonly topicArn: string;
  readonly storage: Storage;
  readonly platform: KubernetesPlatform;
  readonly data: DataServices;
  readonly tags: Readonly<Record<string, string>>;
}

/** What watches over an environment: backups, alarms, budget, and the sleep of poc. */
export class Oversight extends Construct {
  constructor(scope: Construct, id: string, props: OversightProps) {
    super(scope, id);
    const { environment, names, data, storage } = props;
    const { accountId, region } = environment;
    const { source, searchDatabase } = data;
    const backups = new Backups(this, 'backups', {
      prefix: names.prefix,
      accountId,
      region,
      keyArn: props.keyArn,
      topicArn: props.topicArn,
      retentionDays: environment.oldVersionDays,
      protect: environment.protected,
      resources: [storage.tables.trackingArn, ...[source?.arn, searchDatabase?.arn].filter((arn) => arn !== undefined)],
      volumeTags: { environment: environment.name, service: props.tags['service'] ?? '' },
    });
    new Alarms(this, 'alarms', {
      prefix: names.prefix,
      topicArn: props.topicArn,
      clusterName: names.cluster,
      autoScalingGroup: props.platform.autoScalingGroup,
      tables: storage.tables.names,
      cacheNodes: data.cache?.nodeIds ?? [],
      auroraInstances: source ? [source.instanceIdentifier] : [],
      databases: searchDatabase ? [searchDatabase.identifier] : [],
      deadLetterQueues: [backups.deadLetterQueue],
    });
    new Budget(this, 'budget', {
      name: names.prefix,
      monthlyUsd: environment.budgetUsd,
      environment: environment.name,
      topicArn: props.topicArn,
      email: environment.alertEmail,
    });
    if (environment.sleep === null) return;
    new ScaleDown(this, 'sleep', {
      ...environment.sleep,
      prefix: names.prefix,
      accountId,
      region,
      keyArn: props.keyArn,
      nodeGroup: { cluster: names.cluster, name: NODE_GROUP, ...environment.kubernetes.nodes },
      ...(source ? { sourceCluster: source.identifier } : {}),
    });
  }
}

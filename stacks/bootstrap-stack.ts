import { EbsEncryptionByDefault } from '@cdktf/provider-aws/lib/ebs-encryption-by-default/index.js';
import { LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { AuditBucket } from '../constructs/audit-bucket.ts';
import { AuditTrail, trailDelivery } from '../constructs/audit-trail.ts';
import { CiRoles } from '../constructs/ci-roles.ts';
import { ConfigRecorder } from '../constructs/config-recorder.ts';
import { CostAnomalies } from '../constructs/cost-anomalies.ts';
import { EncryptionKey } from '../constructs/encryption-key.ts';
import { ImageRepositories } from '../constructs/image-repositories.ts';
import { StateStore } from '../constructs/state-store.ts';
import { ThreatDetection } from '../constructs/threat-detection.ts';
import { TrailTopic } from '../constructs/trail-topic.ts';
import type { BootstrapInputs } from './inputs.ts';
import { accountNames, environmentNames, IMAGE_REPOSITORIES, PREFIX } from './names.ts';
import { addOutputs } from './outputs.ts';
import { awsProvider, REQUIRED_TAGS, requireTerraform, resourceTags, stateInS3 } from './providers.ts';

/** Seen from cdktf.out/stacks/bootstrap, where Terraform runs: beside cdktf.json. */
const LOCAL_STATE = '../../../terraform.bootstrap.tfstate';
const AUDIT_DAYS = 400;
const SERVICE_LOG_DAYS = 365;
const ANOMALY_USD = 50;

export interface BootstrapStackProps {
  readonly inputs: BootstrapInputs;
  /** Environments whose raw archives are audited. */
  readonly environments: readonly string[];
}

/**
 * What an account has once and every environment needs: Terraform's state, image repositories (an image goes from poc to
 * production by its digest), roles of the build server, and the account's guardrails.
 */
export class BootstrapStack extends TerraformStack {
  private readonly keyArn: string;

  constructor(scope: Construct, props: BootstrapStackProps) {
    super(scope, 'bootstrap');
    const { accountId, region, stateIn, guardrails, ciPrincipalArns } = props.inputs;
    const names = accountNames(accountId);
    awsProvider(this, { accountId, region, tags: resourceTags({ ...props.inputs, environment: 'shared' }) });
    requireTerraform(this);
    if (stateIn === 's3') stateInS3(this, { accountId, region, name: 'bootstrap' });
    else new LocalBackend(this, { path: LOCAL_STATE });

    this.keyArn = this.key(accountId, region);
    const deletionAlarm = new AlarmTopic(this, 'alarm-topic', {
      name: `${PREFIX}-account-alarms`,
      accountId,
      keyArn: this.keyArn,
      email: props.inputs.alertEmail,
    });
    const audit = new AuditBucket(this, 'audit', {
      deletionAlarm,
      name: names.auditBucket,
      accountId,
      retentionDays: AUDIT_DAYS,
      protect: true,
      deliveries: (arn) => trailDelivery(arn, names.trail, region, accountId),
    });
    const state = new StateStore(this, 'state', {
      deletionAlarm,
      bucketName: names.stateBucket,
      lockTable: names.lockTable,
      keyArn: this.keyArn,
      accessLog: audit,
    });
    const images = new ImageRepositories(this, 'images', { names: IMAGE_REPOSITORIES, keyArn: this.keyArn });
    const archives = props.environments.map(
      (name) => `arn:aws:s3:::${environmentNames(name, accountId).archiveBucket}`,
    );
    if (ciPrincipalArns.length > 0) {
      new CiRoles(this, 'ci', {
        prefix: PREFIX,
        accountId,
        region,
        principalArns: ciPrincipalArns,
        repositories: IMAGE_REPOSITORIES,
        stateBucketArn: state.bucketArn,
        lockTableArn: state.lockTableArn,
        keyArn: this.keyArn,
        dataBucketArns: archives,
      });
    }
    if (guardrails === 'own') this.guardrails(props.inputs, deletionAlarm, audit, archives);
    addOutputs(this, {
      state_bucket: { value: names.stateBucket, description: 'State of the environments' },
      lock_table: { value: names.lockTable, description: 'Lock of the state' },
      ...Object.fromEntries(
        Object.entries(images.urls).map(([name, value]) => [
          `repository_${name.slice(name.indexOf('/') + 1)}`,
          { value, description: `Image repository ${name}` },
        ]),
      ),
    });
  }

  private key(accountId: string, region: string): string {
    return new EncryptionKey(this, 'key', {
      alias: `${PREFIX}-account`,
      description: 'State, images and audit of the account',
      accountId,
      protect: true,
      services: [
        `logs.${region}.amazonaws.com`,
        'cloudtrail.amazonaws.com',
        'cloudwatch.amazonaws.com',
        'events.amazonaws.com',
        's3.amazonaws.com',
      ],
    }).arn;
  }

  private guardrails(
    inputs: BootstrapInputs,
    topic: AlarmTopic,
    audit: AuditBucket,
    archives: readonly string[],
  ): void {
    const { accountId, region, alertEmail } = inputs;
    const names = accountNames(accountId);
    new EbsEncryptionByDefault(this, 'volumes-encrypted', { enabled: true });
    const deliveries = new TrailTopic(this, 'trail-topic', {
      name: names.trail,
      accountId,
      region,
      keyArn: this.keyArn,
    });
    new AuditTrail(this, 'trail', {
      name: names.trail,
      topicName: deliveries.name,
      accountId,
      region,
      bucketName: audit.name,
      keyArn: this.keyArn,
      logDays: SERVICE_LOG_DAYS,
      dataBucketArns: archives,
      dependsOn: [audit.policy, deliveries.policy],
    });
    new ConfigRecorder(this, 'config', {
      prefix: PREFIX,
      accountId,
      bucketName: audit.name,
      bucketArn: audit.arn,
      requiredTags: REQUIRED_TAGS,
    });
    new ThreatDetection(this, 'threats', { prefix: PREFIX, region, topicArn: topic.arn });
    new CostAnomalies(this, 'cost-anomalies', { name: PREFIX, email: alertEmail, minimumUsd: ANOMALY_USD });
  }
}

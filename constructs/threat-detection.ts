import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { GuarddutyDetector } from '@cdktf/provider-aws/lib/guardduty-detector/index.js';
import { GuarddutyDetectorFeature } from '@cdktf/provider-aws/lib/guardduty-detector-feature/index.js';
import { SecurityhubAccount } from '@cdktf/provider-aws/lib/securityhub-account/index.js';
import { SecurityhubStandardsSubscription } from '@cdktf/provider-aws/lib/securityhub-standards-subscription/index.js';
import { Construct } from 'constructs';

export interface ThreatDetectionProps {
  readonly prefix: string;
  readonly region: string;
  readonly topicArn: string;
}

const FEATURES = ['EKS_AUDIT_LOGS', 'S3_DATA_EVENTS', 'RDS_LOGIN_EVENTS', 'EBS_MALWARE_PROTECTION'];
/** GuardDuty's scale: 4 to 6.9 is medium, 7 and more high. */
const ANNOUNCED_SEVERITY = 7;

/** GuardDuty with an agent in EKS nodes, Security Hub with AWS's own standard, and severe findings to the alarm topic. */
export class ThreatDetection extends Construct {
  constructor(scope: Construct, id: string, props: ThreatDetectionProps) {
    super(scope, id);
    const detector = new GuarddutyDetector(this, 'detector', {
      enable: true,
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
    });
    for (const name of FEATURES) {
      new GuarddutyDetectorFeature(this, name.toLowerCase().replaceAll('_', '-'), {
        detectorId: detector.id,
        name,
        status: 'ENABLED',
      });
    }
    new GuarddutyDetectorFeature(this, 'runtime', {
      detectorId: detector.id,
      name: 'RUNTIME_MONITORING',
      status: 'ENABLED',
      additionalConfiguration: [{ name: 'EKS_ADDON_MANAGEMENT', status: 'ENABLED' }],
    });
    const hub = new SecurityhubAccount(this, 'hub', { enableDefaultStandards: false, autoEnableControls: true });
    new SecurityhubStandardsSubscription(this, 'standard', {
      standardsArn: `arn:aws:securityhub:${props.region}::standards/aws-foundational-security-best-practices/v/1.0.0`,
      dependsOn: [hub],
    });
    const rule = new CloudwatchEventRule(this, 'severe', {
      name: `${props.prefix}-severe-findings`,
      description: 'GuardDuty found something severe',
      eventPattern: JSON.stringify({
        source: ['aws.guardduty'],
        'detail-type': ['GuardDuty Finding'],
        detail: { severity: [{ numeric: ['>=', ANNOUNCED_SEVERITY] }] },
      }),
    });
    new CloudwatchEventTarget(this, 'severe-to-topic', { rule: rule.name, arn: props.topicArn });
  }
}

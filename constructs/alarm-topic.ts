import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { policyDocument } from './policy-document.ts';

export interface AlarmTopicProps {
  readonly name: string;
  readonly accountId: string;
  readonly keyArn: string;
  readonly email: string;
  /** HTTPS endpoint of PagerDuty or Opsgenie. */
  readonly pagerUrl?: string;
  /** For a topic in another region. */
  readonly provider?: AwsProvider;
}

/** Where every alarm of an environment goes: e-mail, and a pager where one is named. */
export class AlarmTopic extends Construct {
  readonly arn: string;
  /** Before it stands, no service can publish. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const provider = props.provider ? { provider: props.provider } : {};
    const topic = new SnsTopic(this, 'topic', { name: props.name, kmsMasterKeyId: props.keyArn, ...provider });
    this.arn = topic.arn;
    this.policy = new SnsTopicPolicy(this, 'policy', {
      ...provider,
      arn: topic.arn,
      policy: policyDocument([
        {
          sid: 'AwsServicesOfThisAccount',
          principals: {
            type: 'Service',
            identifiers: [
              'backup.amazonaws.com',
              'budgets.amazonaws.com',
              'cloudwatch.amazonaws.com',
              'costalerts.amazonaws.com',
              'events.amazonaws.com',
              's3.amazonaws.com',
            ],
          },
          actions: ['sns:Publish'],
          resources: [topic.arn],
          conditions: { StringEquals: { 'aws:SourceAccount': props.accountId } },
        },
      ]),
    });
    new SnsTopicSubscription(this, 'email', {
      ...provider,
      topicArn: topic.arn,
      protocol: 'email',
      endpoint: props.email,
    });
    if (props.pagerUrl !== undefined) {
      new SnsTopicSubscription(this, 'pager', {
        topicArn: topic.arn,
        protocol: 'https',
        endpoint: props.pagerUrl,
        endpointAutoConfirms: true,
        ...provider,
      });
    }
  }
}

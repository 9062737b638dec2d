import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';
import { policyDocument } from './policy-document.ts';

export interface AlarmTopicProps {
  readonly name: string;
  readonly accountId: string;
  readonly keyArn: string;
  readonly email: string;
  /** HTTPS endpoint of PagerDuty or Opsgenie. */
  readonly pagerUrl?: string;
}

/** Where every alarm of an environment goes: e-mail, and a pager where one is named. */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, 'topic', { name: props.name, kmsMasterKeyId: props.keyArn });
    this.arn = topic.arn;
    new SnsTopicPolicy(this, 'policy', {
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
            ],
          },
          actions: ['sns:Publish'],
          resources: [topic.arn],
          conditions: { StringEquals: { 'aws:SourceAccount': props.accountId } },
        },
      ]),
    });
    new SnsTopicSubscription(this, 'email', { topicArn: topic.arn, protocol: 'email', endpoint: props.email });
    if (props.pagerUrl !== undefined) {
      new SnsTopicSubscription(this, 'pager', {
        topicArn: topic.arn,
        protocol: 'https',
        endpoint: props.pagerUrl,
        endpointAutoConfirms: true,
      });
    }
  }
}

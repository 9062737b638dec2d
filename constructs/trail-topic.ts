import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { policyDocument } from './policy-document.ts';

export interface TrailTopicProps {
  /** Name of the trail, and of its topic. */
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly keyArn: string;
}

/** Told of every file that CloudTrail delivers: where a SIEM subscribes. */
export class TrailTopic extends Construct {
  readonly name: string;
  /** Before it stands, CloudTrail refuses the topic. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: TrailTopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, 'topic', { name: props.name, kmsMasterKeyId: props.keyArn });
    this.name = topic.name;
    this.policy = new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: policyDocument([
        {
          sid: 'FromTrail',
          principals: { type: 'Service', identifiers: ['cloudtrail.amazonaws.com'] },
          actions: ['sns:Publish'],
          resources: [topic.arn],
          conditions: {
            StringEquals: {
              'aws:SourceArn': `arn:aws:cloudtrail:${props.region}:${props.accountId}:trail/${props.name}`,
            },
          },
        },
      ]),
    });
  }
}

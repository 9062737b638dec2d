import { CeAnomalyMonitor } from '@cdktf/provider-aws/lib/ce-anomaly-monitor/index.js';
import { CeAnomalySubscription } from '@cdktf/provider-aws/lib/ce-anomaly-subscription/index.js';
import { Construct } from 'constructs';

export interface CostAnomaliesProps {
  readonly name: string;
  readonly email: string;
  /** An anomaly is told from this impact on. */
  readonly minimumUsd: number;
}

/** Cost Anomaly Detection over all services; AWS allows one such monitor per account. */
export class CostAnomalies extends Construct {
  constructor(scope: Construct, id: string, props: CostAnomaliesProps) {
    super(scope, id);
    const monitor = new CeAnomalyMonitor(this, 'services', {
      name: props.name,
      monitorType: 'DIMENSIONAL',
      monitorDimension: 'SERVICE',
    });
    new CeAnomalySubscription(this, 'daily', {
      name: props.name,
      frequency: 'DAILY',
      monitorArnList: [monitor.arn],
      subscriber: [{ type: 'EMAIL', address: props.email }],
      thresholdExpression: {
        dimension: {
          key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
          matchOptions: ['GREATER_THAN_OR_EQUAL'],
          values: [String(props.minimumUsd)],
        },
      },
    });
  }
}

import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget/index.js';
import { Construct } from 'constructs';

export interface BudgetProps {
  readonly name: string;
  /** Notices are sent by parts of this amount. */
  readonly monthlyUsd: number;
  /** Counts what carries this value of the tag `environment`. */
  readonly environment: string;
  readonly topicArn: string;
  readonly email: string;
}

/** A monthly budget that speaks at 50, 80 and 100 % of real cost, and when the forecast passes it. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const notification = (threshold: number, notificationType: 'ACTUAL' | 'FORECASTED') => ({
      comparisonOperator: 'GREATER_THAN',
      threshold,
      thresholdType: 'PERCENTAGE',
      notificationType,
      subscriberEmailAddresses: [props.email],
      subscriberSnsTopicArns: [props.topicArn],
    });
    new BudgetsBudget(this, 'monthly', {
      name: props.name,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: props.monthlyUsd.toFixed(1),
      limitUnit: 'USD',
      costFilter: [{ name: 'TagKeyValue', values: [`user:environment$${props.environment}`] }],
      notification: [
        ...[50, 80, 100].map((percent) => notification(percent, 'ACTUAL')),
        notification(100, 'FORECASTED'),
      ],
    });
  }
}

import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl/index.js';
import { Construct } from 'constructs';

/** Requests that one address may make in five minutes. */
const RATE_LIMIT = 2000;
const MANAGED = [
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesAnonymousIpList',
];

/** Users may well sit behind a VPN or in a cloud; who may connect at all is named by address range. */
const COUNTED = 'AWSManagedRulesAnonymousIpList';

/** Requests over the rate of one address are refused, and so are those that AWS's rule sets know as attacks. */
export class WebFirewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { readonly name: string }) {
    super(scope, id);
    const measured = (metricName: string) => ({
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName,
    });
    const acl = new Wafv2WebAcl(this, 'acl', {
      name: props.name,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: measured(props.name),
    });
    // The typed rule of the bindings lacks statements; this is the provider's own shape.
    acl.addOverride('rule', [
      {
        name: 'rate',
        priority: 0,
        action: { block: {} },
        statement: {
          rate_based_statement: { limit: RATE_LIMIT, evaluation_window_sec: 300, aggregate_key_type: 'IP' },
        },
        visibility_config: snakeCase(measured(`${props.name}-rate`)),
      },
      ...MANAGED.map((name, index) => ({
        name,
        priority: index + 1,
        override_action: name === COUNTED ? { count: {} } : { none: {} },
        statement: { managed_rule_group_statement: { name, vendor_name: 'AWS' } },
        visibility_config: snakeCase(measured(`${props.name}-${name}`)),
      })),
    ]);
    this.arn = acl.arn;
  }
}

function snakeCase(settings: {
  cloudwatchMetricsEnabled: boolean;
  sampledRequestsEnabled: boolean;
  metricName: string;
}) {
  return {
    cloudwatch_metrics_enabled: settings.cloudwatchMetricsEnabled,
    sampled_requests_enabled: settings.sampledRequestsEnabled,
    metric_name: settings.metricName,
  };
}

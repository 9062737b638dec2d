import { describe, expect, test } from '@jest/globals';
import { byType, exampleEnvironment, synthesizeEnvironment } from '../stacks/testing/synthesize.ts';
import { rulesFor } from './alarms.ts';

const poc = byType(synthesizeEnvironment(exampleEnvironment('poc')));
const production = byType(synthesizeEnvironment(exampleEnvironment('production')));

describe('source cluster', () => {
  test('writes every log as a file that the RDS API shows', () => {
    const parameters = poc['aws_rds_cluster_parameter_group']?.[0]?.['parameter'] as { name: string; value: string }[];
    expect(Object.fromEntries(parameters.map(({ name, value }) => [name, value]))).toMatchObject({
      slow_query_log: '1',
      long_query_time: '0.5',
      log_output: 'FILE',
      general_log: '1',
      server_audit_logging: '1',
      require_secure_transport: 'ON',
    });
  });

  test('pauses when nobody is connected, and its password is in no file', () => {
    const [cluster] = poc['aws_rds_cluster'] ?? [];
    expect(cluster).toMatchObject({
      manage_master_user_password: true,
      skip_final_snapshot: false,
      serverlessv2_scaling_configuration: { min_capacity: 0, max_capacity: 2, seconds_until_auto_pause: 300 },
    });
    expect(cluster).not.toHaveProperty('master_password');
    expect(production['aws_rds_cluster']).toBeUndefined();
  });
});

describe('cache', () => {
  test('speaks TLS to clients that sign in by IAM; the default user can do nothing', () => {
    expect(poc['aws_elasticache_replication_group']).toMatchObject([
      { engine: 'valkey', transit_encryption_mode: 'required', node_type: 'cache.t4g.micro', num_cache_clusters: 1 },
    ]);
    const users = poc['aws_elasticache_user'] ?? [];
    expect(users.find((one) => one['user_name'] === 'default')?.['access_string']).toBe(
      'off resetkeys resetchannels -@all',
    );
    const client = users.find((one) => one['user_name'] !== 'default');
    expect(client).toMatchObject({ authentication_mode: { type: 'iam' } });
    // AWS refuses IAM sign-in where the two differ.
    expect(client?.['user_id']).toBe(client?.['user_name']);
  });

  test('has a second node in another zone in production', () => {
    expect(production['aws_elasticache_replication_group']).toMatchObject([
      { num_cache_clusters: 2, automatic_failover_enabled: true, multi_az_enabled: true },
    ]);
  });
});

describe('search database', () => {
  test('is there where OpenObserve runs as a cluster', () => {
    expect(poc['aws_db_instance']).toBeUndefined();
    expect(production['aws_db_instance']).toMatchObject([
      { engine: 'postgres', multi_az: true, manage_master_user_password: true, deletion_protection: true },
    ]);
  });
});

describe('alarms', () => {
  const props = {
    prefix: 'p',
    topicArn: 'arn',
    clusterName: 'p',
    autoScalingGroup: 'asg',
    tables: ['t'],
    cacheNodes: ['c-001'],
    auroraInstances: ['a-1'],
    databases: ['d'],
    deadLetterQueues: ['q'],
  };

  test('watch CPU and local storage of Aurora, throttles, cache, nodes, Kubernetes and dead letters', () => {
    const rules = rulesFor(props).map(({ metric, threshold, periods }) => `${metric} ${threshold} ${periods}`);
    expect(rules).toEqual(
      expect.arrayContaining([
        'CPUUtilization 80 2',
        `FreeLocalStorage ${2 * 2 ** 30} 2`,
        'ReadThrottleEvents 0 1',
        'WriteThrottleEvents 0 1',
        'Evictions 0 3',
        'EngineCPUUtilization 90 2',
        'StatusCheckFailed 0 2',
        'apiserver_request_total_5XX 50 2',
        'ApproximateNumberOfMessagesVisible 0 1',
      ]),
    );
  });

  test('all of them tell the topic of trouble and of its end', () => {
    const alarms = production['aws_cloudwatch_metric_alarm'] ?? [];
    expect(alarms.length).toBe(
      rulesFor({ ...props, tables: ['1', '2', '3'], cacheNodes: ['1', '2'], auroraInstances: [] }).length,
    );
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        alarm_actions: [expect.any(String)],
        ok_actions: [expect.any(String)],
        period: 300,
      });
    }
  });

  test('go to the pager where one is named', () => {
    const pagerUrl = 'https://events.pagerduty.com/integration/x/enqueue';
    const found = byType(synthesizeEnvironment(exampleEnvironment('poc', { pagerUrl })));
    expect(found['aws_sns_topic_subscription']).toContainEqual(
      expect.objectContaining({ protocol: 'https', endpoint: pagerUrl }),
    );
  });
});

describe('budget', () => {
  test('speaks at 50, 80 and 100 percent and when the forecast passes the limit', () => {
    const [budget] = poc['aws_budgets_budget'] ?? [];
    expect(budget).toMatchObject({ limit_amount: '150.0', cost_filter: [{ values: ['user:environment$poc'] }] });
    const notices = budget?.['notification'] as { threshold: number; notification_type: string }[];
    expect(notices.map((one) => `${one.notification_type} ${one.threshold}`)).toEqual([
      'ACTUAL 50',
      'ACTUAL 80',
      'ACTUAL 100',
      'FORECASTED 100',
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { auroraInstances, effectiveParameters, listedFiles } from './lists.ts';

const orders = {
  DBInstanceIdentifier: 'orders-1',
  DbiResourceId: 'db-ORDERS1',
  DBInstanceArn: 'arn:aws:rds:eu-west-1:123456789012:db:orders-1',
  DBClusterIdentifier: 'orders',
  Engine: 'aurora-mysql',
  DBInstanceStatus: 'available',
};

describe('auroraInstances', () => {
  it('knows an instance by its resource id, and its account from its ARN', () => {
    expect(auroraInstances('eu-west-1', [orders], [])).toEqual([
      {
        accountId: '123456789012',
        region: 'eu-west-1',
        resourceId: 'db-ORDERS1',
        instanceId: 'orders-1',
        clusterId: 'orders',
        engine: 'aurora-mysql',
        status: 'available',
        tags: {},
      },
    ]);
  });

  it.each([
    ['aurora', 1],
    ['aurora-postgresql', 1],
    ['mysql', 0],
    ['docdb', 0],
    ['neptune', 0],
  ])('engine %s: %d', (Engine, count) => {
    expect(auroraInstances('eu-west-1', [{ ...orders, Engine }], [])).toHaveLength(count);
  });

  it('lets tags of the cluster hold where the instance has none of that name', () => {
    const clusters = [
      {
        DBClusterIdentifier: 'orders',
        TagList: [
          { Key: 'env', Value: 'prod' },
          { Key: 'team', Value: 'a' },
        ],
      },
      { DBClusterIdentifier: 'other', TagList: [{ Key: 'x', Value: 'y' }] },
    ];
    const [instance] = auroraInstances('eu-west-1', [{ ...orders, TagList: [{ Key: 'team', Value: 'b' }] }], clusters);
    expect(instance?.tags).toEqual({ env: 'prod', team: 'b' });
  });
});

describe('listedFiles', () => {
  it('fills what a row does not have, and leaves out rows without a name', () => {
    expect(
      listedFiles([{ LogFileName: 'error/x', Size: 5, LastWritten: 9 }, { LogFileName: 'y' }, { Size: 1 }]),
    ).toEqual([
      { name: 'error/x', size: 5, lastWritten: 9 },
      { name: 'y', size: 0, lastWritten: 0 },
    ]);
  });
});

describe('effectiveParameters', () => {
  const parameter = (ParameterName: string, ParameterValue: string | undefined, Source: string) => ({
    ParameterName,
    Source,
    ...(ParameterValue !== undefined && { ParameterValue }),
  });

  it('prefers the instance, but what someone set to any default', () => {
    const ofCluster = [
      parameter('log_output', 'FILE', 'user'),
      parameter('log_timezone', 'UTC', 'system'),
      parameter('long_query_time', '1', 'user'),
      parameter('log_destination', 'stderr', 'system'),
      parameter('max_connections', '100', 'user'),
    ];
    const ofInstance = [
      parameter('log_output', 'TABLE', 'engine-default'),
      parameter('log_timezone', 'GMT', 'system'),
      parameter('long_query_time', '2', 'user'),
      parameter('log_destination', undefined, 'engine-default'),
    ];
    expect(effectiveParameters(ofCluster, ofInstance)).toEqual({
      log_output: 'FILE',
      log_timezone: 'GMT',
      long_query_time: '2',
      log_destination: 'stderr',
    });
  });
});

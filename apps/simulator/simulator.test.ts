import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DescribeDBParametersCommand,
  paginateDescribeDBInstances,
} from '@aws-sdk/client-rds';
import { describe, expect, it } from '@jest/globals';
import { startSimulator } from './simulator.ts';
import { withSimulator, writeFleet, writeFleetFile } from './testing/simulated-fleet.ts';

describe('the fleet', () => {
  it('infers what fleet.json leaves out', async () => {
    const files = { 'orders-1/error/postgresql.log.2026-01-01-0000': 'a\n', 'web-2/error/mysql-error.log': '' };
    await withSimulator(files, {}, async ({ client }) => {
      const { DBInstances } = await client.send(new DescribeDBInstancesCommand());
      expect(
        DBInstances?.map((instance) => [instance.DBInstanceIdentifier, instance.DBClusterIdentifier, instance.Engine]),
      ).toEqual([
        ['orders-1', 'orders', 'aurora-postgresql'],
        ['web-2', 'web', 'aurora-mysql'],
      ]);
      expect(DBInstances?.[0]?.DbiResourceId).toMatch(/^db-[A-Z0-9]{26}$/);
      expect(DBInstances?.[0]?.DbiResourceId).not.toBe(DBInstances?.[1]?.DbiResourceId);
      expect(DBInstances?.[0]?.DBInstanceArn).toBe('arn:aws:rds:us-east-1:123456789012:db:orders-1');
      expect(DBInstances?.[0]?.DBInstanceStatus).toBe('available');
    });
  });

  it('says what fleet.json says', async () => {
    const fleet = {
      accountId: '210987654321',
      region: 'eu-west-1',
      instances: {
        a: {
          ...{ engine: 'aurora-postgresql', cluster: 'books', resourceId: `db-${'A'.repeat(26)}` },
          ...{ tags: { team: 'a & b' }, parameters: { log_line_prefix: '%m <%p>', log_statement: 'all' } },
        },
        b: { status: 'stopped', cluster: 'books' },
      },
    };
    const files = { 'fleet.json': JSON.stringify(fleet), 'a/error/x.log': '', 'b/error/x.log': '' };
    await withSimulator(files, {}, async ({ client }) => {
      const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'a' }));
      expect(DBInstances).toHaveLength(1);
      expect(DBInstances[0]).toMatchObject({
        DBInstanceArn: 'arn:aws:rds:eu-west-1:210987654321:db:a',
        DbiResourceId: `db-${'A'.repeat(26)}`,
        TagList: [{ Key: 'team', Value: 'a & b' }],
      });
      const { DBClusters = [] } = await client.send(new DescribeDBClustersCommand());
      expect(DBClusters[0]?.DBClusterMembers?.map((member) => member.DBInstanceIdentifier)).toEqual(['a', 'b']);
      const byInstance = await client.send(
        new DescribeDBParametersCommand({
          DBParameterGroupName: DBInstances[0]?.DBParameterGroups?.[0]?.DBParameterGroupName,
        }),
      );
      expect(byInstance.Parameters?.map((parameter) => parameter.ParameterValue)).toEqual(['%m <%p>', 'all']);
      const byCluster = await client.send(
        new DescribeDBClusterParametersCommand({
          DBClusterParameterGroupName: DBClusters[0]?.DBClusterParameterGroup,
        }),
      );
      expect(byCluster.Parameters).toEqual(byInstance.Parameters);
      await expect(client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'b' }))).rejects.toMatchObject({
        name: 'DBInstanceNotReadyFault',
        $metadata: { httpStatusCode: 400 },
      });
    });
  });

  it('has instances that only fleet.json knows, without log files', async () => {
    const files = { 'fleet.json': '{"instances": {"b": {}}}', 'a/x.log': '' };
    await withSimulator(files, {}, async ({ client }) => {
      const answer = await client.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: 'b' }));
      expect(answer.DescribeDBLogFiles).toEqual([]);
    });
  });

  it('pages and filters clusters', async () => {
    const files = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`db-${index}x-1/x.log`, '']));
    await withSimulator(files, {}, async ({ client }) => {
      const first = await client.send(new DescribeDBClustersCommand({ MaxRecords: 20 }));
      expect(first.DBClusters).toHaveLength(20);
      const second = await client.send(new DescribeDBClustersCommand({ MaxRecords: 20, Marker: first.Marker }));
      expect([second.DBClusters?.length, second.Marker]).toEqual([5, undefined]);
      const byId = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'db-3x' }));
      expect(byId.DBClusters?.map((cluster) => cluster.DBClusterIdentifier)).toEqual(['db-3x']);
      await expect(
        client.send(new DescribeDBClustersCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
      ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
      await expect(client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'other' }))).rejects.toMatchObject({
        $metadata: { httpStatusCode: 404 },
      });
    });
  });

  it('names the field of fleet.json that is wrong', async () => {
    const root = await writeFleet({
      'fleet.json': '{"instances": {"a": {"engine": 7, "colour": "red"}}}',
      'a/x.log': '',
    });
    await expect(startSimulator({ root })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/instances\.a\.engine.*colour/),
    });
    await rm(root, { recursive: true });
  });

  it('pages instances by 20 and filters them', async () => {
    const files = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`db-${index}/x.log`, '']));
    await withSimulator(files, {}, async ({ client }) => {
      const pages: number[] = [];
      const ids = new Set<string>();
      for await (const page of paginateDescribeDBInstances({ client, pageSize: 20 }, {})) {
        pages.push(page.DBInstances?.length ?? 0);
        for (const instance of page.DBInstances ?? []) ids.add(instance.DBInstanceIdentifier ?? '');
      }
      expect(pages).toEqual([20, 20, 5]);
      expect(ids.size).toBe(45);
      await expect(client.send(new DescribeDBInstancesCommand({ MaxRecords: 19 }))).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
      const filtered = await client.send(
        new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-instance-id', Values: ['db-7', 'db-8'] }] }),
      );
      expect(filtered.DBInstances).toHaveLength(2);
      await expect(
        client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'db-99' })),
      ).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault', $metadata: { httpStatusCode: 404 } });
    });
  });

  it('refuses a folder it cannot read, an empty one, and a port in use', async () => {
    await expect(startSimulator({ root: join('/', 'no-such-folder') })).rejects.toMatchObject({
      code: 'FOLDER_UNREADABLE',
    });
    const root = await writeFleet({});
    await expect(startSimulator({ root })).rejects.toMatchObject({ code: 'FOLDER_UNREADABLE' });
    await writeFleetFile(root, 'a/x.log', '');
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const port = (other.address() as { port: number }).port;
    await expect(startSimulator({ root, port })).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
    other.close();
    await rm(root, { recursive: true });
  });
});

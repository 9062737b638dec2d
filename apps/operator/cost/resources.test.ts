import { describe, expect, test } from '@jest/globals';
import { MONTH_HOURS, sum } from './line.ts';
import type { Resource } from './resource.ts';
import { linesOf, RESOURCE_TYPES } from './resources.ts';

/** A reference as Terraform writes it. */
const expression = (inside: string) => `$\{${inside}}`;
const make = (type: string, properties: Record<string, unknown> = {}): Resource => ({ type, id: 'it', properties });
const around = (resources: Resource[] = []) => ({ resources, awakeHours: MONTH_HOURS / 2, fixedNodes: 2 });
const cost = (resource: Resource, others: Resource[] = []) => sum(linesOf(resource, around(others)));

describe('what resources cost by themselves', () => {
  test('a type that nobody priced is refused by name, never taken for free', () => {
    expect(() => linesOf(make('aws_msk_cluster'), around())).toThrow('aws_msk_cluster (it) has no price');
  });

  test('each type has a price, a section whose flows price it, or a reason to be free', () => {
    for (const [type, pricing] of Object.entries(RESOURCE_TYPES)) {
      if ('free' in pricing) expect({ type, reason: pricing.free.length > 10 }).toEqual({ type, reason: true });
    }
    expect(Object.keys(RESOURCE_TYPES).length).toBeGreaterThan(100);
  });

  test('a control plane is 73 a month', () => expect(cost(make('aws_eks_cluster')).onDemand).toBeCloseTo(73, 6));

  test('an interface endpoint pays for each zone, a gateway endpoint nothing', () => {
    const rds = {
      vpc_endpoint_type: 'Interface',
      service_name: 'com.amazonaws.eu-central-1.rds',
      subnet_ids: [1, 2, 3],
    };
    expect(cost(make('aws_vpc_endpoint', rds)).onDemand).toBeCloseTo(21.9, 6);
    expect(cost(make('aws_vpc_endpoint', { vpc_endpoint_type: 'Gateway' })).onDemand).toBe(0);
  });

  test('spot nodes that sleep half the month pay half of the lower price, and their disk', () => {
    const template: Resource = {
      type: 'aws_launch_template',
      id: 'nodes',
      properties: { block_device_mappings: [{ ebs: { volume_size: 4 } }, { ebs: { volume_size: 46 } }] },
    };
    const group = make('aws_eks_node_group', {
      instance_types: ['t4g.large'],
      capacity_type: 'SPOT',
      launch_template: { id: expression('aws_launch_template.nodes.id') },
    });
    const { onDemand, spot } = cost(group, [template]);
    expect(onDemand).toBeCloseTo(MONTH_HOURS * 0.0672 + 50 * 0.08, 6);
    expect(spot).toBeCloseTo(MONTH_HOURS * 0.0672 * 0.55 + 50 * 0.08, 6);
  });

  test('savings plans lower what is steady and leave spot as it is', () => {
    const steady = make('aws_eks_node_group', {
      instance_types: ['m7g.large'],
      capacity_type: 'ON_DEMAND',
      disk_size: 0,
    });
    const { onDemand, spot, committed } = cost(steady);
    expect(spot).toBe(onDemand);
    expect(committed).toBeCloseTo(onDemand * 0.72, 6);
  });

  test('an Aurora cluster that pauses pays for the hours it is awake, one that does not for its least capacity', () => {
    const cluster = (least: number): Resource => ({
      type: 'aws_rds_cluster',
      id: 'source',
      properties: { serverlessv2_scaling_configuration: { min_capacity: least } },
    });
    const instance = make('aws_rds_cluster_instance', {
      instance_class: 'db.serverless',
      cluster_identifier: expression('aws_rds_cluster.source.id'),
    });
    expect(cost(instance, [cluster(0)]).onDemand).toBeCloseTo(40 * 0.12, 6);
    expect(cost(instance, [cluster(2)]).onDemand).toBeCloseTo(MONTH_HOURS * 0.12, 6);
  });

  test('two zones of PostgreSQL cost twice one', () => {
    const database = { instance_class: 'db.t4g.small', allocated_storage: 20 };
    const single = cost(make('aws_db_instance', database)).onDemand;
    expect(cost(make('aws_db_instance', { ...database, multi_az: true })).onDemand).toBeCloseTo(2 * single, 6);
  });

  test('an instance class or node type without a price is refused', () => {
    expect(() => cost(make('aws_dax_cluster', { node_type: 'dax.r9.huge' }))).toThrow('dax.dax.r9.huge');
  });
});

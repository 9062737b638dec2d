import type { Fleet, SimulatedInstance } from './model/fleet.ts';
import { inferResourceId } from './model/fleet.ts';
import { currentName } from './model/generation.ts';
import type { LogApi } from './model/log-api.ts';
import { maxRecords, pageOf } from './model/paging.ts';
import { RdsError } from './model/rds-error.ts';
import type { XmlContent } from './xml.ts';

/** The parameters of a call, as the query protocol carries them. */
export interface CallParameters {
  text(name: string): string | undefined;
  required(name: string): string;
  /** An integer; InvalidParameterValue when it is none. */
  integer(name: string): number | undefined;
  /** `Filters.Filter.N`: name to values. */
  filters(): ReadonlyMap<string, readonly string[]>;
}

type Result = { readonly [name: string]: XmlContent };
type Operation = (parameters: CallParameters) => Promise<Result>;

/** The operations of the RDS API that the simulator answers, by action. */
export function createOperations(fleet: Fleet, api: LogApi): ReadonlyMap<string, Operation> {
  return new Map<string, Operation>([
    ['DescribeDBClusters', (parameters) => describeClusters(fleet, parameters)],
    ['DescribeDBInstances', (parameters) => describeInstances(fleet, parameters)],
    [
      'DescribeDBClusterParameters',
      (parameters) => describeParameters(fleet, parameters, 'DBClusterParameterGroupName'),
    ],
    ['DescribeDBParameters', (parameters) => describeParameters(fleet, parameters, 'DBParameterGroupName')],
    ['DescribeDBLogFiles', (parameters) => describeLogFiles(api, parameters)],
    ['DownloadDBLogFilePortion', (parameters) => downloadPortion(api, parameters)],
  ]);
}

async function describeLogFiles(api: LogApi, parameters: CallParameters): Promise<Result> {
  const page = await api.describeLogFiles({
    instanceId: parameters.required('DBInstanceIdentifier'),
    filenameContains: parameters.text('FilenameContains'),
    fileLastWritten: parameters.integer('FileLastWritten'),
    fileSize: parameters.integer('FileSize'),
    marker: parameters.text('Marker'),
    maxRecords: parameters.integer('MaxRecords'),
  });
  const rows = page.items.map((file) => ({
    LogFileName: currentName(file),
    LastWritten: file.lastWritten,
    Size: file.size,
  }));
  return { DescribeDBLogFiles: { DescribeDBLogFilesDetails: rows }, Marker: page.marker };
}

async function downloadPortion(api: LogApi, parameters: CallParameters): Promise<Result> {
  const portion = await api.downloadPortion({
    instanceId: parameters.required('DBInstanceIdentifier'),
    fileName: parameters.required('LogFileName'),
    marker: parameters.text('Marker'),
    lines: parameters.integer('NumberOfLines'),
  });
  return { LogFileData: portion.data, Marker: portion.marker, AdditionalDataPending: portion.pending };
}

async function describeInstances(fleet: Fleet, parameters: CallParameters): Promise<Result> {
  const id = parameters.text('DBInstanceIdentifier')?.replace(/^arn:.*:db:/, '');
  const filters = parameters.filters();
  const found = (await fleet.instances()).filter(
    (instance) =>
      (id === undefined || instance.instanceId === id) &&
      passes(filters, {
        'db-cluster-id': instance.clusterId,
        'db-instance-id': instance.instanceId,
        'dbi-resource-id': instance.resourceId,
        engine: instance.engine,
      }),
  );
  if (id !== undefined && found.length === 0) throw new RdsError('DBInstanceNotFound', `DBInstance ${id} not found.`);
  const size = maxRecords(parameters.integer('MaxRecords'));
  const page = pageOf(found, (instance) => instance.instanceId, parameters.text('Marker'), size);
  return {
    DBInstances: { DBInstance: page.items.map((instance) => instanceXml(fleet, instance)) },
    Marker: page.marker,
  };
}

function instanceXml(fleet: Fleet, instance: SimulatedInstance): Result {
  return {
    DBInstanceIdentifier: instance.instanceId,
    DBInstanceArn: `arn:aws:rds:${fleet.region}:${fleet.accountId}:db:${instance.instanceId}`,
    DbiResourceId: instance.resourceId,
    DBClusterIdentifier: instance.clusterId,
    DBInstanceClass: 'db.r7g.large',
    DBInstanceStatus: instance.status,
    Engine: instance.engine,
    DBParameterGroups: {
      DBParameterGroup: { DBParameterGroupName: `${instance.instanceId}-parameters`, ParameterApplyStatus: 'in-sync' },
    },
    TagList: { Tag: tagsXml(instance.tags) },
  };
}

async function describeClusters(fleet: Fleet, parameters: CallParameters): Promise<Result> {
  const id = parameters.text('DBClusterIdentifier')?.replace(/^arn:.*:cluster:/, '');
  const filters = parameters.filters();
  const clusters = [...Map.groupBy(await fleet.instances(), (instance) => instance.clusterId)]
    .map(([clusterId, members]) => ({ clusterId, members, first: members[0] as SimulatedInstance }))
    .filter(
      ({ clusterId, first }) =>
        (id === undefined || clusterId === id) &&
        passes(filters, {
          'db-cluster-id': clusterId,
          'db-cluster-resource-id': inferResourceId(clusterId, 'cluster'),
          engine: first.engine,
        }),
    );
  if (id !== undefined && clusters.length === 0) {
    throw new RdsError('DBClusterNotFoundFault', `DBCluster ${id} not found.`);
  }
  const size = maxRecords(parameters.integer('MaxRecords'));
  const page = pageOf(clusters, (cluster) => cluster.clusterId, parameters.text('Marker'), size);
  return {
    DBClusters: {
      DBCluster: page.items.map(({ clusterId, members, first }) => ({
        DBClusterIdentifier: clusterId,
        DBClusterArn: `arn:aws:rds:${fleet.region}:${fleet.accountId}:cluster:${clusterId}`,
        DbClusterResourceId: inferResourceId(clusterId, 'cluster'),
        DBClusterParameterGroup: `${clusterId}-cluster-parameters`,
        Engine: first.engine,
        Status: 'available',
        DBClusterMembers: {
          DBClusterMember: members.map((member, index) => ({
            DBInstanceIdentifier: member.instanceId,
            IsClusterWriter: index === 0,
            DBClusterParameterGroupStatus: 'in-sync',
          })),
        },
        TagList: { Tag: tagsXml(first.tags) },
      })),
    },
    Marker: page.marker,
  };
}

/** A cluster's group holds what its first instance has: the simulator keeps parameters per instance. */
async function describeParameters(
  fleet: Fleet,
  parameters: CallParameters,
  groupField: 'DBParameterGroupName' | 'DBClusterParameterGroupName',
): Promise<Result> {
  const group = parameters.required(groupField);
  const owner = (await fleet.instances()).find((instance) =>
    groupField === 'DBParameterGroupName'
      ? `${instance.instanceId}-parameters` === group
      : `${instance.clusterId}-cluster-parameters` === group,
  );
  if (!owner) throw new RdsError('DBParameterGroupNotFound', `DBParameterGroup ${group} not found.`);
  const size = maxRecords(parameters.integer('MaxRecords'));
  const page = pageOf(Object.entries(owner.parameters), ([name]) => name, parameters.text('Marker'), size);
  const rows = page.items.map(([name, value]) => ({ ParameterName: name, ParameterValue: value, Source: 'user' }));
  return { Parameters: { Parameter: rows }, Marker: page.marker };
}

function passes(filters: ReadonlyMap<string, readonly string[]>, values: Readonly<Record<string, string>>): boolean {
  return [...filters].every(([name, wanted]) => {
    const value = values[name];
    if (value === undefined) throw new RdsError('InvalidParameterValue', `Unrecognized filter name: ${name}`);
    return wanted.includes(value);
  });
}

function tagsXml(tags: Readonly<Record<string, string>>): Result[] {
  return Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }));
}

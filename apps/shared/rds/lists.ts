import type { DBCluster, DBInstance, DescribeDBLogFilesDetails, Parameter, Tag } from '@aws-sdk/client-rds';
import type { DbInstance, ListedFile } from '../log-file.ts';

/** Parameters that change which logs there are and how they read. */
export const PARAMETERS = [
  'log_line_prefix',
  'log_output',
  'log_destination',
  'log_timezone',
  'long_query_time',
  'server_audit_logging',
];
const NAMES = new Set(PARAMETERS);

/**
 * The Aurora instances among those that RDS lists (DocumentDB and Neptune are in the same list). Tags of the cluster
 * hold for its instances, where these have no tag of that name.
 */
export function auroraInstances(
  region: string,
  instances: readonly DBInstance[],
  clusters: readonly DBCluster[],
): DbInstance[] {
  const tagsOfCluster = new Map(clusters.map((cluster) => [cluster.DBClusterIdentifier, tagRecord(cluster.TagList)]));
  return instances.flatMap((instance) => {
    const { DbiResourceId: resourceId, DBInstanceIdentifier: instanceId, Engine: engine } = instance;
    // arn:aws:rds:<region>:<account>:db:<name>
    const accountId = instance.DBInstanceArn?.split(':')[4];
    if (!engine?.startsWith('aurora') || !resourceId || !instanceId || !accountId) return [];
    const tags = { ...tagsOfCluster.get(instance.DBClusterIdentifier), ...tagRecord(instance.TagList) };
    return {
      accountId,
      region,
      resourceId,
      instanceId,
      clusterId: instance.DBClusterIdentifier ?? '',
      engine,
      status: instance.DBInstanceStatus ?? '',
      tags,
    };
  });
}

function tagRecord(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Rows of DescribeDBLogFiles; every field of a row may be missing, and a row without a name is no file. */
export function listedFiles(details: readonly DescribeDBLogFilesDetails[]): ListedFile[] {
  return details.flatMap(({ LogFileName: name, Size: size = 0, LastWritten: lastWritten = 0 }) =>
    name ? { name, size, lastWritten } : [],
  );
}

/**
 * The values in force of the parameters named above, whatever else was listed. An instance's parameter group wins over its cluster's, but a default of either never wins over
 * a value that someone set ("Working with parameter groups", Amazon Aurora User Guide).
 */
export function effectiveParameters(
  ofCluster: readonly Parameter[],
  ofInstance: readonly Parameter[],
): Record<string, string> {
  const all = [...ofCluster, ...ofInstance].filter(({ ParameterName = '' }) => NAMES.has(ParameterName));
  const isSet = (parameter: Parameter) => parameter.Source === 'user';
  return Object.fromEntries(
    [...all.filter((parameter) => !isSet(parameter)), ...all.filter(isSet)].flatMap(
      ({ ParameterName: name, ParameterValue: value }) =>
        name !== undefined && value !== undefined ? [[name, value]] : [],
    ),
  );
}

import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DescribeDBParametersCommand,
  type Parameter,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { isFailure } from '../failure.ts';
import type { DbInstance } from '../log-file.ts';
import type { LogSource } from '../ports/log-source.ts';
import type { RdsAction, RdsCall } from './call.ts';
import type { Caller } from './caller.ts';
import { withDeadline } from './deadline.ts';
import type { RdsLimits } from './limits.ts';
import { auroraInstances, effectiveParameters, listedFiles, PARAMETERS } from './lists.ts';
import { allPages, type Page } from './pages.ts';

export interface DescribeOptions {
  readonly region: string;
  readonly client: RDSClient;
  readonly caller: Caller;
  readonly limits: RdsLimits;
}

/** The half of the log source that asks what there is, through the SDK. */
export function createDescribe(options: DescribeOptions): Pick<LogSource, 'instances' | 'files' | 'parameters'> {
  const { region, client, caller, limits } = options;

  /** All pages of one listing; each page is a call of its own. */
  function list<T>(
    action: RdsAction,
    instance: DbInstance | undefined,
    signal: AbortSignal,
    page: (marker: { Marker?: string }, abort: { abortSignal: AbortSignal }) => Promise<Page<T>>,
  ): Promise<T[]> {
    const call: RdsCall = { action, region, ...(instance !== undefined && { instanceId: instance.instanceId }) };
    return allPages(`rds:${action}`, limits.pages, (marker) =>
      caller.call(call, signal, async () => {
        const result = await withDeadline(signal, limits.listTimeoutMs, (abortSignal) =>
          page(marker === undefined ? {} : { Marker: marker }, { abortSignal }),
        );
        return { result, bytes: 0 };
      }),
    );
  }

  const instances = (signal: AbortSignal, only?: DbInstance) =>
    list('DescribeDBInstances', only, signal, async (marker, abort) => {
      const input = { ...marker, ...(only !== undefined && { DBInstanceIdentifier: only.instanceId }) };
      const answer = await client.send(new DescribeDBInstancesCommand(input), abort);
      return { items: answer.DBInstances, marker: answer.Marker };
    });

  const clusters = (signal: AbortSignal, of?: DbInstance) =>
    list('DescribeDBClusters', of, signal, async (marker, abort) => {
      const input = { ...marker, ...(of !== undefined && { DBClusterIdentifier: of.clusterId }) };
      const answer = await client.send(new DescribeDBClustersCommand(input), abort);
      return { items: answer.DBClusters, marker: answer.Marker };
    });

  const filter = { Filters: [{ Name: 'parameter-name', Values: PARAMETERS }] };

  async function clusterParameters(instance: DbInstance, signal: AbortSignal): Promise<Parameter[]> {
    const [cluster] = instance.clusterId === '' ? [] : await clusters(signal, instance);
    const group = cluster?.DBClusterParameterGroup;
    if (group === undefined) return [];
    return list('DescribeDBClusterParameters', instance, signal, async (marker, abort) => {
      const input = { ...marker, ...filter, DBClusterParameterGroupName: group };
      const answer = await client.send(new DescribeDBClusterParametersCommand(input), abort);
      return { items: answer.Parameters, marker: answer.Marker };
    });
  }

  async function instanceParameters(instance: DbInstance, signal: AbortSignal): Promise<Parameter[]> {
    const [described] = await instances(signal, instance);
    const group = described?.DBParameterGroups?.[0]?.DBParameterGroupName;
    if (group === undefined) return [];
    return list('DescribeDBParameters', instance, signal, async (marker, abort) => {
      const input = { ...marker, ...filter, DBParameterGroupName: group };
      const answer = await client.send(new DescribeDBParametersCommand(input), abort);
      return { items: answer.Parameters, marker: answer.Marker };
    });
  }

  return {
    async instances(signal) {
      return auroraInstances(region, await instances(signal), await clusters(signal));
    },
    async files(instance, { contains, writtenSince }, signal) {
      const input = {
        DBInstanceIdentifier: instance.instanceId,
        ...(contains !== undefined && { FilenameContains: contains }),
        ...(writtenSince !== undefined && { FileLastWritten: writtenSince }),
      };
      const details = await list('DescribeDBLogFiles', instance, signal, async (marker, abort) => {
        const answer = await client.send(new DescribeDBLogFilesCommand({ ...input, ...marker }), abort);
        return { items: answer.DescribeDBLogFiles, marker: answer.Marker };
      });
      return listedFiles(details);
    },
    async parameters(instance, signal) {
      const ofCluster = await readable(clusterParameters(instance, signal));
      const ofInstance = await readable(instanceParameters(instance, signal));
      return effectiveParameters(ofCluster, ofInstance);
    },
  };
}

/** What may not be read counts as not known: logs are read all the same, with the engine's defaults. */
async function readable(parameters: Promise<Parameter[]>): Promise<Parameter[]> {
  try {
    return await parameters;
  } catch (error) {
    if (isFailure(error, 'ACCESS_DENIED')) return [];
    throw error;
  }
}

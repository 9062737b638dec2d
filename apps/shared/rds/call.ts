/** The calls we make, by the names that IAM knows them by (`rds:<action>`). */
export type RdsAction =
  | 'DescribeDBClusters'
  | 'DescribeDBInstances'
  | 'DescribeDBLogFiles'
  | 'DescribeDBClusterParameters'
  | 'DescribeDBParameters'
  | 'DownloadDBLogFilePortion'
  | 'DownloadCompleteDBLogFile';

/** What a call is about, for messages and log fields. */
export interface RdsCall {
  readonly action: RdsAction;
  readonly region: string;
  readonly instanceId?: string;
  readonly fileName?: string;
}

/** `log file X of instance Y`, `instance Y`, or `region Z`. */
export function subjectOf(call: RdsCall): string {
  if (call.instanceId === undefined) return `region ${call.region}`;
  if (call.fileName === undefined) return `instance ${call.instanceId}`;
  return `log file ${call.fileName} of instance ${call.instanceId}`;
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Release } from '@cdktf/provider-helm/lib/release/index.js';
import { AssetType, Fn, type ITerraformDependable, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';

export interface ChartReleaseProps {
  readonly name: string;
  readonly namespace: string;
  /** Folder of the chart, with its dependencies vendored. */
  readonly chart: string;
  /** Values of the chart; may hold what is known only after the deployment, never a secret. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Holds what cannot be rolled back by deleting it: a failed first installation stays for a look. */
  readonly stateful: boolean;
  /** Seconds that Helm waits until everything is ready. */
  readonly timeoutSeconds: number;
  readonly dependsOn: ITerraformDependable[];
}

/** A local chart as a Helm release. Any change of a file of the chart changes its path, and so upgrades the release. */
export class ChartRelease extends Construct {
  /** What later releases wait for. */
  readonly release: Release;

  constructor(scope: Construct, id: string, props: ChartReleaseProps) {
    super(scope, id);
    const chart = new TerraformAsset(this, 'chart', {
      path: props.chart,
      type: AssetType.DIRECTORY,
      assetHash: folderHash(props.chart),
    });
    this.release = new Release(this, 'release', {
      name: props.name,
      namespace: props.namespace,
      chart: chart.path,
      values: [Fn.yamlencode(props.values)],
      timeout: props.timeoutSeconds,
      wait: true,
      waitForJobs: true,
      atomic: !props.stateful,
      cleanupOnFail: props.stateful,
      maxHistory: 5,
      lint: true,
      dependsOn: props.dependsOn,
    });
  }
}

/** sha-256 over the names and contents of all files of a folder: changes when a file changes, moves or is renamed. */
export function folderHash(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: relative(folder, path).split(sep).join('/') }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const { path, name } of files) {
    const content = readFileSync(path);
    hash.update(`${name.length}:${name}${content.length}:`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

import { join } from 'node:path';
import { Namespace } from '@cdktf/provider-kubernetes/lib/namespace/index.js';
import { StorageClass } from '@cdktf/provider-kubernetes/lib/storage-class/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ChartRelease } from './chart-release.ts';

export interface ChartSettings {
  /** Folder of the chart. */
  readonly chart: 'platform' | 'kafka' | 'openobserve' | 'discovery' | 'processor' | 'observability';
  readonly namespace: string;
  /** Values beside those of the chart itself. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface ReleasesProps {
  /** Pod security level that each namespace enforces; all of them audit and warn by `restricted`. */
  readonly namespaces: Readonly<Record<string, 'restricted' | 'baseline' | 'privileged'>>;
  /** The charts in the order of installation; each waits for the one before. */
  readonly charts: readonly ChartSettings[];
  /** The folder that holds the charts, one folder each. */
  readonly chartsFolder: string;
  /** Tags of the volumes that are made for claims. */
  readonly volumeTags: Readonly<Record<string, string>>;
  /** Nodes, add-ons, roles, access: everything a pod needs. Also destroyed after all releases. */
  readonly dependsOn: ITerraformDependable[];
}

const STATEFUL = ['kafka', 'openobserve'];
const TIMEOUT_SECONDS = 900;

/** What runs in the cluster: namespaces with their pod security standard, encrypted volumes, charts in order. */
export class Releases extends Construct {
  constructor(scope: Construct, id: string, props: ReleasesProps) {
    super(scope, id);
    let previous: ITerraformDependable[] = [...this.namespaces(props), this.storageClass(props)];
    for (const settings of props.charts) {
      const { release } = new ChartRelease(this, settings.chart, {
        name: settings.chart,
        namespace: settings.namespace,
        chart: join(props.chartsFolder, settings.chart),
        values: settings.values,
        stateful: STATEFUL.includes(settings.chart),
        timeoutSeconds: TIMEOUT_SECONDS,
        dependsOn: [...props.dependsOn, ...previous],
      });
      previous = [release];
    }
  }

  private namespaces(props: ReleasesProps): Namespace[] {
    return Object.entries(props.namespaces).map(
      ([name, enforce]) =>
        new Namespace(this, name, {
          metadata: {
            name,
            labels: {
              'pod-security.kubernetes.io/enforce': enforce,
              'pod-security.kubernetes.io/audit': 'restricted',
              'pod-security.kubernetes.io/warn': 'restricted',
            },
          },
          dependsOn: props.dependsOn,
        }),
    );
  }

  private storageClass(props: ReleasesProps): StorageClass {
    return new StorageClass(this, 'gp3', {
      metadata: { name: 'gp3', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      storageProvisioner: 'ebs.csi.aws.com',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
      reclaimPolicy: 'Delete',
      parameters: {
        type: 'gp3',
        encrypted: 'true',
        ...Object.fromEntries(
          Object.entries(props.volumeTags).map(([key, value], index) => [
            `tagSpecification_${index + 1}`,
            `${key}=${value}`,
          ]),
        ),
      },
      dependsOn: props.dependsOn,
    });
  }
}

import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { resourcesOf } from '../stacks/testing/synthesize.ts';
import { folderHash } from './chart-release.ts';
import { type ChartSettings, Releases } from './releases.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aurora-logs-charts-'));
  for (const chart of ['kafka', 'discovery']) {
    mkdirSync(join(folder, chart, 'templates'), { recursive: true });
    writeFileSync(join(folder, chart, 'Chart.yaml'), `apiVersion: v2\nname: ${chart}\nversion: 0.1.0\n`);
    writeFileSync(join(folder, chart, 'templates/a.yaml'), 'kind: ConfigMap\n');
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const CHARTS: ChartSettings[] = [
  { chart: 'kafka', namespace: 'aurora-logs-kafka', values: { brokers: 1 } },
  { chart: 'discovery', namespace: 'aurora-logs', values: {} },
];

function release(charts: readonly ChartSettings[]) {
  return resourcesOf((scope) => {
    new Releases(scope, 'releases', {
      namespaces: { 'aurora-logs': 'restricted' },
      charts,
      chartsFolder: folder,
      volumeTags: { owner: 'us' },
      dependsOn: [],
    });
  });
}

describe('releases', () => {
  test('install charts in order, each after the one before', () => {
    const [discovery, kafka] = release(CHARTS)['helm_release'] ?? [];
    expect(kafka).toMatchObject({ name: 'kafka', namespace: 'aurora-logs-kafka', wait: true, max_history: 5 });
    expect(JSON.stringify(kafka?.['depends_on'])).toContain('kubernetes_storage_class');
    expect(JSON.stringify(discovery?.['depends_on'])).toContain('helm_release.releases_kafka');
  });

  test('roll an app back when it fails, and keep a half-made store for a look', () => {
    const [discovery, kafka] = release(CHARTS)['helm_release'] ?? [];
    expect(kafka).toMatchObject({ atomic: false, cleanup_on_fail: true });
    expect(discovery).toMatchObject({ atomic: true });
  });

  test('upgrade when any file of a chart changes, and only then', () => {
    const path = () => release(CHARTS)['helm_release']?.map((one) => one['chart']);
    const first = path();
    expect(path()).toEqual(first);
    writeFileSync(join(folder, 'discovery/templates/a.yaml'), 'kind: Secret\n');
    const second = path();
    expect(second?.[0]).not.toBe(first?.[0]);
    expect(second?.[1]).toBe(first?.[1]);
  });

  test('a file that only moves is a change too', () => {
    const copy = join(folder, 'copy');
    cpSync(join(folder, 'kafka'), copy, { recursive: true });
    expect(folderHash(copy)).toBe(folderHash(join(folder, 'kafka')));
    renameSync(join(copy, 'templates/a.yaml'), join(copy, 'templates/b.yaml'));
    expect(folderHash(copy)).not.toBe(folderHash(join(folder, 'kafka')));
  });

  test('namespaces enforce their level and volumes are encrypted and tagged', () => {
    const found = release([]);
    expect(found['helm_release']).toBeUndefined();
    expect(found['kubernetes_namespace']).toMatchObject([
      { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
    ]);
    expect(found['kubernetes_storage_class']).toMatchObject([
      { parameters: { type: 'gp3', encrypted: 'true', tagSpecification_1: 'owner=us' } },
    ]);
  });

  test('a chart that is not there stops the synthesis', () => {
    expect(() => release([{ chart: 'processor', namespace: 'aurora-logs', values: {} }])).toThrow(/ENOENT/);
  });
});

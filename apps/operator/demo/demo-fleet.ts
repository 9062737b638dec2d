import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface FleetFile {
  readonly accountId?: string;
  readonly region?: string;
  readonly instances?: Record<string, { cluster?: string; [field: string]: unknown }>;
}

/**
 * Makes a fleet of `count` instances in a temporary folder, each with the logs of one of the source's instances; the
 * clusters get as many members as it takes. The caller removes the folder.
 */
export async function makeDemoFleet(source: string, count: number): Promise<string> {
  const fleet = await readFleet(source);
  const entries = await readdir(source, { withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const root = await mkdtemp(join(tmpdir(), 'aurora-logs-demo-'));
  const members = new Map<string, number>();
  const instances: Record<string, unknown> = {};
  for (let made = 0; made < count && sources.length > 0; made += 1) {
    const from = sources[made % sources.length] as string;
    // A resource id belongs to one instance; without it the simulator makes one from the name.
    const { resourceId: _, cluster = from.replace(/-\d+$/, ''), ...rest } = fleet.instances?.[from] ?? {};
    const member = (members.get(cluster) ?? 0) + 1;
    members.set(cluster, member);
    instances[`${cluster}-${member}`] = { cluster, ...rest };
    await cp(join(source, from), join(root, `${cluster}-${member}`), { recursive: true });
  }
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'fleet.json'), JSON.stringify({ ...fleet, instances }));
  return root;
}

async function readFleet(source: string): Promise<FleetFile> {
  const text = await readFile(join(source, 'fleet.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text) as FleetFile;
}

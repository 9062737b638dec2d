import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../shared/failure.ts';
import { readFleetFile } from '../../simulator/fleet-file.ts';
import { listInstanceFolders } from '../../simulator/folder.ts';

/**
 * Makes a fleet of `count` instances in a temporary folder, each with the logs of one of the source's instances; the
 * clusters get as many members as it takes. The caller removes the folder. Fails as the simulator does for the source:
 * FOLDER_UNREADABLE, CONFIG_INVALID.
 */
export async function makeDemoFleet(source: string, count: number): Promise<string> {
  const fleet = await readFleetFile(source);
  const sources = await listInstanceFolders(source);
  if (sources.length === 0) {
    throw new Failure('FOLDER_UNREADABLE', `${source} holds no folder: expected <instance id>/<log file name> there.`);
  }
  const root = await mkdtemp(join(tmpdir(), 'aurora-logs-demo-'));
  try {
    const members = new Map<string, number>();
    const instances: Record<string, unknown> = {};
    for (let made = 0; made < count; made += 1) {
      const from = sources[made % sources.length] as string;
      // A resource id belongs to one instance; without it the simulator makes one from the name.
      const { resourceId: _, cluster = from.replace(/-\d+$/, ''), ...rest } = fleet.instances[from] ?? {};
      const member = (members.get(cluster) ?? 0) + 1;
      members.set(cluster, member);
      instances[`${cluster}-${member}`] = { cluster, ...rest };
      await cp(join(source, from), join(root, `${cluster}-${member}`), { recursive: true });
    }
    await writeFile(join(root, 'fleet.json'), JSON.stringify({ ...fleet, instances }));
    return root;
  } catch (error) {
    await rm(root, { recursive: true });
    throw error;
  }
}

import { Failure } from '../../shared/failure.ts';
import type { DbInstance } from '../../shared/log-file.ts';
import type { LogSource } from '../../shared/ports/log-source.ts';
import type { Faults } from '../../simulator/model/faults.ts';
import type { Fleet } from '../../simulator/model/fleet.ts';
import { currentName } from '../../simulator/model/generation.ts';
import { createLogApi } from '../../simulator/model/log-api.ts';
import { RdsError } from '../../simulator/model/rds-error.ts';

const CODES: Readonly<Record<string, ConstructorParameters<typeof Failure>[0]>> = {
  DBLogFileNotFoundFault: 'LOG_FILE_GONE',
  DBInstanceNotFound: 'INSTANCE_NOT_FOUND',
  DBInstanceNotReady: 'INSTANCE_NOT_READY',
  InvalidParameterValue: 'LOG_FILE_BINARY',
};

/** The `LogSource` straight over the simulator's model: the same quirks, without HTTP. */
export function createModelSource(options: {
  fleet: Fleet;
  faults: Faults;
  now: () => number;
  chunkBytes?: number;
}): LogSource {
  const { fleet, faults, now, chunkBytes = 64 * 1024 } = options;
  const api = createLogApi({ fleet, faults, now, pageSize: 1000, cutBytes: 'skip' });
  const translated = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof RdsError)) throw error;
      throw new Failure(CODES[error.code] ?? 'UPSTREAM_UNAVAILABLE', error.message, { cause: error });
    }
  };
  return {
    instances: async () =>
      (await fleet.instances()).map(
        (one): DbInstance => ({ ...one, accountId: fleet.accountId, region: fleet.region }),
      ),
    files: (instance) =>
      translated(async () => {
        const page = await api.describeLogFiles({ instanceId: instance.instanceId });
        return page.items.map((file) => ({ name: currentName(file), size: file.size, lastWritten: file.lastWritten }));
      }),
    parameters: async () => ({}),
    portion: (instance, request) =>
      translated(async () => {
        const answer = await api.downloadPortion({ instanceId: instance.instanceId, ...request });
        return { ...answer, data: answer.data ?? Buffer.alloc(0) };
      }),
    async *whole(instance, fileName) {
      const { generation, reader } = await translated(() => api.openComplete(instance.instanceId, fileName));
      const size = generation.size;
      const brokenAt = faults.strikes('brokenStream') ? faults.draw('brokenStream', size + 1) : size + 1;
      try {
        for (let at = 0; at < size; ) {
          if (at >= brokenAt) throw new Failure('UPSTREAM_UNAVAILABLE', 'the stream broke');
          const bytes = await reader.read(at, Math.min(chunkBytes, size - at));
          at += bytes.length;
          yield bytes;
        }
      } finally {
        await reader.close();
      }
    },
  };
}

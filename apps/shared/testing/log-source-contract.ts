import { describe, expect, it } from '@jest/globals';
import type { DbInstance } from '../log-file.ts';
import type { LogSource } from '../ports/log-source.ts';

/** A log source over the files that a test gives, and the way to end it. */
export interface LogSourceUnderTest {
  readonly source: LogSource;
  close(): Promise<void>;
}

/** Keys are `<instance id>/<file name as RDS shows it>`; `fleet.json` may say more, as the simulator's README tells. */
export type FleetFiles = Readonly<Record<string, string | Uint8Array>>;

const never = new AbortController().signal;
const SLOW_LOG = 'slowquery/mysql-slowquery.log';
const NOT_THERE = 'error/not-there.log';

/** Everything that breaks what is not careful with bytes. NUL is apart: portions refuse it. */
const HOSTILE: FleetFiles = {
  'orders-1/error/crlf.log': 'a\r\nb\rc\r\n\r\n',
  'orders-1/error/newlines.log': '\n\n \n',
  'orders-1/error/no-final-newline.log': 'one\ntwo',
  'orders-1/error/entities.log':
    '&lt;a&gt; &amp;amp; "q" \'s\' <![CDATA[x]]> &#13; </LogFileData><Marker>9:9</Marker>\n',
  'orders-1/error/invalid-utf8.log': Buffer.from([0xff, 0xfe, 0xc3, 0x0a, 0xe2, 0x82, 0x0a]),
  'orders-1/error/control.log': Buffer.from(Array.from({ length: 255 }, (_, i) => i + 1)),
  'orders-1/error/astral.log': '😀 €\n'.repeat(1000),
  'orders-1/error/empty.log': '',
  'orders-1/error/notice.log': 'x\n [Your log message was truncated]\ny\n',
  'orders-1/error/big.log': 'SELECT "a" FROM `t` WHERE x < 5 AND y = \'z\' & 1;\n'.repeat(60_000),
};

/** What every implementation of `LogSource` promises. `open` serves the given files and nothing else. */
export function describeLogSource(name: string, open: (files: FleetFiles) => Promise<LogSourceUnderTest>): void {
  async function using(files: FleetFiles, use: (source: LogSource) => Promise<void>): Promise<void> {
    const under = await open(files);
    try {
      await use(under.source);
    } finally {
      await under.close();
    }
  }

  describe(`${name} as log source`, () => {
    it('lists every instance once, with what identifies it', async () => {
      const files = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`db-${i}/${SLOW_LOG}`, '']));
      await using(files, async (source) => {
        const instances = await source.instances(never);
        expect(new Set(instances.map(({ instanceId }) => instanceId)).size).toBe(130);
        expect(new Set(instances.map(({ resourceId }) => resourceId)).size).toBe(130);
        for (const { accountId, engine, clusterId } of instances) {
          expect({ accountId, engine, clusterId }).toEqual({
            accountId: expect.stringMatching(/^\d{12}$/),
            engine: 'aurora-mysql',
            clusterId: expect.stringMatching(/./),
          });
        }
      });
    });

    it('lists every file of an instance with its size, on however many pages', async () => {
      const names = Array.from({ length: 45 }, (_, i) => `error/mysql-error-running.log.2026-01-01.${i}`);
      const files = Object.fromEntries(names.map((file, i) => [`orders-1/${file}`, 'x'.repeat(i)]));
      await using({ ...files, [`other-1/${SLOW_LOG}`]: 'other' }, async (source) => {
        const listed = await source.files(await only(source, 'orders-1'), {}, never);
        expect(listed.map((file) => file.name).sort()).toEqual([...names].sort());
        for (const file of listed) expect(file.size).toBe(names.indexOf(file.name));
      });
    });

    it('narrows a listing by name and by time of the last write', async () => {
      await using({ [`orders-1/${SLOW_LOG}`]: 'x', 'orders-1/error/mysql-error.log': 'y' }, async (source) => {
        const instance = await only(source, 'orders-1');
        expect(await source.files(instance, { contains: 'slow' }, never)).toMatchObject([{ name: SLOW_LOG }]);
        const [{ lastWritten } = { lastWritten: 0 }] = await source.files(instance, { contains: 'slow' }, never);
        expect(Math.abs(Date.now() - lastWritten)).toBeLessThan(60_000);
        expect(await source.files(instance, { writtenSince: lastWritten - 60_000 }, never)).toHaveLength(2);
        expect(await source.files(instance, { writtenSince: Date.now() + 60_000 }, never)).toEqual([]);
      });
    });

    it('reads the parameters that change how logs read, and no others', async () => {
      const fleet = { instances: { 'pg-1': { parameters: { log_line_prefix: '%m <%p> ', log_statement: 'all' } } } };
      const files = { 'fleet.json': JSON.stringify(fleet), 'pg-1/error/postgresql.log.2026-01-01-0000': 'x' };
      await using(files, async (source) => {
        expect(await source.parameters(await only(source, 'pg-1'), never)).toEqual({ log_line_prefix: '%m <%p> ' });
      });
    });

    it('serves exactly the bytes of a file, complete and in portions', async () => {
      await using(HOSTILE, async (source) => {
        const instance = await only(source, 'orders-1');
        for (const [path, content] of Object.entries(HOSTILE)) {
          const fileName = path.slice('orders-1/'.length);
          const expected = Buffer.from(content as string);
          const complete = await wholeOf(source, instance, fileName);
          const inPortions = await portionsOf(source, instance, fileName);
          expect([fileName, complete.equals(expected), inPortions.equals(expected)]).toEqual([fileName, true, true]);
        }
      });
    });

    it('refuses portions of binary data, and serves the complete file', async () => {
      const content = Buffer.from('a\0b\n');
      await using({ 'orders-1/error/nul.log': content }, async (source) => {
        const instance = await only(source, 'orders-1');
        const portion = source.portion(instance, { fileName: 'error/nul.log', marker: '0', lines: 10 }, never);
        await expect(portion).rejects.toMatchObject({ code: 'LOG_FILE_BINARY' });
        expect(await wholeOf(source, instance, 'error/nul.log')).toEqual(content);
      });
    });

    it('says what is not there: an instance, a file', async () => {
      await using({ [`orders-1/${SLOW_LOG}`]: 'x' }, async (source) => {
        const instance = await only(source, 'orders-1');
        const unknown = { ...instance, instanceId: 'no-such-instance' };
        const gone = [
          source.portion(instance, { fileName: NOT_THERE, marker: '0', lines: 1 }, never),
          wholeOf(source, instance, NOT_THERE),
        ];
        for (const call of gone) await expect(call).rejects.toMatchObject({ code: 'LOG_FILE_GONE' });
        const nowhere = [
          source.files(unknown, {}, never),
          source.portion(unknown, { fileName: SLOW_LOG, marker: '0', lines: 1 }, never),
          wholeOf(source, unknown, SLOW_LOG),
        ];
        for (const call of nowhere) await expect(call).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' });
      });
    });

    it('throws the reason of a signal that fired, whatever is asked', async () => {
      await using({ [`orders-1/${SLOW_LOG}`]: 'x' }, async (source) => {
        const instance = await only(source, 'orders-1');
        const fired = AbortSignal.abort(new Error('enough'));
        const calls = [
          source.instances(fired),
          source.files(instance, {}, fired),
          source.parameters(instance, fired),
          source.portion(instance, { fileName: SLOW_LOG, lines: 1 }, fired),
          wholeOf(source, instance, SLOW_LOG, fired),
        ];
        for (const call of calls) await expect(call).rejects.toThrow('enough');
      });
    });
  });
}

/** The instance of that name. */
export async function only(source: LogSource, instanceId: string): Promise<DbInstance> {
  const found = (await source.instances(never)).find((instance) => instance.instanceId === instanceId);
  if (found === undefined) throw new Error(`The source does not list ${instanceId}.`);
  return found;
}

export async function wholeOf(
  source: LogSource,
  instance: DbInstance,
  fileName: string,
  signal: AbortSignal = never,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source.whole(instance, fileName, signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A file that is not written to, read from its start to where nothing more comes. */
export async function portionsOf(source: LogSource, instance: DbInstance, fileName: string): Promise<Buffer> {
  const data: Buffer[] = [];
  for (let marker = '0'; ; ) {
    const portion = await source.portion(instance, { fileName, marker, lines: 10_000 }, never);
    if (portion.data.length === 0) return Buffer.concat(data);
    data.push(portion.data);
    if (!portion.marker) throw new Error(`No marker after ${marker} of ${fileName}.`);
    marker = portion.marker;
  }
}

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contextOf, ownFields, parseLog } from './testing/parse-log.ts';

const SECOND = 1772323200;

function first(prefix: string, line: string): Record<string, unknown> {
  const [record] = parseLog(Buffer.from(line), contextOf('postgresql', prefix));
  const { log_offset: _offset, log_length: _length, severity_text: severity, ...fields } = ownFields(record ?? {});
  return { severity, ...fields };
}

describe('each escape of log_line_prefix', () => {
  test.each<[prefix: string, written: string, fields: Record<string, unknown>]>([
    ['%a ', 'psql -c x ', { application_name: 'psql -c x' }],
    ['%b|', 'client backend|', { backend_type: 'client backend' }],
    ['%c:', '65f0a1b2.7375:', { session_id: '65f0a1b2.7375' }],
    ['%d ', 'shop ', { db_namespace: 'shop' }],
    ['%e:', '42P01:', { sqlstate: '42P01' }],
    ['%e:', '00000:', {}],
    ['%h:', '10.0.0.1:', { client_address: '10.0.0.1' }],
    ['%h:', 'fe80::1:', { client_address: 'fe80::1' }],
    ['%h ', 'db-client.example ', { client_host: 'db-client.example' }],
    ['%i ', 'CREATE TABLE ', { db_operation_name: 'CREATE TABLE' }],
    ['%l-%v-%x:', '12-3/45-678:', {}],
    ['%L ', '10.0.0.2 ', {}],
    ['[%p] ', '[123] ', { connection_id: 123 }],
    ['%8p|%-8p|', '     123|123     |', { connection_id: 123 }],
    ['%P,', ',', {}],
    ['%Q ', '-1234567890123456789 ', { query_id: '-1234567890123456789' }],
    ['%r ', '10.0.0.1(5432) ', { client_address: '10.0.0.1', client_port: 5432 }],
    ['%r ', '[local] ', { client_host: '[local]' }],
    ['%s ', '2026-03-01 00:00:00 UTC ', {}],
    ['%u ', 'o@b:c ', { user_name: 'o@b:c' }],
    ['%u@%d ', '[unknown]@[unknown] ', {}],
    ['100%% %z', '100% ', {}],
    ['%t ', '2026-03-01 00:00:01 UTC ', { _timestamp: (SECOND + 1) * 1e6 }],
    ['%m ', '2026-03-01 00:00:01.045 UTC ', { _timestamp: (SECOND + 1) * 1e6 + 45_000 }],
    ['%n ', `${SECOND}.007 `, { _timestamp: SECOND * 1e6 + 7000 }],
  ])('%j', (prefix, written, fields) => {
    expect(first(prefix, `${written}LOG:  hello\n`)).toEqual({ severity: 'LOG', body: 'hello', ...fields });
  });
});

describe('a prefix', () => {
  test('ends at %q for processes that are no sessions', () => {
    const prefix = '%m [%p] %q%u@%d/%a ';
    const start = '2026-03-01 00:00:00.000 UTC [7] ';
    const shared = { severity: 'LOG', _timestamp: SECOND * 1e6, connection_id: 7 };
    expect(first(prefix, `${start}LOG:  user a@b/c LOG:  x\n`)).toEqual({ ...shared, body: 'user a@b/c LOG:  x' });
    const session = { ...shared, user_name: 'u', db_namespace: 'd', application_name: 'psql' };
    expect(first(prefix, `${start}u@d/psql LOG:  x\n`)).toEqual({ ...session, body: 'x' });
  });

  test('may lack its last blank, as a parameter that was read back does', () => {
    expect(first('%m [%p]', '2026-03-01 00:00:00 UTC [7] LOG:  x\n')).toMatchObject({ connection_id: 7, body: 'x' });
  });

  test('is told from the default ones, which match where it does not', () => {
    expect(first('%p>', '2026-03-01 00:00:00 UTC::@:[9]:LOG:  x\n')).toMatchObject({ connection_id: 9 });
    expect(first('%p>', '2026-03-01 00:00:00.1 GMT [9] LOG:  x\n')).toMatchObject({ connection_id: 9 });
  });

  test('of texts alone is given up after a bounded number of attempts', () => {
    const line = `${'a:@ '.repeat(2000)}\n`;
    const started = performance.now();
    expect(first('%a:%u@%d %i:%b@', line)).toMatchObject({ parse_reason: 'prefix_mismatch' });
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('with the values that it was written with gives them back', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
    fc.assert(
      fc.property(name, name, fc.nat(4_000_000), fc.ipV4(), fc.nat(65_535), (user, database, pid, host, port) => {
        const line = `2026-03-01 00:00:00 UTC:${host}(${port}):${user}@${database}:[${pid}]:LOG:  x\n`;
        expect(first('%t:%r:%u@%d:[%p]:', line)).toMatchObject({
          user_name: user,
          db_namespace: database,
          connection_id: pid,
          client_address: host,
          client_port: port,
        });
      }),
    );
  });
});

describe('time zones', () => {
  test.each([
    ['UTC', 0],
    ['GMT', 0],
    ['CEST', 2],
    ['PST', -8],
    ['+0530', 5.5],
    ['-03', -3],
  ])('%s', (zone, hours) => {
    expect(first('%t ', `2026-03-01 00:00:00 ${zone} LOG:  x\n`)).toEqual({
      severity: 'LOG',
      body: 'x',
      _timestamp: (SECOND - hours * 3600) * 1e6,
    });
  });

  test('that are not known are read as UTC and said to be unknown', () => {
    expect(first('%t ', '2026-03-01 00:00:00 QQQ LOG:  x\n')).toMatchObject({
      _timestamp: SECOND * 1e6,
      parse_reason: 'unknown_time_zone',
      body: 'x',
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { LogRewriter } from './rewrite.ts';
import { auditLogRewriter } from './rewrite-audit-log.ts';
import { generalLogRewriter } from './rewrite-general-log.ts';
import { mysqlErrorLogRewriter } from './rewrite-mysql-error-log.ts';
import { postgresqlLogRewriter } from './rewrite-postgresql-log.ts';
import { slowLogRewriter } from './rewrite-slow-log.ts';

const AT = Date.parse('2026-11-20T21:04:05.123Z') * 1000 + 456;

function rewriteAll(rewriter: LogRewriter, log: string): string {
  return (log.match(/.*\n/g) ?? []).map((line) => rewriter.rewrite(line, AT)).join('');
}

describe('slow log', () => {
  it('becomes what Aurora MySQL 8 writes, with the statement as it was', () => {
    const log = `mariadbd, Version: 10.11.19-MariaDB-log (Debian 12). started with:
Tcp port: 0  Unix socket: /run/s
Time\t\t    Id Command\tArgument
# Time: 261121  2:04:17
# User@Host: report-job[report-job] @ localhost []
# Thread_id: 42  Schema: shop  QC_hit: No
# Query_time: 2.500176  Lock_time: 0.000046  Rows_sent: 3  Rows_examined: 7
# Rows_affected: 0  Bytes_sent: 137
use \`shop\`;
SET timestamp=1795226657;
select *
# not a header
  from t where a = 'use \`x\`';
`;
    expect(rewriteAll(slowLogRewriter(), log)).toMatch(
      /^# Time: 2026-11-20T21:04:05\.123456Z\n# User@Host: report-job\[report-job\] @ {2}\[10\.0\.\d+\.\d+\] {2}Id: {4}42\n# Query_time: 2\.500176 {2}Lock_time: 0\.000046 Rows_sent: 3 {2}Rows_examined: 7\nuse shop;\nSET timestamp=1795208642;\nselect \*\n# not a header\n {2}from t where a = 'use `x`';\n$/,
    );
  });

  it('tells the second that MariaDB shows, and none elsewhere', () => {
    const { timeOf } = slowLogRewriter();
    expect(timeOf('# Time: 261121  2:04:17\n')).toBe(Date.parse('2026-11-21T02:04:17Z') / 1000);
    expect(timeOf('SET timestamp=1795226657;\n')).toBeUndefined();
  });
});

describe('general log', () => {
  it('gets a time on every entry and keeps continuation lines', () => {
    const log =
      '261121  2:04:17\t     4 Connect\tapp_rw@localhost on shop using Socket\n\t\t     4 Query\tselect *\n  from t\n\t\t     4 Quit\t\n';
    expect(rewriteAll(generalLogRewriter(), log)).toMatch(
      /^2026-11-20T21:04:05\.123456Z\t {4}4 Connect\tapp_rw@10\.\S+ on shop using SSL\/TLS\n2026\S+\t {4}4 Query\tselect \*\n {2}from t\n2026\S+\t {4}4 Quit\t\n$/,
    );
  });
});

describe('audit log', () => {
  it('becomes what advanced auditing writes', () => {
    const log = `20261121 02:04:17,host,rdsadmin,localhost,4,9,QUERY,shop,'select \\'a,b\\'\\n',0\n20261121 02:04:17,host,app,localhost,5,8,READ,shop,t,\n`;
    expect(rewriteAll(auditLogRewriter('db-1'), log)).toMatch(
      /^1795208645123456,db-1,rdsadmin,localhost,4,9,QUERY,shop,'select \\'a,b\\'\\n',0\n1795208645123456,db-1,app,10\.[\d.]+,5,8,READ,shop,t,0\n$/,
    );
  });
});

describe('MySQL error log', () => {
  it('gets times, codes and subsystems of MySQL 8 and tells nothing of MariaDB or the machine', () => {
    const log = `2026-11-21  2:04:13 0 [Note] Starting MariaDB 10.11.19 as process 15321
2026-11-21  2:04:14 0 [Note] InnoDB: Loading buffer pool(s) from /srv/x/data/ib_buffer_pool
2026-11-21  2:04:17 8 [Warning] Access denied for user 'intern'@'localhost' (using password: NO)
*** (1) TRANSACTION:
261121  2:04:14 server_audit: logging started
`;
    expect(rewriteAll(mysqlErrorLogRewriter('/srv/x'), log)).toMatch(
      /^2026-11-20T21:04:05\.123456Z 0 \[Note\] \[MY-011825\] \[InnoDB\] Loading buffer pool\(s\) from \/rdsdbdata\/data\/ib_buffer_pool\n2026\S+ 8 \[Warning\] \[MY-010926\] \[Server\] Access denied for user 'intern'@'10\.[\d.]+' \(using password: NO\)\n\*\*\* \(1\) TRANSACTION:\n261120 21:04:05 server_audit: logging started\n$/,
    );
  });
});

describe('PostgreSQL log', () => {
  it('gets addresses, and secondary lines keep the time of their primary line', () => {
    const rewriter = postgresqlLogRewriter('/srv/x');
    const first = rewriter.rewrite('2026-11-21 02:04:17 UTC:[local]:app@shop:[77]:ERROR:  no such table\n', AT);
    const second = rewriter.rewrite('2026-11-21 02:04:17 UTC:[local]:app@shop:[77]:STATEMENT:  SELECT\n', AT + 9e6);
    const third = rewriter.rewrite('\t1;\n', AT + 9e6);
    expect(first + second + third).toMatch(
      /^2026-11-20 21:04:05 UTC:(10\.[\d.]+\(\d+\)):app@shop:\[77\]:ERROR: {2}no such table\n2026-11-20 21:04:05 UTC:\1:app@shop:\[77\]:STATEMENT: {2}SELECT\n\t1;\n$/,
    );
    expect([first, second, third].map(rewriter.startsRecord)).toEqual([true, false, false]);
  });

  it('leaves lines of background processes without an address', () => {
    const line = '2026-11-21 02:04:17 UTC::@:[12]:LOG:  checkpoint starting: time\n';
    expect(postgresqlLogRewriter('/srv/x').rewrite(line, AT)).toBe(
      '2026-11-20 21:04:05 UTC::@:[12]:LOG:  checkpoint starting: time\n',
    );
  });
});

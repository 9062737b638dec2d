import { describe, expect, it } from '@jest/globals';
import { nearNames } from './near-names.ts';

describe('nearNames', () => {
  const names = ['orders-1', 'orders-2', 'payments-1', 'search-1', 'orders-1'];

  it('suggests what was mistyped, nearest first, each once', () => {
    expect(nearNames('order-1', names)).toEqual(['orders-1', 'orders-2']);
    expect(nearNames('paymnts-1', names)).toEqual(['payments-1']);
  });

  it('suggests names of which a part was given', () => {
    expect(nearNames('slowquery.log', ['slowquery/mysql-slowquery.log', 'error/mysql-error.log'])).toEqual([
      'slowquery/mysql-slowquery.log',
    ]);
  });

  it('suggests nothing that is far off, and at most five names', () => {
    expect(nearNames('inventory', names)).toEqual([]);
    expect(
      nearNames(
        'db-0',
        Array.from({ length: 9 }, (_, i) => `db-${i + 1}`),
      ),
    ).toHaveLength(5);
  });
});

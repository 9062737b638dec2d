import type { RandomSource } from './random.ts';
import { cityName, hex, jsonPayload, orderNote, personName, productTitle, STATUSES, sku } from './words.ts';

/** How a server quotes. */
export interface Dialect {
  /** A string literal. */
  text(value: string): string;
  /** An identifier, quoted as an ORM does. */
  name(identifier: string): string;
}

export const MYSQL: Dialect = {
  text: (value) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`,
  name: (identifier) => `\`${identifier}\``,
};

export const POSTGRESQL: Dialect = {
  text: (value) => `'${value.replaceAll("'", "''")}'`,
  name: (identifier) => `"${identifier}"`,
};

/** Writes one statement, without its semicolon. */
export type StatementWriter = (random: RandomSource, dialect: Dialect) => string;
/** Statements with how often each is used, relative to the others. */
export type Mix = readonly (readonly [weight: number, write: StatementWriter])[];

const ROWS = 2_000;
const list = (length: number, item: () => string | number) => Array.from({ length }, item).join(', ');
const timestamp = (random: RandomSource) =>
  `'2026-${String(random.int(1, 10)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')} ${String(random.int(0, 23)).padStart(2, '0')}:15:00'`;

const ormSelect: StatementWriter = (random, { name, text }) => {
  const columns = ['id', 'customer_id', 'status', 'total', 'note', 'placed_at'];
  return [
    `SELECT ${columns.map((column) => `${name('orders')}.${name(column)} AS ${name(`orders_${column}`)}`).join(', ')},`,
    `       ${name('customers')}.${name('name')} AS ${name('customers_name')}`,
    `FROM ${name('orders')}`,
    `INNER JOIN ${name('customers')} ON ${name('customers')}.${name('id')} = ${name('orders')}.${name('customer_id')}`,
    `WHERE ${name('orders')}.${name('status')} = ${text(random.pick(STATUSES))}`,
    `  AND ${name('orders')}.${name('placed_at')} >= ${timestamp(random)}`,
    `ORDER BY ${name('orders')}.${name('placed_at')} DESC`,
    `LIMIT ${random.pick([10, 20, 50])} OFFSET ${random.int(0, 5) * 20}`,
  ].join('\n');
};

const byKey: StatementWriter = (random) => `SELECT * FROM customers WHERE id = ${random.int(1, ROWS)}`;

const tracedByKey: StatementWriter = (random) =>
  `SELECT id, status, total FROM orders WHERE customer_id = ${random.int(1, ROWS)} ` +
  `/*action='show',controller='orders',framework='rails',traceparent='00-${hex(random, 32)}-${hex(random, 16)}-01'*/`;

const inList: StatementWriter = (random, { text }) =>
  random.chance(0.5)
    ? `SELECT id, name, city FROM customers WHERE id IN (${list(random.int(3, 120), () => random.int(1, ROWS))})`
    : `SELECT sku, title, price FROM products WHERE sku IN (${list(random.int(2, 30), () => text(sku(random)))})`;

const search: StatementWriter = (random, { text }) =>
  `SELECT sku, title FROM products\nWHERE title LIKE ${text(`%${productTitle(random).slice(0, 6)}%`)}\n   OR description LIKE ${text(`%${cityName(random)}%`)}\nLIMIT 25`;

const report: StatementWriter = (random) => `WITH daily AS (
  SELECT CAST(placed_at AS DATE) AS day, status, COUNT(*) AS orders, SUM(total) AS revenue
    FROM orders
   WHERE placed_at BETWEEN ${timestamp(random)} AND '2026-11-30'
   GROUP BY CAST(placed_at AS DATE), status
)
SELECT day, SUM(revenue) AS revenue,
       SUM(CASE WHEN status = 'returned' THEN orders ELSE 0 END) AS returned
  FROM daily
 GROUP BY day
HAVING SUM(revenue) > ${random.int(0, 500)}
 ORDER BY day DESC`;

const insertOrder: StatementWriter = (random, { text }) =>
  `INSERT INTO orders (customer_id, status, total, note, payload, placed_at) VALUES (${random.int(1, ROWS)}, ` +
  `${text(random.pick(STATUSES))}, ${random.int(100, 99_999) / 100}, ${text(orderNote(random))}, ` +
  `${text(jsonPayload(random))}, ${timestamp(random)})`;

const insertCustomer: StatementWriter = (random, { text, name }) =>
  `INSERT INTO ${name('customers')} (${name('name')}, ${name('city')}, ${name('email')})\n` +
  `VALUES (${text(personName(random))}, ${text(cityName(random))}, ${text(`user${random.int(1, 99_999)}@example.com`)})`;

const updateOrder: StatementWriter = (random, { text }) =>
  `UPDATE orders SET status = ${text(random.pick(STATUSES))}, note = ${text(orderNote(random))} WHERE id = ${random.int(1, ROWS)}`;

const deleteEvents: StatementWriter = (random) =>
  `DELETE FROM events WHERE id < ${random.int(1, 200)} AND kind = 'seen'`;

const eventRow = (random: RandomSource, { text }: Dialect) =>
  `(${text(random.pick(['seen', 'clicked', 'bought', 'failed']))}, ${text(jsonPayload(random))})`;

const insertEvents: StatementWriter = (random, dialect) =>
  `INSERT INTO events (kind, payload) VALUES\n  ${Array.from({ length: random.int(1, 4) }, () => eventRow(random, dialect)).join(',\n  ')}`;

/** A bulk insert of 10 to 200 KB, as importers send now and then. */
export const longStatement: StatementWriter = (random, dialect) => {
  const bytes = 10_000 * 20 ** random.next();
  const rows: string[] = [];
  for (let size = 0; size < bytes; size += Buffer.byteLength(rows.at(-1) ?? '') + 3)
    rows.push(eventRow(random, dialect));
  return `INSERT INTO events (kind, payload) VALUES\n  ${rows.join(',\n  ')}`;
};

/** Two rows of a small table, one after the other: sessions that do this in another order dead-lock. */
export function transfer(from: number, to: number, pause: string): string {
  return [
    'BEGIN',
    `UPDATE accounts SET balance = balance - 10 WHERE id = ${from}`,
    pause,
    `UPDATE accounts SET balance = balance + 10 WHERE id = ${to}`,
    'COMMIT',
  ].join(';\n');
}

export const READS: Mix = [
  [14, byKey],
  [10, tracedByKey],
  [12, ormSelect],
  [10, inList],
  [4, search],
  [2, report],
  [8, () => 'SELECT 1'],
];

export const WRITES: Mix = [
  [9, insertOrder],
  [3, insertCustomer],
  [7, updateOrder],
  [4, insertEvents],
  [1, deleteEvents],
];

/** Statements that servers refuse. */
export const MISTAKES: Mix = [
  [2, () => 'SELECT id, totl FROM orders LIMIT 1'],
  [2, () => 'SELECT * FROM ordres'],
  [1, () => 'SELECT * FORM orders WHERE id = 1'],
  [3, (random, { text }) => `INSERT INTO products (sku, title, price) VALUES (${text(sku(random))}, 'again', 1)`],
];

export function pickStatement(mix: Mix, random: RandomSource, dialect: Dialect): string {
  let left = random.next() * mix.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, write] of mix) {
    left -= weight;
    if (left < 0) return write(random, dialect);
  }
  return 'SELECT 1';
}

import { type Mix, POSTGRESQL } from './statements.ts';
import { hex, jsonPayload, productTitle, sku } from './words.ts';
import type { Flavour } from './workload.ts';
import { DATABASES, USERS } from './workload.ts';

const READS: Mix = [
  [2, (random) => `EXECUTE find_orders(${random.int(1, 2000)})`],
  [
    1,
    () =>
      'PREPARE find_orders (int) AS\n  SELECT id, status, total FROM orders WHERE customer_id = $1 ORDER BY id DESC LIMIT 5',
  ],
  [1, (random) => `SET application_name = 'web ${hex(random, 4)}'`],
  [1, (random) => `EXPLAIN (ANALYZE, COSTS OFF) SELECT * FROM orders WHERE customer_id = ${random.int(1, 2000)}`],
  [
    1,
    (random) =>
      `SELECT payload->>'requestId' FROM (SELECT payload FROM events ORDER BY id DESC LIMIT 200) recent WHERE payload @> '{"customer": {"tier": ${random.int(1, 5)}}}' LIMIT 3`,
  ],
  [
    0.06,
    (random) =>
      `SELECT count(*) FROM (SELECT r.id FROM (SELECT id, note FROM orders ORDER BY id DESC LIMIT 2000) r, generate_series(1, ${random.int(5, 40)}) n ORDER BY r.note, n) big`,
  ],
  [0.5, () => "SELECT 1 / (id - id) FROM customers WHERE name = 'Customer 7'"],
  [0.5, () => "SELECT lower_case('Ärger')"],
  [0.05, () => "SET statement_timeout = '15ms';\nSELECT pg_sleep(0.2);\nRESET statement_timeout"],
];

const WRITES: Mix = [
  ...READS,
  [
    3,
    (random, { text }) =>
      `INSERT INTO products (sku, title, description, price) VALUES (${text(sku(random))}, ${text(productTitle(random))}, ${text(jsonPayload(random))}, ${random.int(1, 90)})\nON CONFLICT (sku) DO UPDATE SET title = EXCLUDED.title, price = EXCLUDED.price`,
  ],
  [0.7, (random) => `SELECT reserve_stock('${sku(random)}', ${random.int(1, 2000)})`],
  [0.5, (random) => `INSERT INTO orders (customer_id, status) VALUES (${random.int(9000, 9999)}, 'new')`],
  [0.4, () => "DO $$ BEGIN RAISE WARNING 'stock is low' USING HINT = 'Order more.'; END $$"],
  [0.15, () => 'ANALYZE orders'],
  [0.1, () => 'VACUUM events'],
  [0.1, () => 'CREATE TEMP TABLE staging (LIKE products INCLUDING ALL);\nDROP TABLE staging'],
];

export const POSTGRESQL_FLAVOUR: Flavour = {
  dialect: POSTGRESQL,
  extras: { reader: READS, writer: WRITES },
  housekeeping: [
    'SELECT 1',
    'SELECT pg_catalog.pg_is_in_recovery()',
    'SELECT datname, pg_catalog.age(datfrozenxid)\n  FROM pg_catalog.pg_database\n WHERE datallowconn',
    'CHECKPOINT',
  ],
  use: (database) => `\\connect ${database}`,
};

/** Users, databases and first rows, for psql as the server's administrator. */
export function postgresqlSchema(): string {
  const users = [...new Set(USERS)]
    .filter((user) => user !== 'rdsadmin')
    .map((user) => `CREATE ROLE "${user}" LOGIN IN ROLE pg_read_all_data, pg_write_all_data;`);
  return [...users, ...DATABASES.map(database)].join('\n');
}

function database(name: string): string {
  return `CREATE DATABASE ${name};
\\connect ${name}
GRANT CREATE, USAGE ON SCHEMA public TO PUBLIC;
CREATE TABLE customers (id serial PRIMARY KEY, name text, city text, email text);
CREATE TABLE products (sku text PRIMARY KEY, title text, description text, price numeric(10,2));
CREATE TABLE orders (
  id serial PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customers (id),
  status text,
  total numeric(10,2),
  note text,
  payload jsonb,
  placed_at timestamptz DEFAULT now()
);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON orders (status, placed_at);
CREATE TABLE events (id serial PRIMARY KEY, kind text, payload jsonb);
CREATE TABLE accounts (id int PRIMARY KEY, balance numeric(12,2));
GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO PUBLIC;
INSERT INTO customers (name, city, email) SELECT 'Customer ' || n, 'Zürich', 'user' || n || '@example.com' FROM generate_series(1, 2000) n;
INSERT INTO products (sku, title, price) SELECT 'SKU-' || lpad(n::text, 5, '0'), 'Teapot', n FROM generate_series(1, 400) n;
INSERT INTO orders (customer_id, status, total, placed_at) SELECT 1 + n % 2000, 'paid', n, '2026-06-01'::timestamptz + n * interval '1 hour' FROM generate_series(1, 2000) n;
INSERT INTO accounts SELECT n, 1000 FROM generate_series(1, 6) n;
CREATE FUNCTION reserve_stock(wanted text, pieces int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  IF pieces > 500 THEN
    RAISE EXCEPTION 'not enough stock for %', wanted
      USING DETAIL = format('%s pieces were asked for, 500 are there.', pieces), HINT = 'Order fewer.';
  END IF;
  RETURN pieces;
END $$;
`;
}

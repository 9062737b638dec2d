import { type Mix, MYSQL } from './statements.ts';
import { hex, jsonPayload, productTitle, sku } from './words.ts';
import { DATABASES, type Flavour, USERS } from './workload.ts';

const READS: Mix = [
  [2, (random) => `SET @customer = ${random.int(1, 2000)};\nEXECUTE find_orders USING @customer`],
  [
    1,
    () =>
      "PREPARE find_orders FROM 'SELECT id, status, total FROM orders WHERE customer_id = ? ORDER BY id DESC LIMIT 5'",
  ],
  [1, (random) => `SET NAMES utf8mb4${random.chance(0.5) ? " COLLATE 'utf8mb4_unicode_ci'" : ''}`],
  [1, () => 'SET SESSION TRANSACTION READ ONLY;\nSET SESSION TRANSACTION READ WRITE'],
  [1, () => "SHOW VARIABLES LIKE 'sql_mode'"],
  [1, (random) => `EXPLAIN SELECT * FROM orders WHERE customer_id = ${random.int(1, 2000)}`],
  [0.04, (random) => `DO SLEEP(0.${random.int(1, 4)})`],
  [
    1,
    (random) =>
      `SELECT /* trace ${hex(random, 16)} */ COUNT(*) FROM (SELECT payload FROM events ORDER BY id DESC LIMIT 200) recent WHERE payload LIKE '%\\\\"tier\\\\":${random.int(1, 5)}%'`,
  ],
];

const WRITES: Mix = [
  ...READS,
  [
    3,
    (random, { text }) =>
      `INSERT INTO products (sku, title, description, price) VALUES (${text(sku(random))}, ${text(productTitle(random))}, ${text(jsonPayload(random))}, ${random.int(1, 90)})\nON DUPLICATE KEY UPDATE title = VALUES(title), price = VALUES(price)`,
  ],
  [0.1, () => 'ANALYZE TABLE orders'],
  [0.1, () => 'OPTIMIZE TABLE accounts'],
  [0.1, (random) => `ALTER TABLE events COMMENT = 'rotated ${hex(random, 6)}'`],
];

export const MARIADB_FLAVOUR: Flavour = {
  dialect: MYSQL,
  extras: { reader: READS, writer: WRITES },
  housekeeping: [
    'SET @@sql_log_bin=on',
    'SELECT 1',
    'select @@session.transaction_read_only',
    "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'THREADS_CONNECTED'",
    'COMMIT',
  ],
  use: (database) => `use ${database}`,
};

/** Schema, users and first rows, sent by the server's own administrator. */
export function mariadbSchema(): string {
  const users = [...new Set(USERS)].map(
    (user) => `CREATE USER '${user}'@'localhost';\nGRANT ALL ON *.* TO '${user}'@'localhost';`,
  );
  return [...users, ...DATABASES.map(database)].join('\n');
}

function database(name: string): string {
  return `CREATE DATABASE ${name};
USE ${name};
CREATE TABLE customers (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(200), city VARCHAR(100), email VARCHAR(200));
CREATE TABLE products (sku VARCHAR(20) PRIMARY KEY, title VARCHAR(300), description TEXT, price DECIMAL(10,2));
CREATE TABLE orders (
  id INT PRIMARY KEY AUTO_INCREMENT,
  customer_id INT NOT NULL,
  status VARCHAR(20),
  total DECIMAL(10,2),
  note TEXT,
  payload LONGTEXT,
  placed_at DATETIME,
  KEY orders_customer (customer_id),
  KEY orders_status (status, placed_at)
);
CREATE TABLE events (id INT PRIMARY KEY AUTO_INCREMENT, kind VARCHAR(20), payload LONGTEXT);
CREATE TABLE accounts (id INT PRIMARY KEY, balance DECIMAL(12,2));
INSERT INTO customers (name, city, email) SELECT CONCAT('Customer ', seq), 'Zürich', CONCAT('user', seq, '@example.com') FROM seq_1_to_2000;
INSERT INTO products (sku, title, price) SELECT CONCAT('SKU-', LPAD(seq, 5, '0')), 'Teapot', seq FROM seq_1_to_400;
INSERT INTO orders (customer_id, status, total, placed_at) SELECT 1 + seq MOD 2000, 'paid', seq, '2026-06-01' + INTERVAL seq HOUR FROM seq_1_to_2000;
INSERT INTO accounts SELECT seq, 1000 FROM seq_1_to_6;
`;
}

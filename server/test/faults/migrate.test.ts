/** Migrations while servers sell: nobody is turned away, several processes get in each other's way no more, and what is cut off is done again. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type ConnectionTarget, clientConfig } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { startOpenrun } from '../support/command-line.ts';
import { urlOf } from '../support/database.global.ts';
import { eventually } from '../support/eventually.ts';
import { isFailed, startLoad, stockUp } from '../support/fault-load.ts';
import { times } from '../support/fault-servers.ts';
import { createDatabase, openShop } from '../support/shop.ts';

const OUTSIDE = '-- openrun: no transaction\n';
const INDEX = `${OUTSIDE}DROP INDEX CONCURRENTLY IF EXISTS orders_extra;\nCREATE INDEX CONCURRENTLY orders_extra ON orders (total, id);\n`;
/** What the next version might bring: all of it additive. */
const NEXT: readonly (readonly [string, string])[] = [
  ['9001_column.sql', `ALTER TABLE orders ADD COLUMN extra integer, ADD COLUMN note text NOT NULL DEFAULT '';`],
  ['9002_index.sql', INDEX],
  ['9003_check.sql', 'ALTER TABLE orders ADD CONSTRAINT extra_is_small CHECK (extra < 100) NOT VALID;'],
  ['9004_validate.sql', 'ALTER TABLE orders VALIDATE CONSTRAINT extra_is_small;'],
  ['9005_table.sql', 'CREATE TABLE extra (id uuid PRIMARY KEY, option_id uuid NOT NULL REFERENCES product_option);'],
];
const NAMES = NEXT.map(([file]) => file.replace('.sql', ''));

/** The product's migrations and these, in a directory of their own. */
async function directoryOf(files: readonly (readonly [string, string])[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'openrun-migrations-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [file, text] of files) await writeFile(join(directory, file), text);
  return directory;
}

async function connect(target: ConnectionTarget): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(target));
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** A database with the product's schema, whose record of migrations is empty, so that a directory of others can be tried. */
async function openMigrated(): Promise<ConnectionTarget> {
  const { target, drop } = await createDatabase();
  onTestFinished(drop);
  await forget(target);
  return target;
}

async function forget(target: ConnectionTarget): Promise<void> {
  const client = new pg.Client(clientConfig(target));
  await client.connect();
  await client.query('DELETE FROM schema_migration');
  await client.end();
}

async function isValid(client: pg.Client, index: string): Promise<boolean | undefined> {
  const { rows } = await client.query<{ valid: boolean }>('SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)', [
    index,
  ]);
  return rows[0]?.valid;
}

test('the next version’s additive migrations run while this version sells: no request fails', { timeout: 120_000 }, async () => {
  const shop = await openShop();
  onTestFinished(() => shop.close());
  await forget(shop.target);
  const load = startLoad(await Promise.all(times(8, (index) => shop.customer(`user ${index}`))), await stockUp(shop.staff, 100_000));
  await load.acknowledgedMore(100);
  // A reader that takes its time, as an audit does, holds up whoever needs the table for himself.
  const reader = await connect(shop.target);
  await reader.query('BEGIN');
  await reader.query('SELECT count(*) FROM orders');
  const said: string[] = [];
  const migrating = migrate(shop.target, (line) => said.push(line), { directory: await directoryOf(NEXT) });
  await eventually(async () => said.some((line) => line.startsWith('a lock that a migration needs'))).toBe(true);
  await load.acknowledgedMore(100);
  await reader.query('COMMIT');
  expect(await migrating).toEqual(NAMES);
  await load.acknowledgedMore(100);
  const asked = await load.stop();
  expect(asked.filter(isFailed)).toEqual([]);
  expect(asked.filter(({ path, answer }) => path === '/orders' && answer?.status === 201).length).toBeGreaterThan(50);
  expect(await isValid(await connect(shop.target), 'orders_extra')).toBe(true);
});

test('several processes that start at once wait for one another, also where an index is built concurrently', async () => {
  const target = await openMigrated();
  const directory = await directoryOf(NEXT);
  const applied = await Promise.all(times(4, () => migrate(target, () => undefined, { directory })));
  expect(applied.toSorted((one, other) => one.length - other.length)).toEqual([[], [], [], NAMES]);
});

test('an index that was cut off is built again', async () => {
  const target = await openMigrated();
  const client = await connect(target);
  const reader = await connect(target);
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await reader.query('SELECT count(*) FROM orders');
  await client.query(`SET lock_timeout = '50ms'`);
  await expect(client.query('CREATE INDEX CONCURRENTLY orders_extra ON orders (total, id)')).rejects.toThrow('lock timeout');
  await reader.query('COMMIT');
  expect(await isValid(client, 'orders_extra')).toBe(false);
  await migrate(target, () => undefined, { directory: await directoryOf([['9002_index.sql', INDEX]]) });
  expect(await isValid(client, 'orders_extra')).toBe(true);
});

test('a lock that is never to be had ends the migration, which has changed nothing; one that fails otherwise is not tried again', async () => {
  const target = await openMigrated();
  const client = await connect(target);
  await client.query('BEGIN');
  await client.query('LOCK TABLE orders');
  const said: string[] = [];
  const directory = await directoryOf([['9001_column.sql', 'CREATE TABLE half (id uuid);\nALTER TABLE orders ADD COLUMN extra integer;']]);
  await expect(migrate(target, (line) => said.push(line), { directory, attempts: 2 })).rejects.toThrow('lock timeout');
  expect(said).toHaveLength(1);
  await client.query('COMMIT');
  expect((await client.query(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }]);

  said.length = 0;
  const wrong = await directoryOf([['9001_wrong.sql', 'CREATE TABLE half (id uuid);\nALTER TABLE nowhere ADD COLUMN extra integer;']]);
  await expect(migrate(target, (line) => said.push(line), { directory: wrong })).rejects.toThrow('nowhere');
  expect(said).toEqual([]);
  expect((await client.query(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }]);
  expect(await migrate(target, () => undefined, { directory })).toEqual(['9001_column']);
});

/** Ends the connection of a migration, once it does what it is waited for. */
async function cut(client: pg.Client, doing: string): Promise<void> {
  const END = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'openrun migrate' AND query LIKE $1`;
  await eventually(async () => (await client.query(END, [`%${doing}%`])).rowCount).toBe(1);
}

test('a connection that is lost in the middle of a migration ends it by what it was lost by', async () => {
  const target = await openMigrated();
  const directory = await directoryOf([['9001_slow.sql', 'CREATE TABLE half (id uuid);\nSELECT pg_sleep(60);']]);
  const migrating = migrate(target, () => undefined, { directory });
  const client = await connect(target);
  await Promise.all([expect(migrating).rejects.toMatchObject({ code: '57P01' }), cut(client, 'SELECT pg_sleep')]);
  expect((await client.query(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }]);
});

test('a connection that is lost between two statements is told of in a line', async () => {
  const { target, drop } = await createDatabase();
  onTestFinished(drop);
  const client = await connect(target);
  await client.query('SELECT pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
  const command = startOpenrun(['migrate'], { DATABASE_URL: urlOf(target) });
  await cut(client, 'SELECT pg_try_advisory_lock');
  const { exitCode, stderr } = await command.ended;
  expect(stderr).toMatch(/^openrun: the database cannot be used: [^\n]+\n$/);
  expect(exitCode).toBe(1);
});

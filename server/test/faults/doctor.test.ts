/** `openrun doctor`, through the command line: a shop that is well, and each trouble by itself. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { clientConfig } from '../../src/database/database.ts';
import { type Ended, runOpenrun } from '../support/command-line.ts';
import { urlOf } from '../support/database.global.ts';
import { eventually } from '../support/eventually.ts';
import { createServerProcess } from '../support/fault-process.ts';
import { createDatabase, TEST_SECRET } from '../support/shop.ts';

const Report = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('warning'), Type.Literal('problem')]),
    checks: Type.Array(
      Type.Object({ check: Type.String(), level: Type.String(), message: Type.String(), advice: Type.Union([Type.String(), Type.Null()]) }),
    ),
  },
  { additionalProperties: false },
);
type Report = Static<typeof Report>;

const CHECKS = [
  'configuration',
  'disk',
  'database',
  'version',
  'encryption',
  'writes',
  'durability',
  'replicas',
  'connections',
  'session',
  'timeouts',
  'vacuum',
  'clock',
  'migrations',
  'deliveries',
  'failed-deliveries',
  'retention',
  'invariants',
];
const PRODUCTION = { AUTH_JWT_SECRET: TEST_SECRET, NODE_ENV: 'production', PUBLIC_URL: 'https://shop.example' };

const reportOf = ({ stdout }: Ended): Report => Value.Parse(Report, JSON.parse(stdout));
/** What was not well, as `level check`. */
const troubles = ({ checks }: Report): string[] => checks.flatMap(({ check, level }) => (level === 'ok' ? [] : [`${level} ${check}`]));

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'openrun-doctor-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

/** A database of the test's own, with what a superuser does to it. */
async function patient(): Promise<{ url: string; name: string; run: (sql: string) => Promise<void> }> {
  const { target, drop } = await createDatabase();
  onTestFinished(drop);
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(clientConfig(target));
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const url = urlOf(target);
  return { url, name: new URL(url).pathname.slice(1), run };
}

const examine = (url: string, settings: Readonly<Record<string, string>> = {}, args: readonly string[] = ['--json']): Promise<Ended> =>
  runOpenrun(['doctor', ...args], { DATA_DIR: dataDir, DATABASE_URL: url, ...PRODUCTION, ...settings });

describe('a database that is well', () => {
  test('has every check once and ok, for people and for machines', async () => {
    const { url } = await patient();
    const ended = await examine(url);
    const report = reportOf(ended);
    expect([ended.exitCode, ended.stderr, report.status]).toEqual([0, '', 'ok']);
    expect(report.checks.map(({ check, level, advice }) => [check, level, advice])).toEqual(CHECKS.map((check) => [check, 'ok', null]));
    const { exitCode, stdout } = await examine(url, {}, []);
    const lines = stdout.trimEnd().split('\n');
    expect([exitCode, lines.pop()]).toEqual([0, 'doctor: 0 problems, 0 warnings, 18 ok']);
    expect(lines.map((line) => line.split(/ +/).slice(0, 2))).toEqual(CHECKS.map((check) => ['ok', check]));
  });

  test('warns of a server that is not in production, and exits with 0', async () => {
    const { url } = await patient();
    const ended = await examine(url, { NODE_ENV: 'development' }, []);
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toMatch(/^warning +configuration .*\n +→ set NODE_ENV=production/m);
    expect(troubles(reportOf(await examine(url, { PUBLIC_URL: '' })))).toEqual(['warning configuration']);
    expect(troubles(reportOf(await examine(url, { PUBLIC_URL: 'http://shop.example' })))).toEqual(['warning configuration']);
  });
});

/** A clock that is wrong, for whoever does not ask for the one of `pg_catalog`. */
const aheadBy = (interval: string) => (name: string) =>
  `CREATE SCHEMA elsewhere;
   CREATE FUNCTION elsewhere.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '${interval}' $$;
   ALTER DATABASE ${name} SET search_path = elsewhere, pg_catalog, public`;

const setting = (assignment: string) => (name: string) => `ALTER DATABASE ${name} SET ${assignment}`;

describe('each trouble alone', () => {
  test.each<[trouble: string, found: string, says: RegExp, sql: (name: string) => string]>([
    ['commits that do not wait', 'problem durability', /synchronous_commit is off/, setting('synchronous_commit = off')],
    ['another isolation', 'problem session', /repeatable read/, setting("default_transaction_isolation = 'repeatable read'")],
    // That every other check is ok here shows that the doctor only reads.
    ['no writes', 'problem writes', /read-only/, setting('default_transaction_read_only = on')],
    ['connections that end in the pool', 'warning timeouts', /idle_session_timeout is 1000 ms/, setting('idle_session_timeout = 1000')],
    ['too few connections', 'problem connections', /^10 can be had/, (name) => `ALTER DATABASE ${name} CONNECTION LIMIT 10`],
    ['a clock a little ahead', 'warning clock', /[45]\.\d s ahead/, aheadBy('5 seconds')],
    ['a clock far behind', 'problem clock', /s behind/, aheadBy('-2 hours')],
    ['a pending migration', 'warning migrations', /0007_outbox_batch/, () => "DELETE FROM schema_migration WHERE name LIKE '0007%'"],
    [
      'a newer schema',
      'warning migrations',
      /9999_later/,
      () => "INSERT INTO schema_migration (name, run_on) VALUES ('9999_later', now())",
    ],
    [
      'a destination that is off',
      'warning deliveries',
      /paper is off: it burnt/,
      () => `INSERT INTO destination (name, kind, origin, event_types, enabled, disabled_reason, created_at, updated_at)
             VALUES ('paper', 'log', 'staff', '{order.paid}', false, 'it burnt', now(), now())`,
    ],
    [
      'keys past their time',
      'warning retention',
      /^2 rows of idempotency_key/,
      () => `INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
             SELECT 'u', 'o', n::text, '', 200, '{}', gen_random_uuid(), now() - interval '51 hours' FROM generate_series(1, 2) AS n`,
    ],
    [
      'events past their time',
      'warning retention',
      /^1 rows of outbox_event/,
      () => `INSERT INTO outbox_event (id, type, payload, created_at)
             VALUES ('00000000-0000-7000-8000-000000000000', 'ranking.updated', '{}', '1970-01-01')`,
    ],
  ])('%s', async (_trouble, found, says, sql) => {
    const { url, name, run } = await patient();
    await run(sql(name));
    const ended = await examine(url);
    const report = reportOf(ended);
    expect(troubles(report)).toEqual([found]);
    const { message = '', advice = null } = report.checks.find(({ level }) => level !== 'ok') ?? {};
    expect(message).toMatch(says);
    expect(advice).not.toBeNull();
    expect(found.startsWith(report.status)).toBe(true);
    expect(ended.exitCode).toBe(report.status === 'problem' ? 1 : 0);
  });

  test('deliveries that wait and that failed for good', async () => {
    const { url, run } = await patient();
    await run(`INSERT INTO destination (name, kind, origin, event_types, enabled, created_at, updated_at)
               VALUES ('paper', 'log', 'staff', '{order.paid}', true, now(), now());
               INSERT INTO outbox_event (id, type, payload, created_at) SELECT gen_random_uuid(), 'ranking.updated', '{}', now() FROM generate_series(1, 3);
               INSERT INTO delivery (id, event_id, type, destination, status, attempts, created_at, next_attempt_at)
               SELECT gen_random_uuid(), id, type, 'paper', 'pending', 0, now() - interval '5 minutes', now() FROM outbox_event LIMIT 1;
               INSERT INTO delivery (id, event_id, type, destination, status, attempts, created_at)
               SELECT gen_random_uuid(), id, type, 'paper', 'failed', 10, now() FROM outbox_event WHERE id NOT IN (SELECT event_id FROM delivery);
               INSERT INTO outbox_batch (created_at, events, destinations, deliveries, content)
               VALUES (now() - interval '1 hour', 1, '{}', '{}', '[{"id": "00000000-0000-7000-8000-000000000000", "type": "ranking.updated"}]')`);
    const report = reportOf(await examine(url));
    expect(troubles(report)).toEqual(['warning deliveries', 'warning deliveries', 'warning failed-deliveries']);
    const messages = report.checks.map(({ message }) => message).join('\n');
    expect(messages).toMatch(/^1 wait for paper, the oldest for 30\d s$/m);
    expect(messages).toMatch(/^1 events are in the outbox, the oldest for 360\d s$/m);
    expect(messages).toMatch(/^2 to paper failed for good$/m);
  });

  test('books that do not balance are a problem, each difference with its own line', async () => {
    const { url, run } = await patient();
    await run("INSERT INTO balance (user_id, amount, version) VALUES ('one', 5, 1), ('two', 7, 1)");
    const ended = await examine(url);
    expect([ended.exitCode, troubles(reportOf(ended))]).toEqual([1, ['problem invariants', 'problem invariants']]);
    expect(ended.stdout).toContain('balance is the sum of its ledger');
  });

  test('tables that may not be written', async ({ skip }) => {
    const { url, run } = await patient();
    const isSuperuser = await run("DO $$ BEGIN ASSERT current_setting('is_superuser') = 'off'; END $$").then(
      () => false,
      () => true,
    );
    skip(isSuperuser, 'a superuser may write everything');
    await run('REVOKE INSERT ON orders FROM CURRENT_USER; REVOKE DELETE ON outbox_batch FROM CURRENT_USER');
    const report = reportOf(await examine(url));
    expect(troubles(report)).toEqual(['problem writes']);
    expect(report.checks.map(({ message }) => message)).toContain('the user may not read and write orders, outbox_batch');
  });
});

describe('what cannot be looked at', () => {
  test('a database that is not there', async () => {
    const ended = await examine('postgres://shop:hunter2@127.0.0.1:1/shop');
    expect([ended.exitCode, troubles(reportOf(ended))]).toEqual([1, ['problem database']]);
    expect(`${ended.stdout}${ended.stderr}`).not.toContain('hunter2');
  });

  test('settings that cannot be used', async () => {
    const ended = await examine('postgres://127.0.0.1/shop', { PORT: 'x' });
    expect([ended.exitCode, troubles(reportOf(ended))]).toEqual([1, ['problem configuration']]);
    expect(ended.stdout).toContain('PORT');
  });

  test('a data directory without a database, in which nothing is made', async () => {
    const [missing, empty] = [join(dataDir, 'missing'), mkdtempSync(join(dataDir, 'empty-'))];
    for (const directory of [missing, empty]) {
      const ended = await runOpenrun(['doctor', '--json'], { ...PRODUCTION, DATA_DIR: directory });
      expect([ended.exitCode, troubles(reportOf(ended))]).toEqual([1, ['problem database']]);
      const without = await runOpenrun(['doctor', '--json'], { DATA_DIR: directory });
      expect([without.exitCode, troubles(reportOf(without))]).toEqual([1, ['problem configuration']]);
    }
    expect([existsSync(missing), readdirSync(empty)]).toEqual([false, []]);
  });
});

test('the embedded database is examined while its server runs, and after it', async () => {
  const server = await createServerProcess();
  onTestFinished(() => server.clear());
  await server.start();
  const during = await server.command('doctor', '--json');
  expect([during.exitCode, troubles(reportOf(during))]).toEqual([0, []]);
  expect(await server.terminate()).toBe(0);
  const after = await server.command('doctor', '--json');
  expect([after.exitCode, troubles(reportOf(after))]).toEqual([0, []]);
  await eventually(() => server.left()).toEqual([]);
  expect(reportOf(after).checks.map(({ check }) => check)).toEqual(CHECKS);
});

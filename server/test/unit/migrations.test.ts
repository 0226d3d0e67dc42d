/** The linter of migrations: red on each kind of offence, quiet about what is harmless, and told of exceptions with their reason. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { lint } from '../../../tools/migrations/lint.ts';
import { RULES } from '../../../tools/migrations/rules.ts';

const OUTSIDE = '-- openrun: no transaction\n';
const CONTRACT = '-- openrun: contract\n';

/** The rules that the last of these migrations breaks. */
async function broken(...texts: readonly string[]): Promise<string[]> {
  const sources = texts.map((text, index) => ({ file: `000${index}.sql`, text }));
  const last = `000${texts.length - 1}.sql:`;
  const problems = await lint(sources, []);
  return problems.filter((problem) => problem.startsWith(last)).map((problem) => problem.slice(last.length).split(': ')[1] ?? problem);
}

/** An offence of each kind, by its rule. */
const OFFENCES: readonly (readonly [string, string])[] = [
  ['index-concurrently', 'CREATE INDEX i ON orders (user_id);'],
  ['index-concurrently', 'CREATE UNIQUE INDEX IF NOT EXISTS i ON public.orders (user_id) WHERE status = 1;'],
  ['drop-index-concurrently', 'DROP INDEX orders_due;'],
  ['no-transaction', 'DROP INDEX CONCURRENTLY IF EXISTS i;'],
  ['no-transaction', `${OUTSIDE}ALTER TABLE orders ADD COLUMN x integer;`],
  ['repeatable-index', `${OUTSIDE}CREATE INDEX CONCURRENTLY i ON orders (user_id);`],
  ['repeatable-index', `${OUTSIDE}DROP INDEX CONCURRENTLY IF EXISTS j;\nCREATE INDEX CONCURRENTLY i ON orders (user_id);`],
  ['volatile-default', 'ALTER TABLE orders ADD COLUMN x uuid DEFAULT gen_random_uuid();'],
  ['volatile-default', 'ALTER TABLE orders ADD COLUMN x timestamptz NOT NULL DEFAULT clock_timestamp();'],
  ['volatile-default', 'ALTER TABLE orders ADD COLUMN x bigserial;'],
  ['volatile-default', 'ALTER TABLE orders ADD COLUMN x bigint GENERATED ALWAYS AS IDENTITY;'],
  ['volatile-default', 'ALTER TABLE orders ADD COLUMN x bigint GENERATED ALWAYS AS (total * 2) STORED;'],
  ['not-null', 'ALTER TABLE orders ADD COLUMN x integer NOT NULL;'],
  ['set-not-null', 'ALTER TABLE orders ALTER COLUMN x SET NOT NULL;'],
  ['set-not-null', 'ALTER TABLE orders ADD CONSTRAINT n NOT NULL x;'],
  ['not-valid', 'ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0);'],
  ['not-valid', 'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES balance;'],
  ['not-valid', 'ALTER TABLE orders ADD COLUMN x uuid REFERENCES product;'],
  ['not-valid', 'ALTER TABLE orders ADD COLUMN x integer CHECK (x > 0);'],
  ['validate-apart', 'ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT c;'],
  ['constraint-using-index', 'ALTER TABLE orders ADD CONSTRAINT u UNIQUE (user_id, id);'],
  ['constraint-using-index', 'ALTER TABLE orders ADD PRIMARY KEY (id);'],
  ['constraint-using-index', 'ALTER TABLE orders ADD COLUMN x integer UNIQUE;'],
  ['column-type', 'ALTER TABLE orders ALTER COLUMN total TYPE numeric;'],
  ['contract', 'ALTER TABLE orders DROP COLUMN total;'],
  ['contract', 'DROP TABLE orders;'],
  ['contract', 'ALTER TABLE orders RENAME COLUMN total TO sum;'],
  ['contract', 'ALTER TABLE orders RENAME TO purchases;'],
  ['contract', 'TRUNCATE orders;'],
  ['lock-table', 'LOCK TABLE orders IN SHARE MODE;'],
  ['backfill', 'UPDATE orders SET total = 0;'],
  ['backfill', 'DELETE FROM orders;'],
  ['backfill', 'CREATE TABLE copy AS SELECT * FROM orders;'],
  ['own-settings', `SET lock_timeout = '1h';`],
  ['own-settings', 'BEGIN;'],
  ['unknown-statement', 'CLUSTER orders;'],
  ['unknown-statement', 'ALTER TABLE orders SET UNLOGGED;'],
  ['unknown-statement', 'DO $$ BEGIN END $$;'],
];

describe('the linter of migrations', () => {
  test.for(OFFENCES)('finds %s: %s', async ([rule, sql]) => {
    expect(await broken(sql)).toEqual([rule]);
  });

  test('has an offence here for each of its rules', () => {
    expect(new Set(OFFENCES.map(([rule]) => rule))).toEqual(new Set(Object.keys(RULES)));
  });

  test('lets a new table be whatever it is, and what is harmless pass', async () => {
    expect(
      await broken(
        `CREATE TABLE fresh (id uuid PRIMARY KEY, order_id uuid REFERENCES orders, total bigint NOT NULL CHECK (total > 0));
         CREATE INDEX fresh_by_order ON fresh (order_id);
         ALTER TABLE fresh ADD COLUMN more uuid NOT NULL DEFAULT gen_random_uuid(), ALTER COLUMN total TYPE numeric;
         INSERT INTO fresh (id) VALUES (NULL);
         UPDATE fresh SET total = 1;
         ALTER TABLE orders ADD COLUMN a integer, ADD COLUMN b text NOT NULL DEFAULT 'none', ADD COLUMN c timestamptz DEFAULT now(),
           ADD COLUMN d text[] NOT NULL DEFAULT '{}'::text[], ALTER COLUMN user_id DROP NOT NULL;
         ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES fresh NOT VALID;`,
      ),
    ).toEqual([]);
    expect(await broken(`${OUTSIDE}DROP INDEX CONCURRENTLY IF EXISTS i;\nCREATE INDEX CONCURRENTLY i ON orders (user_id);`)).toEqual([]);
    expect(await broken(`${CONTRACT}ALTER TABLE orders DROP COLUMN total;\nDROP TABLE stock;`)).toEqual([]);
  });

  test('lets a column be NOT NULL once a validated check says so, and not before', async () => {
    const promise = 'ALTER TABLE orders ADD CONSTRAINT has_x CHECK (x IS NOT NULL) NOT VALID;';
    const validate = 'ALTER TABLE orders VALIDATE CONSTRAINT has_x;';
    const set = 'ALTER TABLE orders ALTER COLUMN x SET NOT NULL;';
    expect(await broken(promise, validate, set)).toEqual([]);
    expect(await broken(promise, set)).toEqual(['set-not-null']);
    expect(await broken(promise.replace('x IS NOT NULL', 'x IS NOT NULL OR y > 0'), validate, set)).toEqual(['set-not-null']);
    expect(await broken(promise, validate, set.replace('orders', 'stock'))).toEqual(['set-not-null']);
  });

  test('is told of an exception, with a reason, above the statement it is for', async () => {
    const offence = 'CREATE INDEX i ON coupon (id);';
    expect(await broken(`-- lint: index-concurrently because coupons are a few hundred\n${offence}`)).toEqual([]);
    expect(await broken(`${offence}\n-- lint: index-concurrently because coupons are a few hundred\n${offence}`)).toEqual([
      'index-concurrently',
    ]);
    expect(await broken(`-- lint: lock-table because coupons are a few hundred\n${offence}`)).toContain('index-concurrently');
    const problems = (text: string): Promise<string[]> => lint([{ file: 'x.sql', text }], []);
    expect(await problems('-- lint: lock-table because of a reason\nSELECT 1;')).toContain(
      'x.sql:2: the exception of lock-table is for nothing',
    );
    expect(await problems(`-- lint: index-concurrently\n${offence}`)).toContainEqual(expect.stringContaining('an exception is written'));
  });

  test('understands what PostgreSQL does, and sees what would be divided wrongly', async () => {
    expect(await lint([{ file: 'x.sql', text: 'ALTER TABEL orders;' }], [])).toEqual([expect.stringContaining('does not understand')]);
    const divided = `${OUTSIDE}DROP INDEX CONCURRENTLY i; DROP INDEX CONCURRENTLY j;`;
    expect(await lint([{ file: 'x.sql', text: divided }], [])).toEqual([expect.stringContaining('semicolon at the end of its line')]);
  });

  test('keeps what is released as it is, with the offences it is known for', async () => {
    const text = 'DROP INDEX i;';
    const released = { file: 'x.sql', sha256: createHash('sha256').update(text).digest('hex'), offends: ['drop-index-concurrently'] };
    expect(await lint([{ file: 'x.sql', text }], [released])).toEqual([]);
    expect(await lint([{ file: 'x.sql', text: `${text} ` }], [released])).toEqual([expect.stringContaining('stays as it is')]);
    expect(await lint([{ file: 'x.sql', text }], [{ ...released, offends: [] }])).toEqual([
      expect.stringContaining('drop-index-concurrently'),
    ]);
    expect(await lint([], [released])).toEqual([expect.stringContaining('is gone')]);
  });
});

/** `openrun migrate --distribute`: every table has its place on a Citus cluster; without one, nothing happens. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { distribute } from '../../src/database/distribute.ts';
import { openCheckedShop } from '../support/document.ts';
import { createDatabase, type Shop } from '../support/shop.ts';

const quiet = (): void => undefined;
const isCluster = inject('nodes') !== null;

test.skipIf(isCluster)('a database without the extension is refused, with what to do about it', async () => {
  const { target, drop } = await createDatabase();
  await expect(distribute(target, quiet)).rejects.toThrow(/^this database has no extension citus: CREATE EXTENSION citus/);
  await drop();
});

describe.skipIf(!isCluster)('on a Citus cluster (TEST_CITUS_URL)', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openCheckedShop();
  });
  afterAll(() => shop.close());

  const rows = async (sql: string): Promise<unknown[][]> =>
    (await shop.database.readers.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;

  test('a second run finds nothing to do', async () => {
    expect(await distribute(shop.target, quiet)).toEqual([]);
  });

  test('what a user owns lies with the user, stock with its option, the catalogue everywhere', async () => {
    const sql = `SELECT table_name::text, citus_table_type, distribution_column FROM citus_tables ORDER BY 2, 3, 1`;
    const byColumn = Map.groupBy(await rows(sql), ([, type, column]) => `${String(type)} ${String(column)}`);
    const tables = (key: string): unknown[] => (byColumn.get(key) ?? []).map(([table]) => table);
    expect(tables('distributed user_id')).toEqual([
      'balance',
      'balance_entry',
      'order_customer',
      'order_line',
      'orders',
      'payment',
      'refund',
      'user_coupon',
    ]);
    expect(tables('distributed option_id')).toEqual(['stock', 'stock_adjustment']);
    expect(tables('distributed id')).toEqual(['coupon']);
    expect(tables('reference <none>')).toEqual(['product', 'product_option']);
    const colocations = `SELECT count(DISTINCT colocation_id)::int FROM citus_tables WHERE distribution_column = 'user_id'`;
    expect(await rows(colocations)).toEqual([[1]]);
  });
});

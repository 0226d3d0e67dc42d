/** What a shop's tables hold, so that a test can say that nothing has changed. */
import { expect } from 'vitest';
import type { Shop } from './shop.ts';

/** Everything the tables hold that requests write, and nothing that the server writes by itself (the relay's horizon, say); the log of attempts stands still once the relay has nothing left to deliver. */
export async function everythingOf(shop: Shop): Promise<Record<string, string>> {
  await expect.poll(async () => (await shop.staff.get('/deliveries?status=pending')).body.items).toEqual([]);
  const { readers } = shop.database;
  const tables = await readers.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT IN ('schedule_run', 'ranking', 'delivery', 'outbox_horizon')",
  );
  const contents: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const { rows } = await readers.query<{ hash: string }>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM ${name} AS t`,
    );
    contents[name] = rows[0]?.hash ?? '';
  }
  return contents;
}

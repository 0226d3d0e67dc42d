/** Several servers that want one row take turns at it, and nobody depends on that. */
import pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { clientConfig } from '../../src/database/database.ts';
import type { Caller } from '../support/caller.ts';
import { type Servers, times, useServers } from '../support/fault-servers.ts';
import { coupon, tally } from '../support/goods.ts';

const CLAIMANTS = 60;
const PATIENCE = { timeout: 30_000, interval: 0 };
/** As `commit/turns.ts` names it. */
const TURN_OF_COUPONS = "SELECT pg_advisory_xact_lock(7236942, hashtext('coupon'))";

describe('turns', () => {
  const servers = useServers({ name: 'two servers', servers: 2, share: 1 });

  /** Has many claim coupons of which there are enough, one after the other, at both servers, until one of them counts such a turn. */
  async function claimUntil(outcome: string, customers: readonly Caller[]): Promise<number> {
    const { shop, all } = servers();
    return vi.waitFor(async () => {
      const couponId = await coupon(shop, { quantity: CLAIMANTS });
      const answers = await Promise.all(customers.map((customer) => customer.post(`/coupons/${couponId}/issue`)));
      expect(tally(answers)).toEqual({ 201: CLAIMANTS });
      const sequences = answers.map(({ body }) => body.sequence);
      expect(sequences.toSorted((a, b) => a - b)).toEqual(times(CLAIMANTS, (index) => index + 1));
      const turns = await countOf(all, outcome);
      expect(turns).toBeGreaterThan(0);
      return turns;
    }, PATIENCE);
  }

  test('come where two servers want one row', async () => {
    expect(await claimUntil('came', await servers().crowd(CLAIMANTS))).toBeGreaterThan(0);
  });

  test('that do not come keep nobody waiting for good', async () => {
    const customers = await servers().crowd(CLAIMANTS);
    const stranger = new pg.Client(clientConfig(servers().shop.database.target));
    await stranger.connect();
    try {
      await stranger.query('BEGIN');
      await stranger.query(TURN_OF_COUPONS);
      expect(await claimUntil('late', customers)).toBeGreaterThan(0);
    } finally {
      await stranger.end();
    }
  });
});

async function countOf(all: Servers['all'], outcome: string): Promise<number> {
  const texts = await Promise.all(all.map(async ({ anyone }) => (await anyone.get('/metrics')).body.text));
  const counts = texts.map(
    (text) => new RegExp(`^openrun_commit_turns_total\\{queue="coupon",outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1],
  );
  return counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
}

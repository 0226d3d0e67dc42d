/** Several servers that want one row take turns at it, and nobody depends on that. */
import pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { clientConfig } from '../../src/database/database.ts';
import { type Caller, createCaller } from '../support/caller.ts';
import { signal } from '../support/embedded-runner.ts';
import { type Servers, times, useServers } from '../support/fault-servers.ts';
import { coupon, tally } from '../support/goods.ts';

const CLAIMANTS = 60;
const PATIENCE = { timeout: 30_000, interval: 0 };
/** As `commit/turns.ts` names it. */
const TURN_OF_COUPONS = "SELECT pg_advisory_xact_lock(7236942, hashtext('coupon'))";
const BACKENDS_OF_TURNS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'openrun turns' AND datname = current_database()";
const ROUNDS_MAX = 100;

describe('turns', () => {
  const servers = useServers({ name: 'two servers', servers: 2, share: 1 });

  test('come where two servers want one row', async () => {
    expect(await claimUntil('came', servers(), await servers().crowd(CLAIMANTS))).toBeGreaterThan(0);
  });

  test('that do not come keep nobody waiting for good', async () => {
    const customers = await servers().crowd(CLAIMANTS);
    const stranger = new pg.Client(clientConfig(servers().shop.database.target));
    await stranger.connect();
    try {
      await stranger.query('BEGIN');
      await stranger.query(TURN_OF_COUPONS);
      expect(await claimUntil('late', servers(), customers)).toBeGreaterThan(0);
    } finally {
      await stranger.end();
    }
  });
});

describe('turns', () => {
  const servers = useServers({ name: 'two servers', servers: 2, share: 1 });

  test('whose connections have died in silence turn nobody away', async () => {
    const { shop, all } = servers();
    await claimUntil('came', servers(), await servers().crowd(CLAIMANTS));
    const { rows } = await shop.database.readers.query<{ pid: number }>(BACKENDS_OF_TURNS);
    expect(rows.length).toBeGreaterThan(0);
    const late = await countOf(all, 'late');
    for (const { pid } of rows) signal(pid, 'SIGSTOP');
    try {
      for (let round = 0; round < ROUNDS_MAX && (await countOf(all, 'late')) === late; round += 1) {
        const couponId = await coupon(shop, { quantity: CLAIMANTS });
        // These ask once, where those of a crowd ask again.
        const claims = times(CLAIMANTS, async (index) => {
          const { userId, token } = await shop.customer();
          return createCaller(all[index % all.length]?.baseUrl ?? '', userId, token).post(`/coupons/${couponId}/issue`);
        });
        expect(tally(await Promise.all(claims))).toEqual({ 201: CLAIMANTS });
      }
    } finally {
      for (const { pid } of rows) signal(pid, 'SIGCONT');
    }
    expect(await countOf(all, 'late')).toBeGreaterThan(late);
  });
});

/** Has many claim coupons of which there are enough, one after the other, at both servers, until one of them counts such a turn. */
async function claimUntil(outcome: string, { shop, all }: Servers, customers: readonly Caller[]): Promise<number> {
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

async function countOf(all: Servers['all'], outcome: string): Promise<number> {
  const texts = await Promise.all(all.map(async ({ anyone }) => (await anyone.get('/metrics')).body.text));
  const counts = texts.map(
    (text) => new RegExp(`^openrun_commit_turns_total\\{queue="coupon",outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1],
  );
  return counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
}

/** Payment, cancellation and expiry of one order race: exactly one of them ends it. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Answered, Body, Caller } from '../support/caller.ts';
import { eventually } from '../support/eventually.ts';
import { openBlocker } from '../support/fault-blocker.ts';
import { ALL_SETTINGS, type Servers, times, useServers } from '../support/fault-servers.ts';
import { couponOf, issued, later, option, placed, richCustomer, stockOf, tally } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';

const TTL_SECONDS = 60;
const ROUNDS = 20;
const BYSTANDERS = 4;
const STOCK = ROUNDS * (1 + BYSTANDERS);
const PRICE = 10;

/** What a round came to: the answers of its payments and of its cancellations, and the order's last word. */
interface Round {
  readonly payments: Record<string, number>;
  readonly cancellations: Record<string, number>;
  readonly status: string;
}

/** Time passes the order's end: on every server at once, and every server looks for what is due. */
async function expire({ all, moveClock }: Servers): Promise<void> {
  moveClock(TTL_SECONDS * 1000);
  await Promise.all(all.map(({ app }) => app.services.orders.expireDue()));
}

/**
 * Starts a few of each ending, each at a moment of its own; a clock that moves at once would beat every request. Meanwhile
 * bystanders order the same option, in the batches of the cancellations.
 */
async function race(servers: Servers, user: Caller, orderId: string, bystand: () => Promise<Answered>): Promise<Round> {
  const soon = async <T>(earliestMs: number, latestMs: number, start: () => Promise<T>): Promise<T> => {
    await delay(earliestMs + Math.random() * (latestMs - earliestMs));
    return start();
  };
  const expiry = soon(4, 16, () => expire(servers));
  const payments = times(3, () => soon(0, 8, () => user.post('/payments', { orderId })));
  const cancellations = times(3, () => soon(2, 8, () => user.post(`/orders/${orderId}/cancel`)));
  const bystanders = times(BYSTANDERS, () => soon(0, 8, bystand));
  const paid = tally(await Promise.all(payments));
  const cancelled = tally(await Promise.all(cancellations));
  expect(tally(await Promise.all(bystanders))).toEqual({ 201: BYSTANDERS });
  await expiry;
  // Until nothing is due any more, as the sweeper does.
  while (await servers.shop.app.services.orders.expireDue());
  return { payments: paid, cancellations: cancelled, status: (await user.get(`/orders/${orderId}`)).body.status };
}

describe.each(ALL_SETTINGS)('the end of an order, $name', (setting) => {
  const servers = useServers(setting, { orderTtlSeconds: TTL_SECONDS });

  test(`pay against cancel against expiry, ${ROUNDS} rounds: exactly one wins each`, async () => {
    const { shop, spread } = servers();
    const optionId = await option(shop, { stock: STOCK, price: PRICE });
    const bystander = spread(await shop.customer());
    const bystand = (): Promise<Answered> => bystander.post('/orders', { lines: [{ optionId, quantity: 1 }] });
    const customer = await richCustomer(shop, ROUNDS * PRICE);
    const user = spread(customer);
    const winners: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const couponId = await couponOf(shop, { discount: { type: 'fixed', amount: 1 }, expiresAt: later(365 * 86_400_000) });
      const userCouponId = await issued(customer, couponId);
      const orderId = await placed(customer, optionId, 1, userCouponId);
      const { payments, cancellations, status } = await race(servers(), user, orderId, bystand);
      const wins = { paid: payments['201'] ?? 0, cancelled: cancellations['200'] ?? 0, expired: status === 'expired' ? 1 : 0 };
      expect(wins, JSON.stringify({ payments, cancellations, status })).toEqual({ paid: 0, cancelled: 0, expired: 0, [status]: 1 });
      // Whoever lost was told who won. A cancellation is told the same whatever ended the order.
      const { 201: _paid, ...lost } = payments;
      const told = { paid: '409 ORDER_ALREADY_PAID', cancelled: '409 ORDER_CANCELLED', expired: '409 ORDER_EXPIRED' }[status];
      expect(lost).toEqual({ [told ?? '']: 3 - wins.paid });
      const { 200: _cancelled, ...late } = cancellations;
      expect(late).toEqual({ '409 ORDER_NOT_CANCELLABLE': 3 - wins.cancelled });
      const held = async (): Promise<Body | undefined> =>
        (await customer.get('/me/coupons')).body.items.find((each) => each.id === userCouponId);
      // The sweep of another server may still be under way, which is what passes over the order here.
      await eventually(held).toMatchObject(status === 'paid' ? { status: 'used', orderId } : { status: 'issued', orderId: null });
      winners.push(status);
    }
    await expire(servers());
    const paid = winners.filter((winner) => winner === 'paid').length;
    expect((await customer.get('/balance')).body.amount).toBe(ROUNDS * PRICE - paid * (PRICE - 1));
    await eventually(() => stockOf(shop, optionId)).toEqual({ onHand: STOCK - paid, reserved: 0 });
  });

  test('a payment that was decided in time counts for the limit of a user, although the order is past its time', async () => {
    const { shop, moveClock } = servers();
    const optionId = await option(shop, { stock: 10, price: PRICE, maxPerUser: 1 });
    const customer = await richCustomer(shop, 1000);
    const orderId = await placed(customer, optionId);
    // Another transaction has the payment's key, so that the payment is decided and then waits to be saved.
    const other = await openBlocker(shop.target);
    await other.run(
      `INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
       VALUES ('${customer.userId}', 'POST /payments', 'late', '', 0, '', gen_random_uuid(), now())`,
    );
    const payment = customer.post('/payments', { orderId }, { key: 'late' });
    await other.waiters(1);
    moveClock(TTL_SECONDS * 1000);
    const second = customer.post('/orders', { lines: [{ optionId, quantity: 1 }] });
    await Promise.race([second, other.waiters(2)]);
    await other.rollback();
    expect([verdict(await payment), verdict(await second)]).toEqual(['201', '409 PURCHASE_LIMIT_EXCEEDED']);
  });
});

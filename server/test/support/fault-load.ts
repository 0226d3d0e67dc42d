/**
 * A mixed load that remembers everything it asked and everything it was answered, so that what is there afterwards can be
 * held against it: every write has a key, and nobody repeats a write before the end.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Answered, Body, Caller } from './caller.ts';
import { times } from './fault-servers.ts';
import { expectStatus, later, tag } from './goods.ts';
import { verdict } from './refusal.ts';

/** A write that was asked for; `answer` is null where the connection was lost before one came. */
export interface Asked {
  readonly user: Caller;
  readonly path: string;
  readonly body: unknown;
  readonly key: string;
  answer: Answered | null;
  /** When it was answered, or known to be lost, by `performance.now()`. */
  endedAt: number;
}

export interface Load {
  /** Resolves when so many more were acknowledged. */
  acknowledgedMore(count: number): Promise<void>;
  /** Resolves when one more write fails. */
  failed(): Promise<void>;
  /** Resolves when a write that is asked for from now on is acknowledged. */
  acknowledgedAnew(): Promise<void>;
  /** What was asked until now. */
  soFar(): readonly Asked[];
  /** Ends the load after the writes under way; gives everything that was asked. */
  stop(): Promise<readonly Asked[]>;
}

const POLL_MS = 20;
/** The load leaves the processor to what it tests. */
const PAUSE_MS = 10;
const MAX_CHARGE = 5000;
const DAY_MS = 86_400_000;

/** What the load orders and claims. */
export interface Wares {
  readonly optionIds: readonly string[];
  readonly couponIds: readonly string[];
}

export const isAcknowledged = ({ answer }: Asked): boolean => answer !== null && answer.status < 400;

/** Whether it failed for want of the server, or of its answer. */
export const isFailed = ({ answer }: Asked): boolean => answer === null || answer.status >= 500;

/** Makes what the load orders, so many units of each option, and claims. */
export async function stockUp(staff: Caller, stock: number): Promise<Wares> {
  const options = times(3, (index) => ({ sku: `sku-${index}`, name: 'one', price: 100 + index, stock }));
  const product = expectStatus(await staff.post('/products', { name: 'Product', options }), 201).body;
  const coupon = { name: 'Coupon', discount: { type: 'fixed', amount: 7 }, quantity: 1000, expiresAt: later(DAY_MS) };
  const couponIds = await Promise.all(times(60, async () => expectStatus(await staff.post('/coupons', coupon), 201).body.id));
  return { optionIds: product.options.map((option) => option.id), couponIds };
}

/** Starts one worker for each user; each charges, claims, orders, and pays or cancels, over and over. */
export function startLoad(users: readonly Caller[], wares: Wares): Load {
  const asked: Asked[] = [];
  const ending = new AbortController();
  const failures: Asked[] = [];

  const ask = async (user: Caller, path: string, body?: unknown): Promise<Body | null> => {
    const request: Asked = { user, path, body, key: tag(), answer: null, endedAt: Number.NaN };
    asked.push(request);
    request.answer = await user.post(path, body, { key: request.key }).catch(() => null);
    request.endedAt = performance.now();
    if (isAcknowledged(request)) return request.answer?.body ?? null;
    if (isFailed(request)) failures.push(request);
    // What is not answered is for the end; nothing more is asked until somebody answers again.
    while (!ending.signal.aborted && !(await answers(user))) await delay(POLL_MS);
    return null;
  };

  const answers = (user: Caller): Promise<boolean> =>
    user.get('/balance').then(
      ({ status }) => status === 200,
      () => false,
    );

  const work = async (user: Caller): Promise<void> => {
    const claimable = [...wares.couponIds];
    const coupons: string[] = [];
    while (!ending.signal.aborted) {
      await delay(PAUSE_MS);
      await ask(user, '/balance/charge', { amount: 1 + Math.floor(Math.random() * MAX_CHARGE) });
      const couponId = Math.random() < 0.3 ? claimable.pop() : undefined;
      const claimed = couponId === undefined ? null : await ask(user, `/coupons/${couponId}/issue`);
      if (claimed !== null) coupons.push(claimed.id);
      const lines = wares.optionIds.filter(() => Math.random() < 0.5).map((optionId) => ({ optionId, quantity: 1 }));
      const userCouponId = coupons.pop();
      if (lines.length === 0) continue;
      const order = await ask(user, '/orders', { lines, ...(userCouponId === undefined ? {} : { userCouponId }) });
      if (order === null) continue;
      if (Math.random() < 0.25) await ask(user, `/orders/${order.id}/cancel`);
      else await ask(user, '/payments', { orderId: order.id });
    }
  };

  const failed = async (): Promise<void> => {
    const before = failures.length;
    while (failures.length === before) await delay(POLL_MS);
  };
  const working = users.map(work);
  const acknowledged = (): number => asked.filter(isAcknowledged).length;
  return {
    acknowledgedMore: async (count) => {
      const goal = acknowledged() + count;
      while (acknowledged() < goal) await delay(POLL_MS);
    },
    failed,
    acknowledgedAnew: async () => {
      const next = asked.length;
      while (!asked.slice(next).some(isAcknowledged)) await delay(POLL_MS);
    },
    soFar: () => [...asked],
    stop: async () => {
      ending.abort();
      await Promise.all(working);
      return asked;
    },
  };
}

/**
 * Repeats every write with its key, each user's in their order: what was acknowledged is answered the same again, what was
 * turned away was not done. Gives everything that had an effect in the end, with its answer.
 */
export async function repeatAll(asked: readonly Asked[]): Promise<Asked[]> {
  const users = new Set(asked.map(({ user }) => user));
  await Promise.all([...users].map((user) => repeatInOrder(asked.filter((each) => each.user === user))));
  return asked.filter(isAcknowledged);
}

async function repeatInOrder(asked: readonly Asked[]): Promise<void> {
  for (const each of asked) {
    const earlier = each.answer;
    // A refusal had no effect and is not remembered: repeated now, it might have one.
    if (earlier !== null && earlier.status >= 400 && earlier.status < 500) continue;
    const again = await each.user.post(each.path, each.body, { key: each.key });
    const told = `${each.path} ${earlier === null ? 'lost' : verdict(earlier)}, then ${verdict(again)} ${JSON.stringify(again.body)}`;
    expect(again.status, told).toBeLessThan(500);
    const isReplayed = again.headers.get('idempotent-replayed') === 'true';
    if (isAcknowledged(each)) {
      expect([again.status, isReplayed], told).toEqual([earlier?.status, true]);
      expect(again.body, told).toEqual(earlier?.body);
    } else if (earlier !== null && verdict(earlier) === '503 OVERLOADED') {
      expect(isReplayed, told).toBe(false);
    }
    each.answer = again;
  }
}

/**
 * Expects what the shop shows to be exactly what was answered: nothing lost, nothing doubled. `unended` is what orders are by now that nobody paid
 * or cancelled.
 */
export async function expectExactly(
  effects: readonly Asked[],
  staff: Caller,
  stock: number,
  unended: 'pending' | 'expired' = 'pending',
): Promise<void> {
  const of = (path: RegExp): Body[] => effects.flatMap((each) => (path.test(each.path) && each.answer !== null ? [each.answer.body] : []));
  const [charges, claims, orders] = [of(/^\/balance\/charge$/), of(/\/issue$/), of(/^\/orders$/)];
  const [payments, cancellations] = [of(/^\/payments$/), of(/\/cancel$/)];
  const byId = (bodies: readonly Body[]): Map<string, Body> => new Map(bodies.map((body) => [body.id, body]));

  const shown = byId(await listed(staff, '/orders'));
  expect(new Set(shown.keys())).toEqual(new Set(orders.map((order) => order.id)));
  const paymentOf = new Map(payments.map((payment) => [payment.orderId, payment]));
  const cancelled = new Set(cancellations.map((order) => order.id));
  for (const order of orders) {
    const payment = paymentOf.get(order.id);
    const end = payment === undefined ? { status: unended } : { status: 'paid', paymentId: payment.id, paidAt: payment.paidAt };
    expect(shown.get(order.id)).toEqual({ ...order, ...(cancelled.has(order.id) ? { status: 'cancelled' } : end) });
  }
  expect(byId(await listed(staff, '/payments'))).toEqual(byId(payments));

  for (const user of new Set(effects.map((each) => each.user))) {
    const ofUser = (bodies: readonly Body[]): Body[] => bodies.filter((body) => body.userId === user.userId);
    const history = await listed(user, '/balance/history');
    const charged = history.filter((entry) => entry.kind === 'charge');
    expect(sorted(charged.map((entry) => entry.id))).toEqual(sorted(ofUser(charges).map((charge) => charge.entryId)));
    const paid = history.filter((entry) => entry.kind === 'payment');
    expect(sorted(paid.map((entry) => entry.reference))).toEqual(sorted(ofUser(payments).map((payment) => payment.orderId)));
    const balance = sum(ofUser(charges).map((charge) => charge.charged)) - sum(ofUser(payments).map((payment) => payment.amount));
    expect((await user.get('/balance')).body.amount).toBe(balance);
    const coupons = await listed(user, '/me/coupons');
    expect(sorted(coupons.map((coupon) => coupon.id))).toEqual(sorted(ofUser(claims).map((coupon) => coupon.id)));
  }

  const units = (bodies: readonly Body[], optionId: string): number =>
    bodies.flatMap((order) => order.lines).filter((line) => line.optionId === optionId).length;
  const paidOrders = orders.filter((order) => paymentOf.has(order.id));
  const pending = orders.filter((order) => unended === 'pending' && !paymentOf.has(order.id) && !cancelled.has(order.id));
  for (const option of (await listed(staff, '/products')).flatMap((product) => product.options)) {
    const onHand = stock - units(paidOrders, option.id);
    expect(option).toMatchObject({ onHand, reserved: units(pending, option.id) });
  }
}

const sorted = (texts: readonly string[]): string[] => texts.toSorted();
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** All items of a list, from all of its pages. */
export async function listed(caller: Caller, path: string): Promise<Body[]> {
  const items: Body[] = [];
  let query = '?limit=100';
  while (query !== '') {
    const { body } = await caller.get(`${path}${query}`);
    items.push(...body.items);
    query = body.nextCursor === null ? '' : `?limit=100&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
  return items;
}

/** Reads all state of a sequence at its end, in every way that the shop shows it, and compares it with the model's. */
import type { Answered, Caller } from '../../server/test/support/caller.ts';
import { shownProduct } from './catalogue.ts';
import { couponStatus, shownCoupon, shownUserCoupon } from './coupons.ts';
import { shownEntry, shownPayment } from './money.ts';
import { shownOrder } from './orders.ts';
import { type Past, whyNotRanking } from './ranking.ts';
import type { Reading } from './sequence.ts';
import { type Scene, usersOf } from './steps.ts';
import { availableOf, balanceOf, type OrderStatus, payments, statusOf } from './world.ts';

const STATUSES: readonly OrderStatus[] = ['pending', 'paid', 'cancelled', 'expired', 'refunded', 'partiallyRefunded'];

/** Everything, the newest first, as lists show it. */
const listed = (items: readonly object[]): object => ({ items: items.toReversed(), nextCursor: null });

export async function readAll(reading: Reading, scene: Scene, callers: ReadonlyMap<string, Caller>, past: Past): Promise<void> {
  const { staff, customers, stranger } = scene;
  const caller = (userId: string): Caller => {
    const found = callers.get(userId);
    if (found === undefined) throw new Error(`${userId} is not in the shop`);
    return found;
  };
  const byStaff = caller(staff.userId);
  for (const { userId } of customers) await readUser(reading, scene, userId, (path) => caller(userId).get(path));
  const inTheirName = (userId: string) => (path: string) =>
    byStaff.get(`${path}${path.includes('?') ? '&' : '?'}userId=${encodeURIComponent(userId)}`);
  for (const userId of usersOf(scene).slice(customers.length)) await readUser(reading, scene, userId, inTheirName(userId));
  await readGoods(reading, scene, byStaff, caller(stranger.userId));
  await readCoupons(reading, scene, caller(stranger.userId));
  for (const payment of payments(scene.world).filter(({ refunds }) => refunds.length > 0)) {
    await reading.ask({ actor: staff, ask: { do: 'listRefunds', id: payment.id.value }, key: null, isSpoiled: false });
  }
  await readRanking(reading, byStaff, caller(stranger.userId), past);
  const audited = await byStaff.post('/audit');
  reading.expect(
    'the audit',
    { isClean: true, differences: [] },
    { isClean: audited.body['isClean'], differences: audited.body['differences'] },
  );
}

async function readUser(reading: Reading, scene: Scene, userId: string, get: (path: string) => Promise<Answered>): Promise<void> {
  const { world } = scene;
  const own = <T extends { readonly userId: string }>(all: readonly T[]): T[] => all.filter((each) => each.userId === userId);
  const compare = async (path: string, expected: object): Promise<void> =>
    reading.expect(`${path} of ${userId}`, expected, (await get(path)).body);
  const shownPayments = payments(world).filter(({ order }) => order.userId === userId);
  await compare('/balance', { userId, amount: balanceOf(world, userId), currency: 'KRW' });
  await compare('/balance/history?limit=100', listed(own(world.entries).map(shownEntry)));
  await compare('/me/coupons?limit=100', listed(own(world.userCoupons).map((coupon) => shownUserCoupon(world, coupon))));
  await compare('/orders?limit=100', listed(own(world.orders).map((order) => shownOrder(world, order))));
  await compare(
    '/payments?limit=100',
    listed(shownPayments.toSorted((one, other) => (one.id.value < other.id.value ? -1 : 1)).map(shownPayment)),
  );
  const status = STATUSES[world.tick % STATUSES.length] ?? 'paid';
  const ofStatus = own(world.orders).filter((order) => statusOf(world, order) === status);
  await compare(`/orders?limit=100&status=${status}`, listed(ofStatus.map((order) => shownOrder(world, order))));
}

async function readGoods(reading: Reading, { world, tag }: Scene, staff: Caller, anyone: Caller): Promise<void> {
  const active = world.products.filter(({ status }) => status === 'active');
  const toSell = active.filter(({ options }) => options.some((option) => option.status === 'active' && availableOf(world, option) > 0));
  const path = `/products?limit=100&search=${tag}`;
  const shown = (products: typeof active, isStaff: boolean): object =>
    listed(products.map((product) => shownProduct(world, product, isStaff)));
  reading.expect(`${path} for staff`, shown(world.products, true), (await staff.get(path)).body);
  reading.expect(`${path} for anyone`, shown(active, false), (await anyone.get(path)).body);
  reading.expect(`${path} to sell`, shown(toSell, false), (await anyone.get(`${path}&inStock=true`)).body);
}

async function readCoupons(reading: Reading, { world, stranger }: Scene, anyone: Caller): Promise<void> {
  for (const { id } of world.coupons) {
    await reading.ask({ actor: stranger, ask: { do: 'getCoupon', id: id.value }, key: null, isSpoiled: false });
  }
  const ids = new Set(world.coupons.map(({ id }) => id.value));
  const lasting = world.coupons.filter((coupon) => couponStatus(world, coupon) !== 'expired').map((coupon) => shownCoupon(world, coupon));
  const { items } = (await anyone.get('/coupons?limit=100')).body;
  reading.expect(
    '/coupons',
    lasting.toReversed(),
    items.filter(({ id }) => ids.has(id)),
  );
}

async function readRanking(reading: Reading, staff: Caller, anyone: Caller, past: Past): Promise<void> {
  const { body: ranking } = await staff.post('/rankings/refresh');
  reading.expect('the ranking', null, whyNotRanking(past, ranking.items));
  reading.expect('the ranking for anyone', ranking, (await anyone.get('/products/rank')).body);
}

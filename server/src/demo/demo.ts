/**
 * Fills an empty shop with the demo, through the services, so that it is what users could have made.
 *
 * Every write carries a fixed idempotency key: processes that start at once on one database make one demo together.
 */
import type { Services } from '../app.ts';
import type { Answer, WriteKey } from '../commit/commit.types.ts';
import { assert, present } from '../kernel/assert.ts';
import { Refusal } from '../kernel/errors.ts';
import { DEMO_BUYER_BALANCE, DEMO_COUPONS, DEMO_ORDERS, DEMO_PEOPLE, DEMO_PRODUCTS, type DemoCoupon, type DemoOrder } from './demo.data.ts';

/** Who can sign in to the demo, a line each, for the terminal. */
export const DEMO_LINES: readonly string[] = DEMO_PEOPLE.map(
  ({ role, email, password }) => `  demo ${role}: ${email}, password ${password}`,
);

/** Whether someone can sign in with a password of the demo, or once could. */
export async function hasDemoAccounts({ accounts }: Services): Promise<boolean> {
  if (accounts === null) return false;
  const there = await Promise.all(DEMO_PEOPLE.map(({ email }) => accounts.hasAccount(email)));
  return there.includes(true);
}

const STAFF = 'demo-staff';
const HOUR_MS = 3_600_000;
const COUPON_DAYS = 30;

/** A customer of the demo with an account. */
interface Customer {
  readonly userId: string;
  readonly email: string;
  readonly balance: number;
}

/**
 * Makes the demo where there is no product, hidden ones included; gives whether it did. Without the built-in accounts
 * the demo has none. What the shop's settings forbid, such as a charge over `MAX_CHARGE`, is left out.
 */
export async function seedDemo(services: Services): Promise<boolean> {
  const { items } = await services.products.list({ limit: 1 }, true);
  if (items.length > 0) return false;
  // Products come after what does not need them: a start that is cut off before them is made up for by the next one.
  const [customers, coupons] = await Promise.all([ensureAccounts(services), createCoupons(services)]);
  const [optionIds] = await Promise.all([
    createProducts(services),
    claimCoupons(services, coupons, customers),
    chargeBalances(services, customers),
  ]);
  const paymentIds = await Promise.all(DEMO_ORDERS.map((order) => buy(services, order, optionIds)));
  await refundOneUnit(services, paymentIds[0] ?? null, optionIds);
  await services.rankings.refresh(null, null);
  return true;
}

async function ensureAccounts({ accounts }: Services): Promise<Customer[]> {
  if (accounts === null) return [];
  const people = await Promise.all(
    DEMO_PEOPLE.map(async ({ name, email, password, role, balance }) => {
      const userId = await accounts.ensureDemoAccount({ name, email, password, role });
      return { userId, email, role, balance };
    }),
  );
  return people.filter(({ role }) => role === 'customer');
}

/** Gives the coupons' ids by their slugs. */
async function createCoupons({ coupons }: Services): Promise<Map<string, string>> {
  const now = Date.now();
  const create = async ({ slug, startsInHours, name, discount, minOrderAmount, quantity }: DemoCoupon): Promise<[string, string]> => {
    const startsAt = startsInHours === 0 ? null : new Date(now + startsInHours * HOUR_MS);
    const expiresAt = new Date(now + COUPON_DAYS * 24 * HOUR_MS);
    const command = { kind: 'create', staffId: STAFF, name, discount, minOrderAmount, quantity, startsAt, expiresAt } as const;
    return [slug, idOf(accepted(await coupons.write(command, keyOf(`coupon/${slug}`))))];
  };
  return new Map(await Promise.all(DEMO_COUPONS.map(create)));
}

/** Gives the options' ids by their SKUs. */
async function createProducts({ products }: Services): Promise<Map<string, string>> {
  const created = DEMO_PRODUCTS.map(async ({ name, description, status = 'active', options }, index) => {
    const command = { kind: 'createProduct', staffId: STAFF, name, description, status, options } as const;
    accepted(await products.write(command, keyOf(`product/${index}`)));
  });
  await Promise.all(created);
  const { items } = await products.list({ limit: 100 }, true);
  return new Map(items.flatMap(({ options }) => options.map(({ sku, id }) => [sku, id])));
}

async function claimCoupons({ coupons }: Services, couponIds: ReadonlyMap<string, string>, customers: readonly Customer[]): Promise<void> {
  const claim = async (slug: string, name: string, userId: string): Promise<void> => {
    const couponId = present(couponIds.get(slug), 'a coupon of the demo');
    accepted(await coupons.write({ kind: 'issue', couponId, userId }, keyOf(`claim/${slug}/${name}`)));
  };
  const byFans = DEMO_COUPONS.flatMap(({ slug, claimedByFans }) =>
    Array.from({ length: claimedByFans }, (_none, index) => {
      const fan = `demo-fan-${String(index + 1).padStart(3, '0')}`;
      return claim(slug, fan, fan);
    }),
  );
  await Promise.all([...byFans, ...customers.map(({ userId, email }) => claim('welcome', email, userId))]);
}

async function chargeBalances({ balances }: Services, customers: readonly Customer[]): Promise<void> {
  const buyers = DEMO_ORDERS.map(({ buyer }) => ({ userId: buyer, name: buyer, amount: DEMO_BUYER_BALANCE }));
  const all = [...buyers, ...customers.map(({ userId, email, balance }) => ({ userId, name: email, amount: balance }))];
  await Promise.all(
    all.map(({ userId, name, amount }) => balances.charge({ staffId: null, userId, amount, reference: null }, keyOf(`charge/${name}`))),
  );
}

/** Gives the payment's id, or null where a setting of the shop does not allow the order or its payment. */
async function buy({ orders, payments }: Services, { buyer, lines }: DemoOrder, optionIds: ReadonlyMap<string, string>) {
  const wanted = lines.map(({ sku, quantity }) => ({ optionId: optionOf(optionIds, sku), quantity }));
  const placed = await orders.write({ kind: 'place', userId: buyer, lines: wanted, userCouponId: null }, keyOf(`order/${buyer}`));
  if (placed instanceof Refusal) return null;
  const paid = await payments.write({ kind: 'pay', userId: buyer, orderId: idOf(placed) }, keyOf(`payment/${buyer}`));
  return paid instanceof Refusal ? null : idOf(paid);
}

async function refundOneUnit({ payments }: Services, paymentId: string | null, optionIds: ReadonlyMap<string, string>): Promise<void> {
  const sku = DEMO_ORDERS[0]?.lines[0]?.sku;
  if (paymentId === null || sku === undefined) return;
  const lines = [{ optionId: optionOf(optionIds, sku), quantity: 1 }];
  const reason = '사이즈 교환 · exchanged for another size';
  const command = { kind: 'refund', staffId: STAFF, paymentId, lines, restock: true, reason } as const;
  accepted(await payments.write(command, keyOf('refund')));
}

function optionOf(optionIds: ReadonlyMap<string, string>, sku: string): string {
  return present(optionIds.get(sku), `the option ${sku} of the demo`);
}

function keyOf(step: string): WriteKey {
  return { userId: 'demo', operation: 'demo', key: step, requestHash: '' };
}

function accepted(answer: Answer | Refusal): Answer {
  assert(!(answer instanceof Refusal), 'nothing stands in the way of this write of the demo');
  return answer;
}

function idOf({ json }: Answer): string {
  const created: unknown = JSON.parse(json);
  assert(typeof created === 'object' && created !== null && 'id' in created && typeof created.id === 'string', 'what is created has an id');
  return created.id;
}

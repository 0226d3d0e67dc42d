/** The shop that a history happens in: what it has before, and what it holds afterwards. */
import { createTokenMinter } from '../../server/src/http/auth.ts';
import { type Body, type Caller, createCaller } from '../../server/test/support/caller.ts';
import { listed } from '../../server/test/support/fault-load.ts';
import { expectStatus, HOUR_MS, later, tag } from '../../server/test/support/goods.ts';
import { TEST_SECRET } from '../../server/test/support/shop.ts';
import type { Doors } from './clients.ts';
import { type Closing, type Opening, STAFF } from './history.ts';

export interface Floor {
  readonly opening: Opening;
  readonly doors: Doors;
  /** Reads what there is now, at the first server. */
  closing(): Promise<Closing>;
}

const TOKEN_TTL_SECONDS = 3600;
/** Few enough that charges are refused now and then. */
export const MAX_BALANCE = 60_000;
const OPERATIONS_A_USER = 40;
const OPERATIONS_A_COUPON = 60;

/** Opens new goods for new users, as many as so many operations want to be scarce. */
export async function openFloor(baseUrls: readonly string[], operations: number): Promise<Floor> {
  const name = tag();
  const mint = createTokenMinter({ secret: TEST_SECRET, issuer: null, audience: null });
  const userIds = Array.from({ length: Math.max(6, Math.round(operations / OPERATIONS_A_USER)) }, (_, index) => `${name}-${index}`);
  const doors = new Map<string, readonly Caller[]>();
  for (const userId of [...userIds, STAFF]) {
    const token = await mint({ sub: userId, ttlSeconds: TOKEN_TTL_SECONDS, ...(userId === STAFF ? { role: 'staff' as const } : {}) });
    doors.set(
      userId,
      baseUrls.map((baseUrl) => createCaller(baseUrl, userId, token)),
    );
  }
  const at = (userId: string): Caller => {
    const caller = doors.get(userId)?.[0];
    if (caller === undefined) throw new Error(`${userId} has no door`);
    return caller;
  };
  const opening = { ...(await stockUp(at(STAFF), operations)), userIds, maxBalance: MAX_BALANCE };
  return { opening, doors, closing: () => closingOf(opening, at) };
}

async function stockUp(staff: Caller, operations: number): Promise<Pick<Opening, 'productId' | 'options' | 'coupons'>> {
  const wanted = [
    { price: 700, stock: Math.ceil(operations / 60) },
    { price: 1100, stock: Math.ceil(operations / 12) },
    { price: 1900, stock: operations },
  ];
  const made = await staff.post('/products', {
    name: `Product ${tag()}`,
    options: wanted.map((option) => ({ ...option, sku: tag(), name: 'one' })),
  });
  const product = expectStatus(made, 201).body;
  const options = wanted.map(({ price, stock }, index) => ({ price, stock, id: product.options[index]?.id ?? '' }));
  const quantity = Math.ceil(operations / OPERATIONS_A_COUPON / 2) + 1;
  const coupons = [];
  for (let count = 0; count < Math.ceil(operations / OPERATIONS_A_COUPON); count += 1) {
    const amount = 100 + count;
    const body = { name: `Coupon ${tag()}`, discount: { type: 'fixed', amount }, quantity, expiresAt: later(HOUR_MS) };
    coupons.push({ id: expectStatus(await staff.post('/coupons', body), 201).body.id, quantity, amount });
  }
  return { productId: product.id, options, coupons };
}

async function closingOf({ userIds, coupons, productId }: Opening, at: (userId: string) => Caller): Promise<Closing> {
  const staff = at(STAFF);
  const ofAll = async (path: string): Promise<Body[]> => (await Promise.all(userIds.map((userId) => listed(at(userId), path)))).flat();
  const ledgers = await Promise.all(
    userIds.map(async (userId) => [userId, (await listed(at(userId), '/balance/history')).toReversed()] as const),
  );
  return {
    ledgers: new Map(ledgers),
    coupons: await Promise.all(coupons.map(async ({ id }) => expectStatus(await staff.get(`/coupons/${id}`), 200).body)),
    userCoupons: await ofAll('/me/coupons'),
    orders: await ofAll('/orders'),
    payments: await ofAll('/payments'),
    options: expectStatus(await staff.get(`/products/${productId}`), 200).body.options,
  };
}

/** Random commands as plain data: who, what, and of which of the things that are there by then. */
import fc from 'fast-check';
import type { Ask } from './asks.ts';
import { type Actor, type Discount, MAX_MONEY, type Moment, options, payments, TICK_MS, type World } from './world.ts';

/** Nothing has this id. */
const NO_ID = '01900000-0000-7000-8000-000000000000';
/** Of `which`, the values from here on mean a thing that is not there. */
const MISSING = 24;

/** Weighted by hand, because plain ranges favour their ends. */
const which = fc.oneof(
  { weight: 40, arbitrary: fc.nat(MISSING - 3) },
  { weight: 2, arbitrary: fc.constantFrom(MISSING - 2, MISSING - 1) },
  { weight: 1, arbitrary: fc.constant(MISSING) },
);
const small = fc.integer({ min: 1, max: 4 });
const price = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 3000 }) },
  { weight: 1, arbitrary: fc.constantFrom(MAX_MONEY, MAX_MONEY, 0) },
);
const stock = fc.nat(12);
const maxPerUser = fc.option(fc.integer({ min: 1, max: 5 }), { freq: 2 });
const visibility = fc.oneof(
  { weight: 9, arbitrary: fc.constant('active' as const) },
  { weight: 1, arbitrary: fc.constant('hidden' as const) },
);
/** Of SKUs, the lower ones are likely to be taken. */
const sku = fc.nat(40);
const money = fc.integer({ min: 1, max: 4000 });
const discount: fc.Arbitrary<Discount> = fc.oneof(
  fc.record({ type: fc.constant('fixed' as const), amount: money }),
  fc.record(
    { type: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }), maxAmount: money },
    { requiredKeys: ['type', 'percent'] },
  ),
);
const newOption = fc.record({ sku, price, status: visibility, maxPerUser, stock }, { requiredKeys: ['sku', 'price', 'stock'] });
const lines = fc.array(
  fc.record({ which, quantity: fc.oneof({ weight: 30, arbitrary: small }, { weight: 1, arbitrary: fc.constantFrom(99, 999) }) }),
  { minLength: 1, maxLength: 3 },
);
const ticks = fc.integer({ min: -1, max: 9 });

const doing = {
  createProduct: fc.record({
    do: fc.constant('createProduct' as const),
    options: fc.array(newOption, { maxLength: 2 }),
    status: visibility,
  }),
  updateProduct: fc.record({ do: fc.constant('updateProduct' as const), which, status: visibility }),
  addOption: fc.record({ do: fc.constant('addOption' as const), which, option: newOption }),
  updateOption: fc.record({
    do: fc.constant('updateOption' as const),
    which,
    patch: fc.record({ sku, price, status: visibility, maxPerUser }, { requiredKeys: [] }),
  }),
  adjustStock: fc.record({
    do: fc.constant('adjustStock' as const),
    which,
    delta: fc.integer({ min: -6, max: 6 }).filter((delta) => delta !== 0),
  }),
  createCoupon: fc.record({
    do: fc.constant('createCoupon' as const),
    discount,
    minOrderAmount: fc.option(money, { freq: 2, nil: undefined }),
    quantity: fc.integer({ min: 0, max: 5 }),
    startsIn: fc.option(fc.integer({ min: -2, max: 3 }), { freq: 2, nil: undefined }),
    lasts: fc.integer({ min: 1, max: 9 }),
  }),
  updateCoupon: fc.record({
    do: fc.constant('updateCoupon' as const),
    which,
    patch: fc.oneof(
      fc.record({ quantity: fc.nat(4) }),
      fc.record({ expiresIn: ticks }),
      fc.record({ discount, minOrderAmount: money }, { requiredKeys: [] }),
    ),
  }),
  issueCoupon: fc.record({ do: fc.constant('issueCoupon' as const), which }),
  charge: fc.record({
    do: fc.constant('charge' as const),
    amount: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -50, max: 21_000 }) },
      { weight: 2, arbitrary: fc.constantFrom(500, 20_000) },
    ),
    reference: fc.option(fc.nat(2), { freq: 2, nil: undefined }),
    of: fc.option(fc.nat(3), { freq: 3, nil: undefined }),
  }),
  placeOrder: fc.record({ do: fc.constant('placeOrder' as const), lines, coupon: fc.option(which, { freq: 2, nil: undefined }) }),
  cancelOrder: fc.record({ do: fc.constant('cancelOrder' as const), which }),
  pay: fc.record({ do: fc.constant('pay' as const), which }),
  refund: fc.record({
    do: fc.constant('refund' as const),
    which,
    lines: fc.option(lines, { freq: 3, nil: undefined }),
    restock: fc.boolean(),
  }),
  getProduct: fc.record({ do: fc.constant('getProduct' as const), which }),
  getBalance: fc.record({ do: fc.constant('getBalance' as const), of: fc.nat(3) }),
  getCoupon: fc.record({ do: fc.constant('getCoupon' as const), which }),
  getOrder: fc.record({ do: fc.constant('getOrder' as const), which }),
  getPayment: fc.record({ do: fc.constant('getPayment' as const), which }),
  listRefunds: fc.record({ do: fc.constant('listRefunds' as const), which }),
};

type Valued<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Wish = Valued<(typeof doing)[keyof typeof doing]>;

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 2, arbitrary: doing.createProduct },
  { weight: 2, arbitrary: doing.updateProduct },
  { weight: 2, arbitrary: doing.addOption },
  { weight: 2, arbitrary: doing.updateOption },
  { weight: 3, arbitrary: doing.adjustStock },
  { weight: 2, arbitrary: doing.createCoupon },
  { weight: 3, arbitrary: doing.updateCoupon },
  { weight: 7, arbitrary: doing.issueCoupon },
  { weight: 5, arbitrary: doing.charge },
  { weight: 16, arbitrary: doing.placeOrder },
  { weight: 4, arbitrary: doing.cancelOrder },
  { weight: 10, arbitrary: doing.pay },
  { weight: 7, arbitrary: doing.refund },
  { weight: 1, arbitrary: doing.getProduct },
  { weight: 1, arbitrary: doing.getBalance },
  { weight: 1, arbitrary: doing.getCoupon },
  { weight: 1, arbitrary: doing.getOrder },
  { weight: 1, arbitrary: doing.getPayment },
  { weight: 1, arbitrary: doing.listRefunds },
);

/** The 72 hours of the ranking. */
export const LONG_WAIT_TICKS = 432;

/** Who asks: mostly one who may, 18 somebody else, 19 nobody known. */
const who = fc.oneof(
  { weight: 54, arbitrary: fc.nat(17) },
  { weight: 1, arbitrary: fc.constant(18) },
  { weight: 1, arbitrary: fc.constant(19) },
);
const asking = fc.record({
  wish,
  who,
  /** Of a few, so that one is now and then used again for something else. */
  key: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(5) }),
  isSpoiled: fc.oneof({ weight: 50, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

export type Asking = Valued<typeof asking>;

const waitOf = (wait: number) => fc.constant({ wait });

const step = fc.oneof(
  { weight: 30, arbitrary: asking },
  /** The last write with a key but so many, once more. */
  { weight: 3, arbitrary: fc.record({ again: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.oneof({ weight: 19, arbitrary: waitOf(6) }, { weight: 1, arbitrary: waitOf(LONG_WAIT_TICKS) }) },
);

export type Step = Valued<typeof step>;

/** So many steps; where a sequence fails, steps that do not matter shrink to null. */
export function sequencesOf(length: number): fc.Arbitrary<(Step | null)[]> {
  return fc.array(fc.option(step, { freq: 1_000_000_000 }), { minLength: length, maxLength: length });
}

/** Who is in the shop during a sequence, and how its things are called. */
export interface Scene {
  readonly tag: string;
  readonly customers: readonly [Actor, Actor];
  readonly staff: Actor;
  readonly stranger: Actor;
  readonly world: World;
  /** The server's time at tick 0. */
  readonly startMs: number;
}

export const usersOf = ({ customers, staff, tag }: Scene): string[] => [
  ...customers.map(({ userId }) => userId),
  staff.userId,
  `${tag}-absent`,
];

const STAFFS: ReadonlySet<string> = new Set([
  'createProduct',
  'updateProduct',
  'addOption',
  'updateOption',
  'adjustStock',
  'createCoupon',
  'updateCoupon',
  'refund',
]);

export function actorOf({ customers, staff, stranger }: Scene, { wish: wished, who: drawn }: Asking): Actor {
  if (drawn === 19) return stranger;
  const [first, second] = customers;
  if (STAFFS.has(wished.do)) return drawn === 18 ? first : staff;
  if (drawn >= 17) return staff;
  return drawn % 3 === 2 ? second : first;
}

interface Identified {
  readonly id: { readonly value: string };
}

/** One of the things, the newest first; mostly one of `own`. */
function oneOf(drawn: number, all: readonly Identified[], own: readonly Identified[] = all): string {
  const from = own.length === 0 || drawn >= MISSING - 2 ? all : own;
  if (drawn === MISSING || from.length === 0) return NO_ID;
  return from[from.length - 1 - (drawn % from.length)]?.id.value ?? NO_ID;
}

export function momentOf({ startMs }: Pick<Scene, 'startMs'>, tick: number): Moment {
  return { tick, shown: new Date(startMs + tick * TICK_MS).toISOString() };
}

function optionOf(tag: string, { sku: number, ...rest }: Valued<typeof newOption>) {
  return { sku: `${tag}-${number}`, name: `Option ${number}`, ...rest };
}

function linesOf({ world }: Scene, drawn: Valued<typeof lines>) {
  return drawn.map((line) => ({ optionId: oneOf(line.which, options(world)), quantity: line.quantity }));
}

/** What is asked, of the things that are there by now. */
export function askOf(scene: Scene, { wish: wished }: Asking, actor: Actor): Ask {
  const { tag, world } = scene;
  const own = <T extends { readonly userId: string }>(all: readonly T[]): T[] => all.filter(({ userId }) => userId === actor.userId);
  switch (wished.do) {
    case 'createProduct':
      return {
        do: 'createProduct',
        body: { name: `${tag} product`, status: wished.status, options: wished.options.map((each) => optionOf(tag, each)) },
      };
    case 'updateProduct':
      return {
        do: 'updateProduct',
        id: oneOf(wished.which, world.products),
        body: { status: wished.status, name: `${tag} renamed ${wished.which}` },
      };
    case 'addOption':
      return { do: 'addOption', id: oneOf(wished.which, world.products), body: optionOf(tag, wished.option) };
    case 'updateOption': {
      const { sku: number, ...rest } = wished.patch;
      const body = { ...rest, ...(number === undefined ? {} : { sku: `${tag}-${number}`, name: `Renamed ${number}` }) };
      return { do: 'updateOption', id: oneOf(wished.which, options(world)), body };
    }
    case 'adjustStock':
      return { do: 'adjustStock', id: oneOf(wished.which, options(world)), body: { delta: wished.delta, reason: 'counted' } };
    case 'createCoupon':
      return { do: 'createCoupon', body: newCouponOf(scene, wished) };
    case 'updateCoupon':
      return { do: 'updateCoupon', id: oneOf(wished.which, world.coupons), body: couponPatchOf(scene, wished.patch) };
    case 'charge': {
      const userId = wished.of === undefined ? undefined : usersOf(scene)[wished.of];
      const { amount, reference } = wished;
      const optional = { ...(reference === undefined ? {} : { reference: `r${reference}` }), ...(userId === undefined ? {} : { userId }) };
      return { do: 'charge', body: { amount, ...optional } };
    }
    case 'placeOrder': {
      const body = { lines: linesOf(scene, wished.lines) };
      const mine = own(world.userCoupons);
      const { coupon } = wished;
      if (coupon === undefined || (mine.length === 0 && coupon < MISSING - 2)) return { do: 'placeOrder', body };
      return { do: 'placeOrder', body: { ...body, userCouponId: oneOf(coupon, world.userCoupons, mine) } };
    }
    case 'pay':
      return { do: 'pay', body: { orderId: oneOf(wished.which, world.orders, own(world.orders)) } };
    case 'refund':
      return { do: 'refund', id: oneOf(wished.which, payments(world)), body: newRefundOf(scene, wished) };
    case 'getBalance':
      return { do: 'getBalance', of: usersOf(scene)[wished.of] ?? tag };
    case 'getProduct':
      return { do: wished.do, id: oneOf(wished.which, world.products) };
    case 'issueCoupon':
    case 'getCoupon':
      return { do: wished.do, id: oneOf(wished.which, world.coupons) };
    case 'cancelOrder':
    case 'getOrder':
      return { do: wished.do, id: oneOf(wished.which, world.orders, actor.role === 'staff' ? world.orders : own(world.orders)) };
    case 'getPayment':
    case 'listRefunds':
      return { do: wished.do, id: oneOf(wished.which, payments(world)) };
  }
}

function newCouponOf(scene: Scene, wished: Valued<typeof doing.createCoupon>) {
  const { discount: terms, quantity, minOrderAmount, startsIn, lasts } = wished;
  const { tick } = scene.world;
  return {
    name: `${scene.tag} coupon`,
    discount: terms,
    quantity,
    expiresAt: momentOf(scene, tick + (startsIn ?? 0) + lasts),
    ...(minOrderAmount === undefined ? {} : { minOrderAmount }),
    ...(startsIn === undefined ? {} : { startsAt: momentOf(scene, tick + startsIn) }),
  };
}

function couponPatchOf(scene: Scene, patch: Valued<typeof doing.updateCoupon>['patch']) {
  return 'expiresIn' in patch ? { expiresAt: momentOf(scene, scene.world.tick + patch.expiresIn) } : patch;
}

/** Mostly units that the payment was for. */
function newRefundOf(scene: Scene, wished: Valued<typeof doing.refund>) {
  const { restock, lines: drawn } = wished;
  const paid = payments(scene.world);
  const payment = paid.find(({ id }) => id.value === oneOf(wished.which, paid));
  const bought = payment?.order.lines.map(({ option }) => option) ?? [];
  const some = drawn?.map((line) => ({ optionId: oneOf(line.which, options(scene.world), bought), quantity: line.quantity }));
  return { restock, reason: 'sent back', ...(some === undefined ? {} : { lines: some }) };
}

/** The rules of orders: whatever a batch holds, stock and coupons are conserved, and a refusal is the first of the contract's order. */
import fc from 'fast-check';
import type { UserCoupon } from '../../server/src/coupon/coupon.types.ts';
import { MAX_MONEY } from '../../server/src/kernel/money.ts';
import { decideCancel, decideExpire, decidePlace, holdingKey, type OrderState } from '../../server/src/order/order.rules.ts';
import type { Order, WantedLine } from '../../server/src/order/order.types.ts';
import { at, context, lineWith, offerWith, orderState, orderWith, outcome, userCouponWith } from '../../server/test/support/rules.ts';
import { prove } from '../support/proof.ts';
import { hold, LONG_CASES, SHORT_CASES, sumOf, tryCases } from './cases.ts';

const OPTIONS = ['a', 'b'] as const;
const USERS = ['user', 'other'] as const;
const ON_HAND = 8;
const PENDING_MAX = 3;
const DUE_UNITS = 2;

const option = fc.record({
  price: fc.oneof({ weight: 6, arbitrary: fc.nat(1000) }, { weight: 1, arbitrary: fc.constant(MAX_MONEY) }),
  isHidden: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  maxPerUser: fc.option(fc.integer({ min: 1, max: 5 }), { freq: 2 }),
});
const coupon = fc.record({
  amount: fc.integer({ min: 1, max: 1500 }),
  minOrderAmount: fc.nat(1500),
  isOver: fc.boolean(),
  isUsed: fc.boolean(),
});
const unit = fc.integer({ min: 0, max: 5 });
const command = fc.record({
  kind: fc.constantFrom('place', 'place', 'place', 'cancel', 'expire'),
  isOther: fc.boolean(),
  /** Units of a, of b, and of what does not exist, where the last is one. */
  units: fc.tuple(unit, unit, fc.nat(12)),
  isTurned: fc.boolean(),
  /** The coupon of this place, a missing one, or none. */
  coupon: fc.nat(5),
  which: fc.nat(5),
  byStaff: fc.boolean(),
});
const batch = fc.record({
  options: fc.tuple(option, option),
  coupons: fc.tuple(coupon, coupon, coupon),
  commands: fc.array(command, { minLength: 1, maxLength: 7 }),
});

type Batch = typeof batch extends fc.Arbitrary<infer T> ? T : never;
type Command = Batch['commands'][number];

/** Two options, three coupons of `user`'s, and an order of `other`'s that is due. */
function stateOf({ options, coupons }: Batch): OrderState {
  const offers = OPTIONS.map((id, index) => {
    const { price = 0, isHidden = false, maxPerUser = null } = options[index] ?? {};
    return offerWith(id, { price, maxPerUser, status: isHidden ? 'hidden' : 'active' });
  });
  const due = orderWith({
    id: 'due',
    userId: 'other',
    lines: [lineWith({ quantity: DUE_UNITS })],
    subtotal: 2000,
    total: 2000,
    expiresAt: at(0),
  });
  const userCoupons = coupons.map(({ amount, minOrderAmount, isOver, isUsed }, index) => {
    const standing: Partial<UserCoupon> = isUsed ? { status: 'used', orderId: 'earlier' } : {};
    const terms = { discount: { type: 'fixed', amount }, minOrderAmount, expiresAt: at(isOver ? 0 : 1) } as const;
    return userCouponWith({ id: `coupon ${index}`, ...terms, ...standing });
  });
  const stock = [
    { optionId: 'a', onHand: ON_HAND, reserved: DUE_UNITS },
    { optionId: 'b', onHand: ON_HAND, reserved: 0 },
  ];
  const holdings = Object.fromEntries(OPTIONS.flatMap((id) => USERS.map((userId) => [holdingKey(userId, id), 0])));
  const state = orderState({ offers, stock, userCoupons, due: [due], holdings });
  state.pending.set('other', 0);
  return state;
}

const open = (state: OrderState): Order[] => [...state.orders.values()].filter(({ status }) => status === 'pending');
const unitsOf = (orders: readonly Order[], optionId: string): number =>
  sumOf(orders.flatMap(({ lines }) => lines.map((line) => (line.optionId === optionId ? line.quantity : 0))));

function linesOf({ units, isTurned }: Command): WantedLine[] {
  const [a, b, unknown] = units;
  const drawn = [
    { optionId: 'a', quantity: a },
    { optionId: 'b', quantity: b },
    { optionId: 'unknown', quantity: unknown === 1 ? 1 : 0 },
  ].filter(({ quantity }) => quantity > 0);
  const lines = isTurned ? drawn.toReversed() : drawn;
  return lines.length === 0 ? [{ optionId: 'a', quantity: 1 }] : lines;
}

/** The refusals that the contract has for an order, in its order, worked out from the orders that there are. */
function refusalOf(state: OrderState, userId: string, lines: readonly WantedLine[], userCouponId: string | null): string {
  const pending = open(state).filter(({ id }) => id !== 'due');
  const own = pending.filter((order) => order.userId === userId);
  const offer = (id: string) => state.offers.get(id) ?? offerWith(id);
  const left = (id: string): number => ON_HAND - unitsOf(open(state), id);
  const leftToUser = (id: string): number => (offer(id).maxPerUser ?? MAX_MONEY) - unitsOf(own, id);
  const unknown = lines.find(({ optionId }) => !state.offers.has(optionId));
  if (unknown !== undefined) return 'OPTION_NOT_FOUND "unknown"';
  const hidden = lines.find(({ optionId }) => offer(optionId).status === 'hidden');
  if (hidden !== undefined) return `OPTION_NOT_FOR_SALE "${hidden.optionId}"`;
  const short = lines.find(({ optionId, quantity }) => left(optionId) < quantity);
  if (short !== undefined) return `OUT_OF_STOCK "${short.optionId}" ${left(short.optionId)}`;
  const limited = lines.find(({ optionId, quantity }) => leftToUser(optionId) < quantity);
  if (limited !== undefined) return `PURCHASE_LIMIT_EXCEEDED "${limited.optionId}" ${leftToUser(limited.optionId)}`;
  if (own.length >= PENDING_MAX) return 'TOO_MANY_PENDING_ORDERS';
  const subtotal = lines.reduce((sum, { optionId, quantity }) => sum + BigInt(offer(optionId).price) * BigInt(quantity), 0n);
  if (subtotal > BigInt(MAX_MONEY)) return 'ORDER_TOTAL_TOO_LARGE';
  if (userCouponId === null) return 'ok';
  const used = state.userCoupons.get(userCouponId);
  if (used === undefined || userId !== 'user') return 'COUPON_INVALID "notFound"';
  if (own.some((order) => order.userCouponId === userCouponId)) return 'COUPON_INVALID "held"';
  if (used.status === 'used') return 'COUPON_INVALID "used"';
  if (used.expiresAt.getTime() === at(0).getTime()) return 'COUPON_INVALID "expired"';
  return Number(subtotal) < used.minOrderAmount ? 'COUPON_INVALID "belowMinimum"' : 'ok';
}

/** Runs the command; gives what it said and what it should have said. */
function decide(state: OrderState, drawn: Command): [said: string, expected: string] {
  const { kind, isOther, coupon: couponNumber, which, byStaff } = drawn;
  const userId = isOther ? 'other' : 'user';
  if (kind === 'expire') {
    const expected = state.orders.get('due')?.status === 'pending' ? 1 : 0;
    return [`${decideExpire(state, context())} expired`, `${expected} expired`];
  }
  if (kind === 'cancel') {
    const order = [...state.orders.values()][which % state.orders.size];
    const isOwn = byStaff || order?.userId === userId;
    const isOpen = order?.status === 'pending' && order.id !== 'due';
    const expected = isOwn ? (isOpen ? 'ok' : 'ORDER_NOT_CANCELLABLE') : 'ORDER_NOT_FOUND';
    return [outcome(decideCancel(state, { userId: byStaff ? null : userId, orderId: order?.id ?? '' }, context())), expected];
  }
  const lines = linesOf(drawn);
  const userCouponId = couponNumber > 3 ? null : `coupon ${couponNumber}`;
  const expected = refusalOf(state, userId, lines, userCouponId);
  return [outcome(decidePlace(state, { kind: 'place', userId, lines, userCouponId }, context())), expected];
}

/** What has to be true of orders, stock and coupons between any two commands. */
function holdTogether(state: OrderState): void {
  const pending = open(state);
  for (const { optionId, onHand, reserved } of state.stock.values()) {
    hold(reserved === unitsOf(pending, optionId) && reserved <= onHand, () => `${reserved} of ${optionId} are reserved`);
    hold(onHand === ON_HAND, 'no order takes units before it is paid');
  }
  for (const userCoupon of state.userCoupons.values()) {
    const holders = pending.filter((order) => order.userCouponId === userCoupon.id);
    hold(holders.length === (userCoupon.status === 'held' ? 1 : 0), () => `${holders.length} orders hold ${userCoupon.id}`);
    hold(userCoupon.status !== 'held' || userCoupon.orderId === holders[0]?.id, 'a held coupon names its order');
  }
  for (const { subtotal, discount, total, lines } of state.orders.values()) {
    hold(total === subtotal - discount && discount >= 0 && total >= 0, 'a total is the subtotal less the discount');
    hold(subtotal === sumOf(lines.map(({ unitPrice, quantity }) => unitPrice * quantity)), 'a subtotal is the sum of its lines');
  }
}

prove(
  'orders of a batch',
  {
    promise: 'Stock and coupons are held once and let go once, and a refusal is the first that the contract names',
    how: 'random batches of placing, cancelling and expiring on the rules alone; every answer predicted, every sum taken after each command',
    unit: 'batches',
    short: SHORT_CASES,
    long: LONG_CASES,
  },
  async (trial) =>
    tryCases(trial, batch, (each) => {
      const state = stateOf(each);
      for (const drawn of each.commands) {
        const before = new Map([...state.orders].map(([id, { status }]) => [id, status]));
        const [said, expected] = decide(state, drawn);
        hold(said === expected, () => `${said} instead of ${expected}`);
        holdTogether(state);
        for (const [id, status] of before) {
          hold(status === 'pending' || state.orders.get(id)?.status === status, 'an order that ended stays as it ended');
        }
      }
    }),
);

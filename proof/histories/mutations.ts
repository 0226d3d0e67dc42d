/** Ways to spoil a correct history, each as a fault of the product would: what the checker must see. */
import type { Body } from '../../server/test/support/caller.ts';
import { isRead } from './effects.ts';
import type { AnomalyKind, History } from './history.ts';
import {
  couponOf,
  doneOf,
  earlier,
  first,
  given,
  inLedger,
  inOrder,
  later,
  present,
  refusal,
  replaced,
  tellAll,
  toldBy,
  toldOf,
  withAttempts,
  withBody,
  withClosing,
} from './spoil.ts';

export interface Mutation {
  readonly name: string;
  /** What the checker must report, among other things. */
  readonly seen: AnomalyKind;
  /** The spoilt history; null where this one offers no place for it. */
  readonly spoil: (history: History) => History | null;
}

/** Two grants change their numbers, in the answers and in the end. */
function swapSequences(history: History): History | null {
  return given(inOrder(doneOf(history, 'issue'), couponOf), ([one, other]) => {
    const [low, high] = [one.told?.body, other.told?.body];
    if (low === undefined || high === undefined) return null;
    const numbers = new Map([
      [low.id, high.sequence],
      [high.id, low.sequence],
    ]);
    const renumbered = <Of extends Body>(body: Of): Of => ({ ...body, sequence: numbers.get(body.id) ?? body.sequence });
    const attempts = history.attempts.map((attempt) =>
      attempt.told === null || attempt.asked.kind !== 'issue'
        ? attempt
        : { ...attempt, told: { ...attempt.told, body: renumbered(attempt.told.body) } },
    );
    return withClosing(withAttempts(history, attempts), { userCoupons: history.closing.userCoupons.map(renumbered) });
  });
}

export const MUTATIONS: readonly Mutation[] = [
  { name: 'an entry of a ledger is lost', seen: 'vanished effect', spoil: (history) => inLedger(history, (ledger) => first(ledger)) },
  {
    name: 'a payment is in the ledger twice',
    seen: 'unexplained effect',
    spoil: (history) =>
      inLedger(history, (ledger) => {
        const paid = ledger.find(({ kind }) => kind === 'payment');
        return paid === undefined ? null : [...ledger, { ...paid, id: 'another', balanceAfter: paid.balanceAfter + paid.delta }];
      }),
  },
  {
    name: 'a balance lost an update',
    seen: 'broken ledger',
    spoil: (history) =>
      given(
        doneOf(history, 'charge').find(
          ({ told, userId }) => history.closing.ledgers.get(userId)?.findIndex(({ id }) => id === told?.body.entryId) !== 0,
        ),
        (attempt) => {
          const id = attempt.told?.body.entryId;
          const balanceAfter = attempt.told?.body.charged ?? 0;
          const spoilt = inLedger(history, (ledger) =>
            ledger.some((entry) => entry.id === id) ? ledger.map((entry) => (entry.id === id ? { ...entry, balanceAfter } : entry)) : null,
          );
          return spoilt === null ? null : tellAll(spoilt, attempt, { amount: balanceAfter });
        },
      ),
  },
  {
    name: 'two charges come in the other order',
    seen: 'out of order',
    spoil: (history) =>
      given(
        inOrder(doneOf(history, 'charge'), ({ userId }) => userId),
        ([one, other]) => {
          const [low, high] = [one.told?.body.entryId, other.told?.body.entryId];
          return inLedger(history, (ledger) => {
            const [from, to] = [ledger.findIndex(({ id }) => id === low), ledger.findIndex(({ id }) => id === high)];
            return from < 0 || to < 0 ? null : ledger.with(from, ledger[to] ?? present(ledger)).with(to, ledger[from] ?? present(ledger));
          });
        },
      ),
  },
  {
    name: 'a balance is read as it was',
    seen: 'stale read',
    spoil: (history) => {
      for (const attempt of history.attempts.filter(({ asked }) => asked.kind === 'readBalance').toReversed()) {
        const charged = doneOf(history, 'charge').filter(
          ({ userId, answeredAt }) => userId === attempt.userId && answeredAt < attempt.calledAt,
        );
        if (charged.length > 0 && attempt.told?.body.amount !== 0) return withBody(history, attempt, { amount: 0 });
      }
      return null;
    },
  },
  {
    name: 'a balance is read that never was',
    seen: 'impossible read',
    spoil: (history) => given(toldOf(history, 'readBalance', '200'), (attempt) => withBody(history, attempt, { amount: 123_456_789 })),
  },
  {
    name: 'a ledger is read without its last entry',
    seen: 'stale read',
    spoil: (history) =>
      given(
        history.attempts.findLast(
          ({ asked, told, userId, calledAt }) =>
            asked.kind === 'readLedger' &&
            (told?.body.items.length ?? 0) > 0 &&
            doneOf(history, 'charge').some(
              (done) => done.userId === userId && done.answeredAt < calledAt && done.told?.body.entryId === told?.body.items[0]?.id,
            ),
        ),
        (attempt) => withBody(history, attempt, { items: attempt.told?.body.items.slice(1) }),
      ),
  },
  { name: 'two coupons have each other’s number', seen: 'out of order', spoil: swapSequences },
  {
    name: 'a coupon is lost',
    seen: 'vanished effect',
    spoil: (history) => withClosing(history, { userCoupons: history.closing.userCoupons.slice(1) }),
  },
  {
    name: 'two coupons have one number',
    seen: 'broken sequence',
    spoil: (history) => {
      const late = history.closing.userCoupons.find(({ sequence }) => sequence === 2);
      const userCoupons = history.closing.userCoupons.map((coupon) => (coupon === late ? { ...coupon, sequence: 1 } : coupon));
      return late === undefined ? null : withClosing(history, { userCoupons });
    },
  },
  {
    name: 'more coupons than there were',
    seen: 'over the quantity',
    spoil: (history) => {
      const coupons = history.opening.coupons.map((coupon) => ({ ...coupon, quantity: 0 }));
      const attempts = history.attempts.filter(({ asked }) => asked.kind !== 'quota');
      return { ...history, attempts, opening: { ...history.opening, coupons } };
    },
  },
  {
    name: 'a coupon shows none issued when some were',
    seen: 'stale read',
    spoil: (history) =>
      given(
        history.attempts.findLast(
          ({ asked, calledAt, server }) =>
            asked.kind === 'readCoupon' &&
            doneOf(history, 'issue').some(
              (done) => couponOf(done) === asked.couponId && done.answeredAt < calledAt && done.server === server,
            ),
        ),
        (attempt) => withBody(history, attempt, { issued: 0, remaining: attempt.told?.body.quantity }),
      ),
  },
  {
    name: 'an order is lost',
    seen: 'vanished effect',
    spoil: (history) => withClosing(history, { orders: history.closing.orders.slice(1) }),
  },
  {
    name: 'a payment is lost, and its order unpaid again',
    seen: 'vanished effect',
    spoil: (history) => {
      const [payment] = history.closing.payments;
      const orders = history.closing.orders.map((order) => (order.id === payment?.orderId ? { ...order, status: 'pending' } : order));
      return withClosing(history, { payments: history.closing.payments.slice(1), orders });
    },
  },
  {
    name: 'nobody was told of an order',
    seen: 'unexplained effect',
    spoil: (history) => {
      const [order] = history.closing.orders;
      return order === undefined ? null : withClosing(history, { orders: [...history.closing.orders, { ...order, id: 'another' }] });
    },
  },
  {
    name: 'a key has two effects',
    seen: 'double effect',
    spoil: (history) =>
      given(
        doneOf(history, 'charge').find(({ key }) => key !== null),
        (attempt) => later(history, attempt, { ...toldBy(attempt), body: { ...toldBy(attempt).body, entryId: 'another' } }),
      ),
  },
  {
    name: 'a key is forgotten',
    seen: 'forgotten key',
    spoil: (history) =>
      given(
        doneOf(history, 'pay').find(({ key }) => key !== null),
        (attempt) => later(history, attempt, refusal(attempt, 'ORDER_ALREADY_PAID')),
      ),
  },
  {
    name: 'what was turned away was done',
    seen: 'turned away, yet done',
    spoil: (history) =>
      given(
        doneOf(history, 'place').find(
          ({ key, id }) => key !== null && !history.attempts.some((other) => other.id !== id && other.key === key),
        ),
        (attempt) => replaced(history, attempt, { isReplayed: true }),
      ),
  },
  {
    name: 'an outcome is never told',
    seen: 'never told',
    spoil: (history) =>
      given(doneOf(history, 'charge')[0], (attempt) =>
        later(history, { ...attempt, key: 'never told' }, { ...toldBy(attempt), verdict: '503 OUTCOME_UNKNOWN' }),
      ),
  },
  {
    name: 'a coupon is called sold out before anyone had one',
    seen: 'false refusal',
    spoil: (history) =>
      given(doneOf(history, 'issue')[0], (attempt) => earlier(history, { ...attempt, key: null }, refusal(attempt, 'COUPON_SOLD_OUT'))),
  },
  {
    name: 'a coupon is called issued before the user had it',
    seen: 'false refusal',
    spoil: (history) =>
      given(doneOf(history, 'issue')[0], (attempt) =>
        earlier(history, { ...attempt, key: null }, refusal(attempt, 'COUPON_ALREADY_ISSUED')),
      ),
  },
  {
    name: 'an option is called out of stock while there is plenty',
    seen: 'false refusal',
    spoil: (history) => {
      const optionId = history.opening.options.at(-1)?.id;
      return given(doneOf(history, 'place')[0], (attempt) =>
        earlier(
          history,
          { ...attempt, key: null, asked: { kind: 'place', lines: [{ optionId: optionId ?? '', quantity: 1 }], userCouponId: null } },
          refusal(attempt, 'OUT_OF_STOCK', { optionId, available: 0 }),
        ),
      );
    },
  },
  {
    name: 'a balance is called too low and was not',
    seen: 'false refusal',
    spoil: (history) =>
      given(doneOf(history, 'pay')[0], (attempt) => {
        const required = history.closing.orders.find(({ id }) => id === attempt.told?.body.orderId)?.total;
        return later(history, { ...attempt, key: null }, refusal(attempt, 'INSUFFICIENT_BALANCE', { required, balance: -1 }));
      }),
  },
  {
    name: 'an order is called paid before it was',
    seen: 'false refusal',
    spoil: (history) =>
      given(doneOf(history, 'pay')[0], (attempt) => earlier(history, { ...attempt, key: null }, refusal(attempt, 'ORDER_ALREADY_PAID'))),
  },
  {
    name: 'an order is paid and cancelled',
    seen: 'two ends of an order',
    spoil: (history) =>
      given(doneOf(history, 'pay')[0], (attempt) =>
        later(
          history,
          { ...attempt, key: null, asked: { kind: 'cancel', orderId: attempt.told?.body.orderId ?? '' } },
          { ...toldBy(attempt), verdict: '200' },
        ),
      ),
  },
  {
    name: 'an order is read unpaid after it was paid',
    seen: 'stale read',
    spoil: (history) =>
      given(doneOf(history, 'pay')[0], (attempt) =>
        later(
          history,
          { ...attempt, key: null, asked: { kind: 'readOrder', orderId: attempt.told?.body.orderId ?? '' } },
          { ...toldBy(attempt), verdict: '200', body: { ...toldBy(attempt).body, status: 'pending' } },
        ),
      ),
  },
  {
    name: 'a coupon is on two orders',
    seen: 'coupon used twice',
    spoil: (history) => {
      const used = doneOf(history, 'place').find(
        ({ asked, told }) =>
          asked.kind === 'place' &&
          asked.userCouponId !== null &&
          !doneOf(history, 'cancel').some((done) => done.told?.body.id === told?.body.id),
      );
      return given(used, (attempt) => {
        const another = { ...toldBy(attempt).body, id: 'another' };
        return withClosing(later(history, { ...attempt, key: null }, { ...toldBy(attempt), body: another }), {
          orders: [...history.closing.orders, another],
        });
      });
    },
  },
  {
    name: 'an order was paid less than it costs',
    seen: 'wrong sum',
    spoil: (history) => given(doneOf(history, 'pay')[0], (attempt) => tellAll(history, attempt, { amount: 1 })),
  },
  {
    name: 'a unit is gone from the shelf',
    seen: 'wrong books',
    spoil: (history) =>
      withClosing(history, {
        options: history.closing.options.map((option) => ({ ...option, onHand: option.onHand - 1, available: option.available - 1 })),
      }),
  },
  {
    name: 'stock is below zero',
    seen: 'wrong books',
    spoil: (history) =>
      withClosing(history, {
        options: history.closing.options.map((option) => ({ ...option, reserved: option.onHand + 1, available: -1 })),
      }),
  },
  {
    name: 'units are sold twice',
    seen: 'oversold',
    spoil: (history) => ({
      ...history,
      opening: { ...history.opening, options: history.opening.options.map((option) => ({ ...option, stock: 0 })) },
    }),
  },
  {
    name: 'stock is read as it was in the beginning',
    seen: 'stale read',
    spoil: (history) =>
      given(
        history.attempts.findLast(({ asked, told, userId }) => asked.kind === 'readProduct' && userId === 'staff' && told !== null),
        (attempt) => {
          const opening = new Map(history.opening.options.map(({ id, stock }) => [id, stock]));
          return withBody(history, attempt, {
            options: attempt.told?.body.options.map((option) => ({ ...option, onHand: opening.get(option.id), reserved: 0 })),
          });
        },
      ),
  },
  {
    name: 'stock is read that never was',
    seen: 'impossible read',
    spoil: (history) =>
      given(toldOf(history, 'readProduct', '200'), (attempt) =>
        withBody(history, attempt, {
          options: attempt.told?.body.options.map((option) => ({ ...option, available: 99_999, onHand: 99_999, soldOut: false })),
        }),
      ),
  },
  {
    name: 'a read fails',
    seen: 'unexpected answer',
    spoil: (history) =>
      given(
        history.attempts.find((attempt) => isRead(attempt.asked) && attempt.told !== null),
        (attempt) => replaced(history, attempt, { verdict: '500 INTERNAL' }),
      ),
  },
];

/**
 * Holds a history against what the shop promises.
 *
 * It sees: acknowledged effects that are lost, done twice or changed; effects that nobody was told of; a key with two effects, a forgotten key, an
 * effect of what was turned away; outcomes that a repeat with the key does not tell; ledgers whose sums, versions or order do not fit what was
 * answered; sequences of coupons with gaps, doubles, more than the quantity, or in another order than that of real time; reads of balances, ledgers,
 * coupons, orders and stock that show less than what was answered before they began (for public reads: more than a second before, where another
 * server wrote), or more than what was asked for when they ended; refusals that were true at no moment between call and answer; units sold twice,
 * orders with two ends, coupons on two orders, wrong sums, and stock that is not what came less what went.
 *
 * It cannot see: an order of effects on stock, which has no version, so that a read of stock is only held against the most and the least that there
 * can have been, and with many writes under way at once these lie apart; what happens within the time of one request; expiry, which no history lasts
 * long enough for; what only other routes show (lists, exports, events, the ranking), which have tests of their own; staleness within the second that
 * the contract allows; whether a request that was turned away could have been served.
 */
import { checkCoupons } from './coupons.ts';
import { effectsOf, isUnknown } from './effects.ts';
import { type Anomaly, type Asked, type Attempt, type History, said } from './history.ts';
import { checkLedgers } from './ledgers.ts';
import { checkOrders } from './orders.ts';
import { checkStock } from './stock.ts';

/** What may be answered; whether a refusal was true is checked where its reason is known. */
const ANSWERS: Readonly<Record<Asked['kind'], readonly string[]>> = {
  charge: ['200', '409 BALANCE_LIMIT_EXCEEDED'],
  issue: ['201', '409 COUPON_SOLD_OUT', '409 COUPON_ALREADY_ISSUED'],
  place: ['201', '409 OUT_OF_STOCK', '409 COUPON_INVALID'],
  pay: ['201', '409 ORDER_ALREADY_PAID', '409 ORDER_CANCELLED', '409 INSUFFICIENT_BALANCE'],
  cancel: ['200', '409 ORDER_NOT_CANCELLABLE'],
  refund: ['201', '409 REFUND_EXCEEDS_PAYMENT'],
  adjust: ['200', '409 STOCK_BELOW_RESERVED'],
  quota: ['200', '409 COUPON_BELOW_ISSUED'],
  readBalance: ['200'],
  readLedger: ['200'],
  readCoupons: ['200'],
  readCoupon: ['200'],
  readProduct: ['200'],
  readOrder: ['200'],
};

/** Everything that is wrong with the history. */
export function check(history: History): Anomaly[] {
  const { effects, anomalies } = effectsOf(history.attempts);
  return [
    ...anomalies,
    ...history.attempts.flatMap(unexpected),
    ...checkLedgers(history, effects),
    ...checkCoupons(history, effects),
    ...checkStock(history, effects),
    ...checkOrders(history, effects),
  ];
}

function unexpected(attempt: Attempt): Anomaly[] {
  const { asked, told } = attempt;
  if (told === null || told.verdict === '503 OVERLOADED' || isUnknown(attempt) || ANSWERS[asked.kind].includes(told.verdict)) return [];
  return [{ kind: 'unexpected answer', detail: `${said(attempt)} ${JSON.stringify(told.body)}` }];
}

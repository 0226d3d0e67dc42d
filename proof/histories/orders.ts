/** Orders, payments and refunds: each order is held, ends once, and its money and its coupon follow it. */
import type { Body } from '../../server/test/support/caller.ts';
import type { Effect } from './effects.ts';
import { type Anomaly, type Attempt, grouped, type History, said, sumOf } from './history.ts';

/** All that was done to one order. */
interface Story {
  readonly placed: Effect;
  readonly paid: readonly Effect[];
  readonly cancelled: readonly Effect[];
  readonly refunds: readonly Effect[];
}

export function checkOrders(history: History, effects: readonly Effect[]): Anomaly[] {
  const stories = storiesOf(effects);
  const { closing, opening, attempts } = history;
  const shown = new Map(closing.orders.map((order) => [order.id, order]));
  return [
    ...closing.orders
      .filter(({ id }) => !stories.has(id))
      .map((order) => ({ kind: 'unexplained effect', detail: `nobody placed ${JSON.stringify(order)}` }) as const),
    ...[...stories.values()].flatMap((story) => end(story, shown.get(story.placed.body.id)).concat(money(story, history))),
    ...payments(closing.payments, effects),
    ...couponsOnce(stories),
    ...attempts.flatMap((attempt) => wrongTold(attempt, stories, effects)),
    ...opening.userIds.flatMap((userId) => missing(userId, attempts, effects)),
  ];
}

function storiesOf(effects: readonly Effect[]): Map<string, Story> {
  const orderOf = ({ asked, body }: Effect): string =>
    asked.kind === 'place' ? body.id : asked.kind === 'refund' ? body.orderId : 'orderId' in asked ? asked.orderId : '';
  const stories = new Map<string, Story>();
  for (const [orderId, done] of grouped(effects, orderOf)) {
    const of = (kind: string): Effect[] => done.filter(({ asked }) => asked.kind === kind);
    const [placed] = of('place');
    if (placed !== undefined) stories.set(orderId, { placed, paid: of('pay'), cancelled: of('cancel'), refunds: of('refund') });
  }
  return stories;
}

/** An order is paid or cancelled, once, and says so. */
function end({ placed, paid, cancelled, refunds }: Story, shown: Body | undefined): Anomaly[] {
  const { text } = placed;
  if (shown === undefined) return [{ kind: 'vanished effect', detail: `${text} is not there` }];
  if (paid.length + cancelled.length > 1) {
    return [{ kind: 'two ends of an order', detail: [...paid, ...cancelled].map((effect) => effect.text).join(' and ') }];
  }
  const allowed =
    refunds.length > 0
      ? ['refunded', 'partiallyRefunded']
      : paid.length > 0
        ? ['paid']
        : cancelled.length > 0
          ? ['cancelled']
          : ['pending'];
  if (!allowed.includes(shown.status)) {
    const isLost = shown.status === 'pending';
    return [
      { kind: isLost ? 'vanished effect' : 'unexplained effect', detail: `${text} is ${shown.status}, must be ${allowed.join(' or ')}` },
    ];
  }
  const { status: _was, paymentId: _none, paidAt: _never, ...terms } = placed.body;
  const { status: _is, paymentId: _now, paidAt: _then, ...kept } = shown;
  return JSON.stringify(terms) === JSON.stringify(kept) ? [] : [{ kind: 'changed effect', detail: `${text} is ${JSON.stringify(shown)}` }];
}

/** What an order costs, what was paid, and what was given back. */
function money({ placed, paid, refunds }: Story, { opening, closing }: History): Anomaly[] {
  const { body, asked, text } = placed;
  const wrong = (what: string): Anomaly[] => [{ kind: 'wrong sum', detail: `${text}: ${what}` }];
  const prices = new Map(opening.options.map(({ id, price }) => [id, price]));
  const listPrice = (lines: readonly { readonly optionId: string; readonly quantity: number }[]): number =>
    sumOf(lines, ({ optionId, quantity }) => (prices.get(optionId) ?? Number.NaN) * quantity);
  const subtotal = asked.kind === 'place' ? listPrice(asked.lines) : Number.NaN;
  const used = closing.userCoupons.find(({ id }) => asked.kind === 'place' && id === asked.userCouponId);
  const off = opening.coupons.find(({ id }) => id === used?.couponId)?.amount ?? 0;
  if (body.subtotal !== subtotal || body.total !== subtotal - Math.min(off, subtotal)) return wrong(`costs ${body.total}`);
  const [payment] = paid;
  if (payment === undefined) return refunds.length > 0 ? wrong('refunded, and not paid') : [];
  const { amount } = payment.body;
  if (amount !== body.total) return wrong(`paid ${amount}`);
  const back = refunds.flatMap((refund) => refund.body.lines);
  const tooMany = body.lines.find(
    (line) =>
      sumOf(
        back.filter(({ optionId }) => optionId === line.optionId),
        (unit) => unit.quantity,
      ) > line.quantity,
  );
  const given = sumOf(refunds, (refund) => refund.body.amount);
  const isRight = tooMany === undefined && given === Math.floor((amount * listPrice(back)) / subtotal);
  return isRight ? [] : wrong(`${given} of ${amount} given back`);
}

/** The payments that are there are those that were acknowledged. */
function payments(shown: readonly Body[], effects: readonly Effect[]): Anomaly[] {
  const paid = effects.filter(({ asked }) => asked.kind === 'pay');
  const known = new Set(paid.map(({ body }) => body.id));
  const there = new Map(shown.map((payment) => [payment.id, payment]));
  const anomalies: Anomaly[] = shown
    .filter(({ id }) => !known.has(id))
    .map((payment) => ({ kind: 'unexplained effect', detail: `nobody paid ${JSON.stringify(payment)}` }));
  for (const { body, text } of paid) {
    const now = there.get(body.id);
    if (now === undefined) anomalies.push({ kind: 'vanished effect', detail: `${text} is no payment` });
    else if (now.amount !== body.amount || now.orderId !== body.orderId) {
      anomalies.push({ kind: 'changed effect', detail: `${text} is ${JSON.stringify(now)}` });
    }
  }
  return anomalies;
}

/**
 * A coupon is on one order at a time, and on none after one that was paid. Whoever cancels an order was told of it, so orders that freed their coupon
 * were answered in the order in which they held it.
 */
function couponsOnce(stories: ReadonlyMap<string, Story>): Anomaly[] {
  const couponOf = ({ placed: { asked } }: Story): string => (asked.kind === 'place' ? (asked.userCouponId ?? '') : '');
  const users = grouped([...stories.values()], couponOf);
  users.delete('');
  return [...users.values()].flatMap((story) => {
    const inOrder = story.toSorted((one, other) => one.placed.answeredAt - other.placed.answeredAt);
    return inOrder.slice(0, -1).flatMap(({ placed, cancelled }, index) => {
      const next = inOrder[index + 1]?.placed;
      const isFreed = cancelled.some(({ calledAt }) => next !== undefined && calledAt < next.answeredAt);
      return isFreed ? [] : [{ kind: 'coupon used twice', detail: `${placed.text} and ${next?.text}` } as const];
    });
  });
}

/** What of an order may be seen by someone who asks from `calledAt` to `answeredAt`. */
function statusesAt({ paid, cancelled, refunds }: Story, { calledAt, answeredAt }: Attempt): Set<string> {
  const statuses = new Set<string>();
  const isPossible = (effects: readonly Effect[]): boolean => effects.some((effect) => effect.calledAt < answeredAt);
  const isCertain = (effects: readonly Effect[]): boolean => effects.some((effect) => effect.answeredAt < calledAt);
  if (!isCertain([...paid, ...cancelled])) statuses.add('pending');
  if (isPossible(cancelled)) statuses.add('cancelled');
  if (isPossible(paid) && !isCertain(refunds)) statuses.add('paid');
  if (isPossible(refunds)) statuses.add('refunded').add('partiallyRefunded');
  return statuses;
}

const ENDED: ReadonlyMap<string, readonly string[]> = new Map([
  ['409 ORDER_ALREADY_PAID', ['paid', 'refunded', 'partiallyRefunded']],
  ['409 ORDER_CANCELLED', ['cancelled']],
  ['409 ORDER_NOT_CANCELLABLE', ['paid', 'cancelled', 'refunded', 'partiallyRefunded']],
]);

function wrongTold(attempt: Attempt, stories: ReadonlyMap<string, Story>, effects: readonly Effect[]): Anomaly[] {
  const { asked, told, answeredAt } = attempt;
  if (told === null) return [];
  const falseRefusal: Anomaly = { kind: 'false refusal', detail: `${said(attempt)} ${JSON.stringify(told.body)}` };
  const story = 'orderId' in asked ? stories.get(asked.orderId) : undefined;
  if (asked.kind === 'readOrder' && story !== undefined && told.verdict === '200') {
    const allowed = statusesAt(story, attempt);
    const isStale = told.body.status === 'pending' || told.body.status === 'paid';
    return allowed.has(told.body.status)
      ? []
      : [
          {
            kind: isStale ? 'stale read' : 'impossible read',
            detail: `${said(attempt)}: ${told.body.status}, must be ${[...allowed].join(' or ')}`,
          },
        ];
  }
  const ended = ENDED.get(told.verdict);
  if (ended !== undefined && story !== undefined) {
    const allowed = statusesAt(story, attempt);
    return ended.some((status) => allowed.has(status)) ? [] : [falseRefusal];
  }
  if (told.verdict === '409 REFUND_EXCEEDS_PAYMENT' && asked.kind === 'refund') {
    const others = effects.filter((effect) => effect.asked.kind === 'refund' && effect.asked.paymentId === asked.paymentId);
    return others.some(({ calledAt }) => calledAt < answeredAt) ? [] : [falseRefusal];
  }
  if (told.verdict === '409 COUPON_INVALID' && asked.kind === 'place') {
    return mayBeInvalid(attempt, asked.userCouponId, stories) ? [] : [falseRefusal];
  }
  return [];
}

/** Whether another order may have held the coupon, or used it up. */
function mayBeInvalid({ told, calledAt, answeredAt }: Attempt, userCouponId: string | null, stories: ReadonlyMap<string, Story>): boolean {
  return [...stories.values()].some(({ placed, paid, cancelled }) => {
    if (placed.asked.kind !== 'place' || placed.asked.userCouponId !== userCouponId || placed.calledAt >= answeredAt) return false;
    if (told?.body.reason === 'used') return paid.some((payment) => payment.calledAt < answeredAt);
    const isOver = [...paid, ...cancelled].some((effect) => effect.answeredAt < calledAt);
    return told?.body.reason === 'held' && !isOver;
  });
}

/** A list of a user's own coupons shows all that were answered before. */
function missing(userId: string, attempts: readonly Attempt[], effects: readonly Effect[]): Anomaly[] {
  const granted = effects.filter(({ asked, userId: owner }) => asked.kind === 'issue' && owner === userId);
  return attempts.flatMap((attempt) => {
    const { asked, told, calledAt, answeredAt } = attempt;
    if (asked.kind !== 'readCoupons' || attempt.userId !== userId || told?.verdict !== '200') return [];
    const shown = new Set(told.body.items.map(({ id }) => id));
    const lost = granted.filter((grant) => grant.answeredAt < calledAt && !shown.has(grant.body.id));
    const known = new Set(granted.filter((grant) => grant.calledAt < answeredAt).map(({ body }) => body.id));
    const invented = [...shown].filter((id) => !known.has(id));
    return [
      ...lost.map(({ text }) => ({ kind: 'stale read', detail: `${said(attempt)} does not show ${text}` }) as const),
      ...invented.map((id) => ({ kind: 'impossible read', detail: `${said(attempt)} shows ${id}` }) as const),
    ];
  });
}

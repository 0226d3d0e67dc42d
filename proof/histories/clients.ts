/** Concurrent clients, who ask for everything at random and write down what they asked and what they were told. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../../server/test/support/caller.ts';
import { verdict } from '../../server/test/support/refusal.ts';
import type { Random } from '../support/random.ts';
import { intentsOf, isDone, isRead, isRefused, isUnknown } from './effects.ts';
import { type Asked, type Attempt, type Line, type Opening, STAFF } from './history.ts';

/** How the clients behave. */
export interface Manner {
  readonly clients: number;
  readonly operations: number;
  /** The share of writes with a key; of the others nobody can know the outcome where no answer comes. */
  readonly keyed: number;
  /** The share of writes whose client hangs up before the answer. */
  readonly cut: number;
  /** How long a client waits at most before it asks again. */
  readonly pauseMs: number;
}

/** A user, at each server. */
export type Doors = ReadonlyMap<string, readonly Caller[]>;

export interface Clients {
  readonly attempts: readonly Attempt[];
  /** Works until all operations are done. */
  work(): Promise<void>;
  /** How many attempts were made so far. */
  made(): number;
  /** Repeats what nobody knows the outcome of, at the first server; to be called when nothing is under way any more. */
  resolve(): Promise<void>;
}

/** What all clients know of what was done. */
interface Knowledge {
  readonly open: { readonly orderId: string; readonly userId: string; readonly lines: readonly Line[] }[];
  readonly paid: { readonly paymentId: string; readonly payerId: string; readonly lines: readonly Line[] }[];
  readonly coupons: Map<string, string[]>;
  readonly done: { readonly userId: string; readonly asked: Asked; readonly key: string }[];
}

const CHARGE_MAX = 9000;
const CUT_MS = 12;
const AGAIN_MAX = 3;
const LOST_PAUSE_MS = 40;
const RECENT = 8;
const RESOLVE_MAX = 100;
const RESOLVE_PAUSE_MS = 100;

/** The request of what is asked for. */
function requestOf(asked: Asked): readonly [method: string, path: string, body?: unknown] {
  switch (asked.kind) {
    case 'charge':
      return ['POST', '/balance/charge', { amount: asked.amount }];
    case 'issue':
      return ['POST', `/coupons/${asked.couponId}/issue`];
    case 'place':
      return ['POST', '/orders', { lines: asked.lines, ...(asked.userCouponId === null ? {} : { userCouponId: asked.userCouponId }) }];
    case 'pay':
      return ['POST', '/payments', { orderId: asked.orderId }];
    case 'cancel':
      return ['POST', `/orders/${asked.orderId}/cancel`];
    case 'refund': {
      const { lines, restock } = asked;
      return ['POST', `/payments/${asked.paymentId}/refunds`, { ...(lines === null ? {} : { lines }), restock, reason: 'proof' }];
    }
    case 'adjust':
      return ['POST', `/options/${asked.optionId}/stock`, { delta: asked.delta, reason: 'proof' }];
    case 'quota':
      return ['PATCH', `/coupons/${asked.couponId}`, { quantity: asked.quantity }];
    case 'readOrder':
      return ['GET', `/orders/${asked.orderId}`];
    case 'readCoupon':
      return ['GET', `/coupons/${asked.couponId}`];
    case 'readProduct':
      return ['GET', `/products/${asked.productId}`];
    case 'readBalance':
      return ['GET', '/balance'];
    case 'readLedger':
      return ['GET', '/balance/history'];
    case 'readCoupons':
      return ['GET', '/me/coupons?limit=100'];
  }
}

export function createClients(opening: Opening, doors: Doors, servers: number, manner: Manner, random: Random): Clients {
  const attempts: Attempt[] = [];
  const known: Knowledge = { open: [], paid: [], coupons: new Map(), done: [] };
  let keys = 0;

  const attempt = async (server: number, userId: string, asked: Asked, key: string | null, cutMs?: number): Promise<Attempt> => {
    const caller = doors.get(userId)?.[server];
    if (caller === undefined) throw new Error(`${userId} has no way to server ${server}`);
    const [method, path, body] = requestOf(asked);
    const id = attempts.length;
    const called: Attempt = {
      id,
      server,
      userId,
      asked,
      key,
      calledAt: performance.now(),
      answeredAt: Number.POSITIVE_INFINITY,
      told: null,
    };
    attempts.push(called);
    const options = { ...(key === null ? {} : { key }), ...(cutMs === undefined ? {} : { signal: AbortSignal.timeout(cutMs) }) };
    const answer = await caller.call(method, path, body, options).catch(() => null);
    if (answer === null) return called;
    const isReplayed = answer.headers.get('idempotent-replayed') === 'true';
    const told = { verdict: verdict(answer), isReplayed, body: answer.body };
    const answered: Attempt = { ...called, answeredAt: performance.now(), told };
    attempts[id] = answered;
    if (isDone(answered)) learn(known, answered);
    return answered;
  };

  const write = async (userId: string, asked: Asked, from: Random): Promise<void> => {
    keys += 1;
    const key = from.next() < manner.keyed ? `${opening.productId}-${keys}` : null;
    const server = (): number => from.below(servers);
    const cutMs = key !== null && from.next() < manner.cut ? 1 + from.below(CUT_MS) : undefined;
    const isTwin = key !== null && from.next() < 0.06;
    const [first] = await Promise.all([
      attempt(server(), userId, asked, key, cutMs),
      ...(isTwin ? [attempt(server(), userId, asked, key)] : []),
    ]);
    let last = first;
    const againMax = key === null ? 0 : AGAIN_MAX;
    for (let again = 0; isUnknown(last) && again < againMax; again += 1) {
      if (cutMs === undefined) await delay(LOST_PAUSE_MS);
      last = await attempt(server(), userId, asked, key);
    }
    if (last.told?.verdict === '503 OVERLOADED') await delay(LOST_PAUSE_MS);
  };

  const client = async (from: Random): Promise<void> => {
    while (attempts.length < manner.operations) {
      if (manner.pauseMs > 0) await delay(from.below(manner.pauseMs));
      const earlier = known.done[from.below(known.done.length)];
      if (earlier !== undefined && from.next() < 0.03) {
        await attempt(from.below(servers), earlier.userId, earlier.asked, earlier.key);
        continue;
      }
      const [userId, asked] = choose(opening, known, from);
      if (!isRead(asked)) await write(userId, asked, from);
      else if ((await attempt(from.below(servers), userId, asked, null)).told === null) await delay(LOST_PAUSE_MS);
    }
  };

  return {
    attempts,
    made: () => attempts.length,
    work: async () => {
      await Promise.all(Array.from({ length: manner.clients }, (_, index) => client(random.fork(index))));
    },
    resolve: async () => {
      for (const intent of intentsOf(attempts)) {
        const [first] = intent;
        if (first === undefined || first.key === null || intent.some(isDone) || !intent.some(isUnknown)) continue;
        for (let count = 0; count < RESOLVE_MAX; count += 1) {
          const again = await attempt(0, first.userId, first.asked, first.key);
          if (isDone(again) || isRefused(again)) break;
          await delay(RESOLVE_PAUSE_MS);
        }
      }
    },
  };
}

/** What the next request asks for, and who asks. */
function choose(opening: Opening, known: Knowledge, from: Random): readonly [userId: string, asked: Asked] {
  const one = <Item>(items: readonly Item[]): Item => {
    const item = items[from.below(items.length)];
    if (item === undefined) throw new Error('there is nothing to choose from');
    return item;
  };
  const someone = one(opening.userIds);
  const recent = known.open.slice(-RECENT);
  const dice = from.next();
  if (dice < 0.13) return [someone, { kind: 'charge', amount: 1 + from.below(CHARGE_MAX) }];
  if (dice < 0.26) return [someone, { kind: 'issue', couponId: one(opening.coupons).id }];
  if (dice < 0.46 || recent.length === 0) return [someone, placing(opening, known.coupons.get(someone) ?? [], from)];
  if (dice < 0.62) {
    const { orderId, userId } = one(recent);
    return [userId, { kind: 'pay', orderId }];
  }
  if (dice < 0.69) {
    const { orderId, userId } = one(recent);
    return [userId, { kind: 'cancel', orderId }];
  }
  if (dice < 0.72 && known.paid.length > 0) return [STAFF, refunding(one(known.paid.slice(-RECENT)), from)];
  if (dice < 0.76) return [STAFF, { kind: 'adjust', optionId: one(opening.options).id, delta: from.pick([-3, -2, -1, 1, 2, 4]) }];
  if (dice < 0.79) {
    const { id, quantity } = one(opening.coupons);
    return [STAFF, { kind: 'quota', couponId: id, quantity: quantity + from.below(4) }];
  }
  return reading(opening, one(recent), someone, one, from);
}

function placing(opening: Opening, coupons: readonly string[], from: Random): Asked {
  const wanted = opening.options.filter(() => from.next() < 0.5);
  const lines = (wanted.length === 0 ? opening.options.slice(0, 1) : wanted).map(({ id }) => ({
    optionId: id,
    quantity: 1 + from.below(3),
  }));
  const userCouponId = from.next() < 0.5 ? (coupons[from.below(coupons.length)] ?? null) : null;
  return { kind: 'place', lines, userCouponId };
}

function refunding({ paymentId, payerId, lines }: Knowledge['paid'][number], from: Random): Asked {
  const [line] = lines;
  const some = from.next() < 0.6 && line !== undefined ? [{ optionId: line.optionId, quantity: 1 }] : null;
  return { kind: 'refund', paymentId, payerId, lines: some, restock: from.next() < 0.5 };
}

function reading(
  opening: Opening,
  { orderId, userId }: Knowledge['open'][number],
  someone: string,
  one: <Item>(items: readonly Item[]) => Item,
  from: Random,
): readonly [userId: string, asked: Asked] {
  const { productId } = opening;
  switch (from.below(7)) {
    case 0:
      return [someone, { kind: 'readLedger' }];
    case 1:
      return [someone, { kind: 'readCoupons' }];
    case 2:
      return [someone, { kind: 'readCoupon', couponId: one(opening.coupons).id }];
    case 3:
      return [userId, { kind: 'readOrder', orderId }];
    case 4:
      return [STAFF, { kind: 'readProduct', productId }];
    case 5:
      return [someone, { kind: 'readProduct', productId }];
    default:
      return [someone, { kind: 'readBalance' }];
  }
}

function learn(known: Knowledge, { asked, userId, key, told }: Attempt): void {
  if (told === null || told.isReplayed || isRead(asked)) return;
  const { body } = told;
  if (key !== null) known.done.push({ userId, asked, key });
  if (asked.kind === 'issue') known.coupons.set(userId, [...(known.coupons.get(userId) ?? []), body.id]);
  if (asked.kind === 'place') known.open.push({ orderId: body.id, userId, lines: asked.lines });
  if (asked.kind === 'pay') {
    const lines = known.open.find(({ orderId }) => orderId === asked.orderId)?.lines ?? [];
    known.paid.push({ paymentId: body.id, payerId: userId, lines });
  }
}

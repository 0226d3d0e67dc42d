/** Coupons, by sequence: it is the order in which they were granted, so it says what every read and every refusal may have seen. */
import type { Body } from '../../server/test/support/caller.ts';
import { type Effect, knownAt, type Viewer } from './effects.ts';
import { type Anomaly, type Attempt, type History, said } from './history.ts';
import { order } from './ledgers.ts';

/** All that was done to one coupon. */
interface Story {
  readonly couponId: string;
  readonly opening: number;
  /** In the order of their sequence. */
  readonly grants: readonly Effect[];
  readonly quotas: readonly Effect[];
}

/** The time of a look, and who looks. */
interface Look {
  readonly calledAt: number;
  readonly answeredAt: number;
  readonly viewer: Viewer;
}

export function checkCoupons(history: History, effects: readonly Effect[]): Anomaly[] {
  return history.opening.coupons.flatMap(({ id, quantity }) => {
    const held = history.closing.userCoupons.filter(({ couponId }) => couponId === id).toSorted((a, b) => a.sequence - b.sequence);
    const grants = effects.filter(({ asked }) => asked.kind === 'issue' && asked.couponId === id);
    const quotas = effects.filter(({ asked }) => asked.kind === 'quota' && asked.couponId === id);
    const story: Story = { couponId: id, opening: quantity, grants: grants.toSorted((a, b) => a.body.sequence - b.body.sequence), quotas };
    const final = history.closing.coupons.find((coupon) => coupon.id === id);
    return [
      ...explained(held, story.grants),
      ...dense(held, story),
      ...(final?.issued === held.length
        ? []
        : [{ kind: 'wrong books', detail: `coupon ${id} says ${final?.issued} of ${held.length}` } as const]),
      ...order(story.grants, `the sequence of coupon ${id}`),
      ...withinQuantity(story),
      ...history.attempts.flatMap((attempt) => wrongLook(attempt, story)),
    ];
  });
}

/** Users hold exactly what they were told to have been granted. */
function explained(held: readonly Body[], grants: readonly Effect[]): Anomaly[] {
  const byId = new Map(held.map((coupon) => [coupon.id, coupon]));
  const granted = new Set(grants.map(({ body }) => body.id));
  const anomalies: Anomaly[] = [...byId.keys()]
    .filter((id) => !granted.has(id))
    .map((id) => ({ kind: 'unexplained effect', detail: `nobody was granted ${JSON.stringify(byId.get(id))}` }));
  for (const { body, text } of grants) {
    const now = byId.get(body.id);
    if (now === undefined) anomalies.push({ kind: 'vanished effect', detail: `${text} is held by nobody` });
    else if (now.sequence !== body.sequence || now.userId !== body.userId) {
      anomalies.push({ kind: 'changed effect', detail: `${text} was granted ${body.sequence} and is ${JSON.stringify(now)}` });
    }
  }
  return anomalies;
}

/** The sequence counts 1, 2, 3 …, and nobody has two. */
function dense(held: readonly Body[], { couponId }: Story): Anomaly[] {
  const sequence = held.map((coupon) => coupon.sequence);
  const isDense = sequence.every((number, index) => number === index + 1);
  const isUnique = new Set(held.map(({ userId }) => userId)).size === held.length;
  return isDense && isUnique ? [] : [{ kind: 'broken sequence', detail: `coupon ${couponId} has the sequence ${sequence.join()}` }];
}

/** The quantities that the coupon may have shown. */
function quantitiesAt({ opening, quotas }: Story, { calledAt, answeredAt, viewer }: Look): number[] {
  const isOver = (end: number): boolean => quotas.some((quota) => quota.calledAt > end && knownAt(quota, viewer) < calledAt);
  const begun = quotas.filter((quota) => quota.calledAt < answeredAt && !isOver(quota.answeredAt));
  const values = begun.map(({ asked }) => (asked.kind === 'quota' ? asked.quantity : Number.NaN));
  return isOver(Number.NEGATIVE_INFINITY) ? values : [opening, ...values];
}

/** How many the coupon may have shown as issued: at least those that must be known, at most those that were asked for. */
function issuedAt({ grants }: Story, { calledAt, answeredAt, viewer }: Look): { readonly least: number; readonly most: number } {
  const least = grants.findLastIndex((grant) => knownAt(grant, viewer) < calledAt) + 1;
  const later = grants.findIndex((grant) => grant.calledAt > answeredAt);
  return { least, most: later === -1 ? grants.length : later };
}

function withinQuantity(story: Story): Anomaly[] {
  return story.grants.flatMap(({ calledAt, answeredAt, body, text }) => {
    const most = Math.max(...quantitiesAt(story, { calledAt, answeredAt, viewer: null }));
    return body.sequence > most ? [{ kind: 'over the quantity', detail: `${text} was number ${body.sequence} of ${most}` } as const] : [];
  });
}

function wrongLook(attempt: Attempt, story: Story): Anomaly[] {
  const { asked, told, calledAt, answeredAt, server, userId } = attempt;
  if (told === null || !('couponId' in asked) || asked.couponId !== story.couponId) return [];
  const look: Look = { calledAt, answeredAt, viewer: server };
  const falseRefusal = (why: string): Anomaly[] => [{ kind: 'false refusal', detail: `${said(attempt)}: ${why}` }];
  if (asked.kind === 'readCoupon' && told.verdict === '200') return wrongRead(attempt, told.body, issuedAt(story, look), story, look);
  switch (told.verdict) {
    case '409 COUPON_SOLD_OUT': {
      const { most } = issuedAt(story, look);
      const quantity = Math.min(...quantitiesAt(story, look));
      return most < quantity ? falseRefusal(`at most ${most} of ${quantity} were issued`) : [];
    }
    case '409 COUPON_ALREADY_ISSUED':
      return story.grants.some((grant) => grant.userId === userId && grant.calledAt < answeredAt) ? [] : falseRefusal('the user had none');
    case '409 COUPON_BELOW_ISSUED': {
      const { most } = issuedAt(story, { ...look, viewer: null });
      return asked.kind === 'quota' && most <= asked.quantity ? falseRefusal(`at most ${most} were issued`) : [];
    }
    default:
      return [];
  }
}

function wrongRead(attempt: Attempt, body: Body, { least, most }: { least: number; most: number }, story: Story, look: Look): Anomaly[] {
  const detail = `${said(attempt)}: issued ${body.issued} of ${body.quantity}, must be ${least} to ${most}`;
  const quantities = quantitiesAt(story, look);
  if (body.issued < least) return [{ kind: 'stale read', detail }];
  if (!quantities.includes(body.quantity)) return [{ kind: 'stale read', detail: `${detail} of ${quantities.join(' or ')}` }];
  return body.issued > most || body.remaining !== body.quantity - body.issued ? [{ kind: 'impossible read', detail }] : [];
}

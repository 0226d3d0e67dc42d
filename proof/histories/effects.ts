/** What was done: the attempts with one key are one intent, which has one effect or none, whoever of them is told. */
import type { Body } from '../../server/test/support/caller.ts';
import { type Anomaly, type Asked, type Attempt, grouped, LAG_MS, said } from './history.ts';

/** Something that was acknowledged. It happened once, between `calledAt` and `answeredAt`. */
export interface Effect {
  readonly asked: Asked;
  readonly userId: string;
  readonly body: Body;
  readonly calledAt: number;
  readonly answeredAt: number;
  /** The server that did it, and when it said so itself; null where only a repeat was told. */
  readonly doneBy: { readonly server: number; readonly answeredAt: number } | null;
  readonly text: string;
}

/** Who looks: a server, whose memory may lag behind what the others do; null for looks that are always fresh. */
export type Viewer = number | null;

/** From when on the viewer must show the effect. */
export function knownAt({ answeredAt, doneBy }: Effect, viewer: Viewer): number {
  if (viewer === null) return answeredAt;
  return doneBy?.server === viewer ? Math.min(doneBy.answeredAt, answeredAt + LAG_MS) : answeredAt + LAG_MS;
}

export const isDone = ({ told }: Attempt): boolean => told?.verdict.startsWith('2') === true;
export const isRefused = ({ told }: Attempt): boolean => told?.verdict.startsWith('4') === true;
/** Whether nobody knows what became of it: it may have been done. */
export const isUnknown = ({ told }: Attempt): boolean => told === null || told.verdict === '503 OUTCOME_UNKNOWN';

export function isRead({ kind }: Asked): boolean {
  return kind.startsWith('read');
}

/** The attempts of each intent to write. */
export function intentsOf(attempts: readonly Attempt[]): Attempt[][] {
  const writes = attempts.filter(({ asked }) => !isRead(asked));
  return [...grouped(writes, ({ id, key, userId }) => (key === null ? `${id}` : `${userId} ${key}`)).values()];
}

/** The effects of all intents, and what is wrong with what their attempts were told. */
export function effectsOf(attempts: readonly Attempt[]): { readonly effects: Effect[]; readonly anomalies: Anomaly[] } {
  const effects: Effect[] = [];
  const anomalies: Anomaly[] = [];
  for (const intent of intentsOf(attempts)) {
    const done = intent.filter(isDone);
    if (done.length > 0) effects.push(effectOf(intent, done));
    anomalies.push(...wrongWith(intent, done));
  }
  return { effects, anomalies };
}

function effectOf(intent: readonly Attempt[], done: readonly Attempt[]): Effect {
  const doer = done.find(({ told }) => told?.isReplayed === false);
  const teller = doer ?? done[0];
  if (teller?.told === undefined || teller.told === null) throw new Error('an effect was acknowledged');
  const maybe = doer === undefined ? intent.filter((attempt) => isUnknown(attempt) || isDone(attempt)) : [doer];
  return {
    asked: teller.asked,
    userId: teller.userId,
    body: teller.told.body,
    calledAt: Math.min(...maybe.map(({ calledAt }) => calledAt)),
    answeredAt: Math.min(...done.map(({ answeredAt }) => answeredAt)),
    doneBy: doer === undefined ? null : { server: doer.server, answeredAt: doer.answeredAt },
    text: said(teller),
  };
}

function wrongWith(intent: readonly Attempt[], done: readonly Attempt[]): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const [first] = intent;
  const detail = intent.map(said).join('; ');
  const bodies = new Set(done.map(({ told }) => JSON.stringify(told?.body)));
  const doers = done.filter(({ told }) => told?.isReplayed === false);
  if (bodies.size > 1 || doers.length > 1) anomalies.push({ kind: 'double effect', detail });
  if (done.length > 0 && doers.length === 0 && !intent.some(isUnknown)) anomalies.push({ kind: 'turned away, yet done', detail });
  const toldAt = Math.min(...done.map(({ answeredAt }) => answeredAt));
  if (intent.some((attempt) => isRefused(attempt) && attempt.calledAt > toldAt)) anomalies.push({ kind: 'forgotten key', detail });
  if (done.length === 0 && intent.some(isUnknown) && !isResolved(intent)) anomalies.push({ kind: 'never told', detail });
  if (first?.key === null && intent.some(({ told }) => told?.isReplayed === true)) anomalies.push({ kind: 'double effect', detail });
  return anomalies;
}

/** Whether the last attempt, which was made when nothing was under way any more, tells that nothing was done. */
function isResolved(intent: readonly Attempt[]): boolean {
  const last = intent.at(-1);
  return last !== undefined && isRefused(last);
}

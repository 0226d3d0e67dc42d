/**
 * Balances, by the versions of their ledgers: the ledger is the order in which everything happened to a balance, so each read and each
 * refusal must have a place in it that fits its time and the places of the reads before it.
 */
import type { Body } from '../../server/test/support/caller.ts';
import type { Effect } from './effects.ts';
import { type Anomaly, type Attempt, type History, said } from './history.ts';

const HISTORY_PAGE = 20;

/** A look at a balance: after how many entries of the ledger may it have been? */
interface Look {
  readonly calledAt: number;
  readonly answeredAt: number;
  readonly fits: (entries: number) => boolean;
  readonly isRefusal: boolean;
  readonly text: string;
}

export function checkLedgers(history: History, effects: readonly Effect[]): Anomaly[] {
  return history.opening.userIds.flatMap((userId) => {
    const ledger = history.closing.ledgers.get(userId) ?? [];
    const moved = effects.filter((effect) => accountOf(effect) === userId);
    const { causes, anomalies } = explain(ledger, moved, userId);
    if (anomalies.length > 0) return anomalies;
    const looks = history.attempts.flatMap((attempt) => lookOf(attempt, userId, ledger, history) ?? []);
    return [...chain(ledger, userId), ...order(causes, `the ledger of ${userId}`), ...place(looks, causes)];
  });
}

/** Whose balance the effect moves; null for none. */
function accountOf({ asked, userId }: Effect): string | null {
  if (asked.kind === 'charge' || asked.kind === 'pay') return userId;
  return asked.kind === 'refund' ? asked.payerId : null;
}

/** What the effect was told to do to the balance. */
function movementOf({ asked, body }: Effect): { readonly delta: number; readonly balanceAfter: number } {
  if (asked.kind === 'charge') return { delta: body.charged, balanceAfter: body.amount };
  return { delta: asked.kind === 'pay' ? -body.amount : body.amount, balanceAfter: body.balanceAfter };
}

const isCauseOf = (entry: Body, { asked, body }: Effect): boolean => {
  if (asked.kind === 'charge') return entry.id === body.entryId;
  if (asked.kind === 'pay') return entry.kind === 'payment' && entry.reference === asked.orderId;
  return (
    entry.kind === 'refund' && asked.kind === 'refund' && entry.reference === asked.paymentId && entry.balanceAfter === body.balanceAfter
  );
};

/** Finds the effect behind each entry: every entry has one, every effect one entry. */
function explain(ledger: readonly Body[], moved: readonly Effect[], userId: string): { causes: Effect[]; anomalies: Anomaly[] } {
  const anomalies: Anomaly[] = [];
  const left = new Set(moved);
  const causes: Effect[] = [];
  for (const entry of ledger) {
    const cause = [...left].find((effect) => isCauseOf(entry, effect));
    if (cause === undefined) {
      anomalies.push({ kind: 'unexplained effect', detail: `${userId} has the entry ${JSON.stringify(entry)}` });
      continue;
    }
    left.delete(cause);
    causes.push(cause);
    const told = movementOf(cause);
    if (entry.delta !== told.delta || entry.balanceAfter !== told.balanceAfter) {
      anomalies.push({ kind: 'changed effect', detail: `${cause.text} is the entry ${JSON.stringify(entry)}` });
    }
  }
  for (const effect of left) anomalies.push({ kind: 'vanished effect', detail: `${effect.text} has no entry in the ledger` });
  return { causes, anomalies };
}

/** Every entry follows from the one before. */
function chain(ledger: readonly Body[], userId: string): Anomaly[] {
  let balance = 0;
  for (const entry of ledger) {
    balance += entry.delta;
    if (entry.balanceAfter !== balance || balance < 0) {
      return [{ kind: 'broken ledger', detail: `${userId} has ${balance} after the entries up to ${JSON.stringify(entry)}` }];
    }
  }
  return [];
}

/** What was answered before something else was asked for comes before it. */
export function order(causes: readonly Effect[], where: string): Anomaly[] {
  let latest: Effect | undefined;
  for (const cause of causes) {
    if (latest !== undefined && cause.answeredAt < latest.calledAt) {
      return [{ kind: 'out of order', detail: `in ${where} comes ${cause.text} after ${latest.text}, which was asked for later` }];
    }
    if (latest === undefined || cause.calledAt > latest.calledAt) latest = cause;
  }
  return [];
}

function lookOf(attempt: Attempt, userId: string, ledger: readonly Body[], { opening, closing }: History): Look | null {
  const { asked, told, calledAt, answeredAt } = attempt;
  if (attempt.userId !== userId || told === null) return null;
  const balanceAfter = (entries: number): number => (entries === 0 ? 0 : (ledger[entries - 1]?.balanceAfter ?? Number.NaN));
  const look = (isRefusal: boolean, fits: Look['fits']): Look => ({ calledAt, answeredAt, isRefusal, fits, text: describe(attempt) });
  const { body, verdict } = told;
  if (asked.kind === 'readBalance' && verdict === '200') return look(false, (entries) => balanceAfter(entries) === body.amount);
  if (asked.kind === 'readLedger' && verdict === '200') {
    const shown = body.items.map(({ id }) => id).join();
    const page = (entries: number): string[] => ledger.slice(Math.max(0, entries - HISTORY_PAGE), entries).map(({ id }) => id);
    return look(false, (entries) => page(entries).toReversed().join() === shown);
  }
  if (asked.kind === 'charge' && verdict === '409 BALANCE_LIMIT_EXCEEDED') {
    return look(true, (entries) => balanceAfter(entries) + asked.amount > opening.maxBalance);
  }
  if (asked.kind === 'pay' && verdict === '409 INSUFFICIENT_BALANCE') {
    const total = closing.orders.find(({ id }) => id === asked.orderId)?.total;
    const isTrue = Number(body['required']) === total && Number(body['balance']) < total;
    return look(true, (entries) => isTrue && balanceAfter(entries) === body['balance']);
  }
  return null;
}

function describe(attempt: Attempt): string {
  return `${said(attempt)} ${JSON.stringify(attempt.told?.body)}`;
}

/**
 * Gives each look a place between the entries: not before what was answered when it began, not before a look that had ended then, not after what
 * was asked for when it had ended. The first place that fits leaves the most room to the looks after it, so none is overlooked.
 */
function place(looks: readonly Look[], causes: readonly Effect[]): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const placed: { readonly answeredAt: number; readonly entries: number }[] = [];
  for (const { calledAt, answeredAt, fits, isRefusal, text } of looks.toSorted((one, other) => one.calledAt - other.calledAt)) {
    const earliest = Math.max(
      causes.findLastIndex((cause) => cause.answeredAt < calledAt) + 1,
      ...placed.filter((look) => look.answeredAt < calledAt).map((look) => look.entries),
    );
    const later = causes.findIndex((cause) => cause.calledAt > answeredAt);
    const latest = later === -1 ? causes.length : later;
    let entries = earliest;
    while (entries <= latest && !fits(entries)) entries += 1;
    if (entries <= latest) {
      placed.push({ answeredAt, entries });
      continue;
    }
    const wasTrue = Array.from({ length: earliest }, (_, index) => index).some(fits);
    const kind = isRefusal ? 'false refusal' : wasTrue ? 'stale read' : 'impossible read';
    anomalies.push({ kind, detail: `${text} fits nowhere from entry ${earliest} to entry ${latest}` });
  }
  return anomalies;
}

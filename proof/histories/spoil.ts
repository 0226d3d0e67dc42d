/** What spoiling a history is made of. */
import type { Body } from '../../server/test/support/caller.ts';
import { isDone } from './effects.ts';
import type { Asked, Attempt, Closing, History, Told } from './history.ts';

export type Kind = Asked['kind'];

export const withClosing = (history: History, closing: Partial<Closing>): History => ({
  ...history,
  closing: { ...history.closing, ...closing },
});
export const withAttempts = (history: History, attempts: readonly Attempt[]): History => ({ ...history, attempts });

export function replaced(history: History, attempt: Attempt, told: Partial<Told>): History {
  const spoilt = attempt.told === null ? attempt : { ...attempt, told: { ...attempt.told, ...told } };
  return withAttempts(
    history,
    history.attempts.map((each) => (each === attempt ? spoilt : each)),
  );
}

/** The history with one more attempt, made and answered when all others were. */
export function later(history: History, { asked, userId, key, server }: Attempt, told: Told): History {
  const calledAt = Math.max(...history.attempts.flatMap(({ answeredAt }) => (Number.isFinite(answeredAt) ? [answeredAt] : []))) + 1;
  const more: Attempt = { id: history.attempts.length, server, userId, asked, key, calledAt, answeredAt: calledAt + 1, told };
  return withAttempts(history, [...history.attempts, more]);
}

/** The same at the very beginning. */
export function earlier(history: History, { asked, userId, key, server }: Attempt, told: Told): History {
  const answeredAt = Math.min(...history.attempts.map(({ calledAt }) => calledAt)) - 1;
  const more: Attempt = { id: history.attempts.length, server, userId, asked, key, calledAt: answeredAt - 1, answeredAt, told };
  return withAttempts(history, [more, ...history.attempts]);
}

export const doneOf = ({ attempts }: History, kind: Kind): Attempt[] =>
  attempts.filter((attempt) => attempt.asked.kind === kind && isDone(attempt) && attempt.told?.isReplayed === false);
export const toldOf = ({ attempts }: History, kind: Kind, verdict: string): Attempt | undefined =>
  attempts.find(({ asked, told }) => asked.kind === kind && told?.verdict === verdict);

export function refusal({ told }: Attempt, code: string, more: object = {}): Told {
  if (told === null) throw new Error('it was told');
  return { verdict: `409 ${code}`, isReplayed: false, body: { ...told.body, code, ...more } };
}

/** Spoils the ledger of the first user whose ledger offers a place. */
export function inLedger(history: History, spoil: (ledger: readonly Body[]) => readonly Body[] | null): History | null {
  for (const [userId, ledger] of history.closing.ledgers) {
    const spoilt = spoil(ledger);
    if (spoilt !== null) return withClosing(history, { ledgers: new Map([...history.closing.ledgers, [userId, spoilt]]) });
  }
  return null;
}

export const first = <Item>(items: readonly Item[]): readonly Item[] | null => (items.length > 0 ? items.slice(1) : null);

/** The first item, or nothing, put through `spoil`. */
export function given<Item>(item: Item | undefined, spoil: (item: Item) => History | null): History | null {
  return item === undefined ? null : spoil(item);
}

/** Two of the attempts of which the one was answered before the other was asked for. */
export function inOrder(attempts: readonly Attempt[], group: (attempt: Attempt) => string): readonly [Attempt, Attempt] | undefined {
  for (const one of attempts) {
    const other = attempts.find((attempt) => attempt.calledAt > one.answeredAt && group(attempt) === group(one));
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

export const couponOf = ({ asked }: Attempt): string => (asked.kind === 'issue' ? asked.couponId : '');
export const withBody = (history: History, attempt: Attempt, more: object): History =>
  attempt.told === null ? history : replaced(history, attempt, { body: { ...attempt.told.body, ...more } });

export function toldBy({ told }: Attempt): Told {
  if (told === null) throw new Error('it was told');
  return told;
}

export function present(ledger: readonly Body[]): Body {
  throw new Error(`no entry in a ledger of ${ledger.length}`);
}

/** Changes what all attempts with the key of this one were told. */
export function tellAll(history: History, { id, key }: Attempt, more: object): History {
  const isSame = (attempt: Attempt): boolean => attempt.id === id || (key !== null && attempt.key === key);
  return withAttempts(
    history,
    history.attempts.map((attempt) =>
      isSame(attempt) && attempt.told !== null
        ? { ...attempt, told: { ...attempt.told, body: { ...attempt.told.body, ...more } } }
        : attempt,
    ),
  );
}

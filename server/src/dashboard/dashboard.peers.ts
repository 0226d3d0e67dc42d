/**
 * What the other processes on the database do. Whoever makes a snapshot asks them, and each tells all: so nothing is told while nobody
 * looks, and those who look in several processes share the answers. A process that is gone, or does not answer, is left out.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { SECONDS } from '../commit/commit.metrics.ts';
import type { Talk } from '../database/news.ts';
import type { Activity } from './dashboard.types.ts';

export interface Peers {
  /** Of each of the others. */
  activities(): Promise<readonly Activity[]>;
}

const SUBJECT = 'dashboard';
/** An answer is as good as new for so long, whoever had asked for it; a little less than the second between two snapshots. */
const FRESH_MS = 900;
/** However many ask, a process tells no more often than this. */
const TELL_EVERY_MS = 500;
/** How long a snapshot waits for answers. */
const PATIENCE_MS = 300;
/** Of a process that does not answer in time its earlier answer stands for so long, and then none. */
const STALE_MS = 5000;

/** Whoever may speak to the database may say anything: nothing that is said may add up to more than a number holds. */
const COUNT_MAX = 1_000_000_000_000;
const SECONDS_MIN = 0.001;

const count = Type.Integer({ minimum: 0, maximum: COUNT_MAX });
const buckets = Type.Array(count, { maxItems: SECONDS.length + 1 });
const activitySchema = Type.Object({
  /** None, where the process has only begun. */
  seconds: Type.Union([Type.Literal(0), Type.Number({ minimum: SECONDS_MIN })]),
  flows: Type.Record(Type.String(), Type.Record(Type.String(), Type.Object({ total: count, recent: count }))),
  queues: Type.Record(
    Type.String(),
    Type.Object({ waiting: count, batches: count, commands: count, batchSeconds: buckets, waitSeconds: buckets }),
  ),
});
/** What the processes say: a question has no activity. */
const saidSchema = Type.Object({ activity: Type.Optional(activitySchema) });

export function createPeers({ talk, own }: { readonly talk: Talk; readonly own: () => Activity }): Peers {
  const told = new Map<string, { readonly activity: Activity; readonly atMs: number }>();
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  let onTold = (): void => undefined;

  const tell = (): void => {
    const nowMs = performance.now();
    if (nowMs - toldAtMs < TELL_EVERY_MS) return;
    toldAtMs = nowMs;
    talk.say(SUBJECT, { activity: own() });
  };
  const forgetTheStale = (nowMs: number): void => {
    for (const [other, last] of told) if (nowMs - last.atMs > STALE_MS) told.delete(other);
  };
  const hear = (from: string, activity: Activity): void => {
    const atMs = performance.now();
    if (!told.has(from)) forgetTheStale(atMs);
    told.set(from, { activity, atMs });
    onTold();
  };
  talk.onSaid(SUBJECT, (from, what) => {
    if (!Check(saidSchema, what)) return;
    if (what.activity === undefined) tell();
    else hear(from, what.activity);
  });

  /** Of the others, those whose answers are not older than that. */
  const answersSince = (atMs: number): Activity[] =>
    talk.others().flatMap((other) => {
      const last = told.get(other);
      return last === undefined || last.atMs < atMs ? [] : [last.activity];
    });
  const ask = async (): Promise<void> => {
    const sinceMs = performance.now() - FRESH_MS;
    const haveAllTold = (): boolean => answersSince(sinceMs).length === talk.others().length;
    if (haveAllTold()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    onTold = () => {
      if (haveAllTold()) resolve();
    };
    talk.say(SUBJECT, {});
    await Promise.race([promise, sleep(PATIENCE_MS, undefined, { ref: false })]);
    onTold = () => undefined;
  };

  return {
    activities: async () => {
      asking ??= ask().finally(() => {
        asking = null;
      });
      await asking;
      return answersSince(performance.now() - STALE_MS);
    },
  };
}

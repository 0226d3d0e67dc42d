/**
 * What the processes on one database tell each other, so that none has to wait for what it keeps in memory to lapse.
 *
 * By PostgreSQL's NOTIFY, on a connection of its own, after the COMMIT of what is told, and in one message for all of a moment: a NOTIFY
 * within the transactions of a run would make their COMMITs wait for each other. News make things faster and are no promise: a message
 * that is lost is made up for by memories that lapse, and whoever was cut off takes it that everything has changed.
 * See `docs/adr/0013-news.md`.
 */
import { randomUUID } from 'node:crypto';
import type { ConnectionTarget } from './database.ts';
import { createLine } from './news-line.ts';
import { EVERYTHING, messageOf, TOPICS, type Told, type Topic, textOf, textOfSaid } from './news-message.ts';

/** Hears which have changed; null: any of them may have. */
type Listener = (ids: readonly string[] | null) => void;

export interface News {
  /** Tells the other processes soon; nothing where there are none. */
  tell(topic: Topic, ids: Iterable<string>): void;
  /** Whether there are other processes, as far as has been heard. */
  hasOthers(): boolean;
  /** Calls `listener` with what other processes tell. */
  onNews(topic: Topic, listener: Listener): void;
}

/** How a feature speaks to itself in the other processes. */
export interface Talk {
  /** Says it at once; nothing where nobody else is. */
  say(subject: string, what: object): void;
  /** Calls `listener` with what another process says, and which one it is: one of {@link others}. */
  onSaid(subject: string, listener: (from: string, what: unknown) => void): void;
  /** The other processes that were heard of in the last five seconds. */
  others(): readonly string[];
}

/** The news of a process, which are silent until they are started. */
export interface NewsService extends News, Talk {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Of the database, besides those of the pools. */
export const NEWS_CONNECTIONS = 1;
const CHANNEL = 'openrun_news';
/** News of a moment go together. A fifth of the tenth of a second that they may take. */
const GATHER_MS = 20;
const SIGN_OF_LIFE_MS = 1000;
/** Whoever is silent for so long is gone, and whoever has heard nobody for so long tells nothing. */
const GONE_AFTER_MS = 5000;
/** More than this are not told apart, and what they say of features is not heard: whoever may NOTIFY may speak in any number of names. */
const OTHERS_MAX = 1000;

interface Options {
  readonly target: ConnectionTarget;
  readonly onError: (error: unknown) => void;
}

export function createNews({ target, onError }: Options): NewsService {
  const from = randomUUID();
  const listeners = new Map<Topic, Listener[]>(TOPICS.map((topic) => [topic, []]));
  const untold = new Map<Topic, Set<string>>();
  const sayings = new Map<string, (from: string, what: unknown) => void>();
  const others = createOthers();
  let gathering: NodeJS.Timeout | null = null;
  let signs: NodeJS.Timeout | null = null;

  const hear = (told: Told): void => {
    for (const [topic, own] of listeners) {
      const ids = told[topic];
      if (ids !== undefined) for (const listener of own) listener(ids);
    }
  };
  const line = createLine({
    target,
    channel: CHANNEL,
    onText: (text) => {
      const message = messageOf(text);
      if (message === null || message.from === from) return;
      const isToldApart = others.heard(message.from);
      hear(message.news);
      if (isToldApart && message.said !== undefined) sayings.get(message.said.subject)?.(message.from, message.said.what);
    },
    onUp: () => {
      send({});
      hear(EVERYTHING);
    },
    onError,
  });
  const send = (news: Told): void => line.send(textOf({ from, news }));
  const flush = (): void => {
    gathering = null;
    send(Object.fromEntries([...untold].map(([topic, ids]) => [topic, [...ids]])));
    untold.clear();
  };

  return {
    hasOthers: others.areThere,
    tell: (topic, ids) => {
      if (!line.isUp() || !others.areThere()) return;
      const told = untold.get(topic) ?? new Set();
      untold.set(topic, told);
      for (const id of ids) told.add(id);
      gathering ??= setTimeout(flush, GATHER_MS).unref();
    },
    onNews: (topic, listener) => void listeners.get(topic)?.push(listener),
    say: (subject, what) => {
      if (!others.areThere()) return;
      const text = textOfSaid(from, subject, what);
      if (text === null) onError(new Error(`too much to say of ${subject}`));
      else line.send(text);
    },
    onSaid: (subject, listener) => void sayings.set(subject, listener),
    others: others.all,
    start: async () => {
      signs = setInterval(() => send({}), SIGN_OF_LIFE_MS).unref();
      await line.start();
    },
    stop: async () => {
      for (const timer of [gathering, signs]) if (timer !== null) clearTimeout(timer);
      await line.stop();
    },
  };
}

/** Keeps whom was heard of, and when. */
function createOthers() {
  const heardAtMs = new Map<string, number>();
  let lastMs = Number.NEGATIVE_INFINITY;
  const forgetTheGone = (nowMs: number): void => {
    for (const [other, atMs] of heardAtMs) if (nowMs - atMs > GONE_AFTER_MS) heardAtMs.delete(other);
  };
  return {
    /** Gives whether it is told apart from others. */
    heard: (other: string): boolean => {
      lastMs = performance.now();
      if (!heardAtMs.has(other)) {
        forgetTheGone(lastMs);
        if (heardAtMs.size >= OTHERS_MAX) return false;
      }
      heardAtMs.set(other, lastMs);
      return true;
    },
    areThere: (): boolean => performance.now() - lastMs <= GONE_AFTER_MS,
    all: (): readonly string[] => {
      forgetTheGone(performance.now());
      return [...heardAtMs.keys()];
    },
  };
}

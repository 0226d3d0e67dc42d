/**
 * The metrics of all workers together: whoever is asked for `/metrics` has the first process ask every worker, its own among them, since
 * nobody can tell which worker a connection comes to.
 *
 * What only grows must not fall when a worker ends, or Prometheus would take it for a reset and count what is left once more. So the
 * first process keeps the counters and histograms of workers that have ended, as they were last told: with each answer, every few seconds,
 * and as the last words of one that ends in order.
 */
import type { Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Aggregator,
  AggregatorRegistry,
  Counter,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';
import { overloaded } from './kernel/errors.ts';

type Metrics = readonly MetricObjectWithValues<MetricValue<string>>[];

/** Whoever is slower is counted as it was last known. */
const ANSWER_MS = 2000;
/** How long the first process may take for the answers of all, its own way included. */
const ANSWER_OF_ALL_MS = 2 * ANSWER_MS;
/** What a worker that is killed loses of its counters at most. */
const TELL_EVERY_MS = 5000;
const LAST_WORDS_MS = 1000;

/** How figures of several workers become one, where their sum or what prom-client makes of them would say nothing. */
const TOGETHER: ReadonlyMap<string, Aggregator> = new Map([
  ['process_start_time_seconds', 'min'],
  // The alert is about the worker that is nearest to its limit.
  ['process_open_fds', 'max'],
  ['process_max_fds', 'min'],
  ['nodejs_eventloop_lag_p99_seconds', 'max'],
]);

/** What the processes say to each other; `question` tells the questions of one asker apart, and is null where nobody asked. */
type Message =
  | { readonly say: 'what of all?'; readonly question: number }
  | { readonly say: 'all'; readonly question: number; readonly text: string }
  | { readonly say: 'what of yours?'; readonly question: number }
  | { readonly say: 'mine'; readonly question: number | null; readonly metrics: Metrics };

/** These processes run one program, so that what has the form of a message is one. */
function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'say' in message && 'question' in message;
}

/** Of every process that serves: one worker, so that the sum tells how many there are. */
export function countWorker(registry: Registry): void {
  const help = 'Processes that serve together behind one port';
  new Gauge({ name: 'openrun_workers', help, registers: [registry] }).set(1);
  endsOf(registry);
}

function endsOf(registry: Registry): Counter {
  return new Counter({ name: 'openrun_worker_ends_total', help: 'Workers that ended by themselves or were killed', registers: [registry] });
}

/** In the first process: the metrics of all. */
export interface MetricsOfAll {
  /** Answers the worker when it asks for the metrics of all, and keeps what it counted when it has ended. */
  follow(worker: Worker): void;
  /** A worker ended that nobody had told to. */
  workerEnded(): void;
}

export function gatherMetrics(): MetricsOfAll {
  const own = new Registry();
  const ends = endsOf(own);
  const start = 'Start time of the first process since unix epoch in seconds.';
  new Gauge({ name: 'process_start_time_seconds', help: start, registers: [own] }).set(Math.round(Date.now() / 1000 - process.uptime()));
  /** Of the workers that live, what only grows. */
  const last = new Map<Worker, Metrics>();
  const asking = new Map<Worker, ReturnType<typeof createQuestions<Metrics>>>();
  let ended: Metrics = [];

  const ofAll = async (): Promise<string> => {
    const workers = [...last.keys()];
    const ask = (worker: Worker) => asking.get(worker)?.ask((question) => tell(worker, { say: 'what of yours?', question })) ?? null;
    const [first, ...answers] = await Promise.all([own.getMetricsAsJSON(), ...workers.map(ask)]);
    const answered = new Map(workers.map((worker, index) => [worker, answers[index]]));
    // Only now, so that whoever ended meanwhile counts once: as one who answered, who is known, or who has ended.
    const told = [...last].map(([worker, known]) => answered.get(worker) ?? known);
    return summed([first, ended, ...told]).metrics();
  };

  return {
    follow: (worker) => {
      const questions = createQuestions<Metrics>(ANSWER_MS);
      last.set(worker, []);
      asking.set(worker, questions);
      worker.on('message', (message: unknown) => {
        if (!isMessage(message)) return;
        if (message.say === 'mine') {
          last.set(worker, message.metrics.filter(isLasting));
          questions.answered(message.question, message.metrics);
        }
        if (message.say !== 'what of all?') return;
        const { question } = message;
        void ofAll().then((text) => tell(worker, { say: 'all', question, text }));
      });
      // Its last words come before this, and after its exit.
      worker.once('disconnect', () => {
        ended = sumOf([ended, last.get(worker) ?? []]);
        last.delete(worker);
        asking.delete(worker);
        questions.giveUp();
      });
    },
    workerEnded: () => ends.inc(),
  };
}

/** Questions to another process that are under way. */
function createQuestions<Answer>(limitMs: number) {
  const open = new Map<number, (answer: Answer | null) => void>();
  let asked = 0;
  return {
    /** null: there is no answer in time, or none to be had any more. */
    ask: async (send: (question: number) => void): Promise<Answer | null> => {
      asked += 1;
      const question = asked;
      const { promise, resolve } = Promise.withResolvers<Answer | null>();
      const late = setTimeout(() => resolve(null), limitMs);
      open.set(question, resolve);
      send(question);
      return promise.finally(() => {
        clearTimeout(late);
        open.delete(question);
      });
    },
    answered: (question: number | null, answer: Answer): void => {
      if (question !== null) open.get(question)?.(answer);
    },
    giveUp: (): void => {
      for (const settle of open.values()) settle(null);
    },
  };
}

/** prom-client's types have a number here, and it says the name. */
function isLasting({ type }: Metrics[number]): boolean {
  return ['counter', 'histogram'].includes(String(type));
}

function summed(all: readonly Metrics[]): Registry {
  return AggregatorRegistry.aggregate(
    all.map((metrics) => metrics.map((metric) => ({ ...metric, aggregator: TOGETHER.get(metric.name) ?? metric.aggregator }))),
  );
}

/** The sum of what only grows, as one worker would tell it. */
function sumOf(all: readonly Metrics[]): Metrics {
  const sums = new Map<string, Metrics[number]>();
  for (const metric of all.flat()) {
    const { name, values } = metric;
    const of = new Map((sums.get(name)?.values ?? []).map((value) => [seriesOf(value), value]));
    for (const value of values) {
      const series = seriesOf(value);
      of.set(series, { ...value, value: value.value + (of.get(series)?.value ?? 0) });
    }
    sums.set(name, { ...metric, values: [...of.values()] });
  }
  return [...sums.values()];
}

/** Which of the series of a metric: those of a histogram have names of their own. */
function seriesOf(value: MetricValue<string> & { readonly metricName?: string }): string {
  const labels = Object.entries(value.labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([value.metricName, labels]);
}

/** To one that has just been killed it fails, and is no error: its end is heard in another way. */
function tell(worker: Worker, message: Message): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}

/** In a worker: tells its metrics, and reads those of all. */
export interface SharedMetrics {
  /**
   * Gives what reads the metrics of all, in the text format of Prometheus, and tells the process's own from now on. It throws 503 `OVERLOADED` where the
   * first process does not answer.
   */
  readonly share: (own: Registry) => () => Promise<string>;
  /** Says the last words: what the process has counted in all. */
  stop(): Promise<void>;
}

export function shareMetrics(): SharedMetrics {
  const questions = createQuestions<string>(ANSWER_OF_ALL_MS);
  const say = (message: Message): void => void process.send?.(message);
  let mine: Registry | null = null;
  let telling: NodeJS.Timeout | null = null;

  const tellUnasked = async (): Promise<void> => {
    const metrics = mine === null ? [] : await lastingOf(mine);
    await new Promise<void>((resolve) => {
      process.send?.({ say: 'mine', question: null, metrics } satisfies Message, () => resolve());
    });
  };

  return {
    share: (own) => {
      mine = own;
      telling = setInterval(() => void tellUnasked(), TELL_EVERY_MS).unref();
      process.on('message', (message: unknown) => {
        if (!isMessage(message)) return;
        if (message.say === 'what of yours?') {
          const { question } = message;
          void own.getMetricsAsJSON().then((metrics) => say({ say: 'mine', question, metrics }));
        }
        if (message.say === 'all') questions.answered(message.question, message.text);
      });
      return async () => {
        const text = await questions.ask((question) => say({ say: 'what of all?', question }));
        if (text === null) throw overloaded();
        return text;
      };
    },
    stop: async () => {
      if (telling !== null) clearInterval(telling);
      // Where the first process is gone, nobody hears them.
      if (process.connected) await Promise.race([tellUnasked(), delay(LAST_WORDS_MS)]);
    },
  };
}

/** Gauges are left alone: some of them begin anew when they are read, and are to tell of the time between two looks of Prometheus. */
async function lastingOf(registry: Registry): Promise<Metrics> {
  const lasting = registry.getMetricsAsArray().filter((metric) => metric instanceof Counter || metric instanceof Histogram);
  return Promise.all(lasting.map((metric) => metric.get()));
}

/**
 * The metrics of all workers together: whoever is asked for `/metrics` has the first process ask every worker, its own among them, since
 * nobody can tell which worker a connection comes to.
 */
import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client';

type Metrics = readonly MetricObjectWithValues<MetricValue<string>>[];

/** Whoever is slower does not count: it is as good as gone. */
const ANSWER_MS = 2000;

/** What the processes say to each other; `question` tells the questions of one asker apart. */
type Message =
  | { readonly say: 'what of all?'; readonly question: number }
  | { readonly say: 'all'; readonly question: number; readonly text: string }
  | { readonly say: 'what of yours?'; readonly question: number }
  | { readonly say: 'mine'; readonly question: number; readonly metrics: Metrics };

/** These processes run one program, so that what has the form of a message is one. */
function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'say' in message && 'question' in message;
}

let questions = 0;

/** In the first process: answers the worker when it asks for the metrics of all. */
export function answerMetrics(worker: Worker): void {
  worker.on('message', (message: unknown) => {
    if (!isMessage(message) || message.say !== 'what of all?') return;
    const { question } = message;
    void metricsOfAll().then((text) => tell(worker, { say: 'all', question, text }));
  });
}

function tell(worker: Worker, message: Message): void {
  if (worker.isConnected()) worker.send(message);
}

async function metricsOfAll(): Promise<string> {
  const told = await Promise.all(Object.values(cluster.workers ?? {}).map(async (worker) => (worker === undefined ? null : ask(worker))));
  return AggregatorRegistry.aggregate(told.filter((metrics) => metrics !== null)).metrics();
}

/** null: the worker does not answer. */
function ask(worker: Worker): Promise<Metrics | null> {
  questions += 1;
  const question = questions;
  return new Promise((resolve) => {
    const settle = (metrics: Metrics | null): void => {
      clearTimeout(late);
      worker.off('message', hear);
      worker.off('exit', leave);
      resolve(metrics);
    };
    const hear = (message: unknown): void => {
      if (isMessage(message) && message.say === 'mine' && message.question === question) settle(message.metrics);
    };
    const leave = (): void => settle(null);
    const late = setTimeout(leave, ANSWER_MS);
    worker.on('message', hear);
    worker.on('exit', leave);
    tell(worker, { say: 'what of yours?', question });
  });
}

/** In a worker: tells its metrics when it is asked for them, and gives what reads those of all, in the text format of Prometheus. */
export function shareMetrics(own: Registry): () => Promise<string> {
  const waiting = new Map<number, (text: string) => void>();
  const say = (message: Message): void => void process.send?.(message);
  process.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    const { question } = message;
    if (message.say === 'what of yours?') void own.getMetricsAsJSON().then((metrics) => say({ say: 'mine', question, metrics }));
    if (message.say !== 'all') return;
    waiting.get(question)?.(message.text);
    waiting.delete(question);
  });
  return () => {
    questions += 1;
    const question = questions;
    return new Promise((resolve) => {
      waiting.set(question, resolve);
      say({ say: 'what of all?', question });
    });
  };
}

/** Samples the counters of this process once a second, so that there are rates from the first question on. */
import type { MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client';
import { activityBetween, type QueueSample, type Sample } from './dashboard.rules.ts';
import type { Activity } from './dashboard.types.ts';

export interface Sampler {
  /** What the process did in the last five seconds or so. */
  activity(): Activity;
  stop(): void;
}

/** How often an operation was answered with each outcome. */
interface Answers {
  outcomesOf(operation: string): ReadonlyMap<string, number>;
}

const EVERY_MS = 1000;
const WINDOW_SAMPLES = 6;

export function startSampler(deps: {
  readonly registry: Registry;
  readonly answers: Answers;
  readonly flows: readonly string[];
  readonly onError: (error: unknown) => void;
}): Sampler {
  const { registry, answers, flows, onError } = deps;
  const nothing: Sample = { atMs: performance.now(), flows: new Map(), queues: new Map() };
  let window: readonly Sample[] = [nothing];
  const take = async (): Promise<void> => {
    const queues = await sampleQueues(registry);
    const counted = new Map(flows.map((flow) => [flow, new Map(answers.outcomesOf(flow))]));
    window = [...window, { atMs: performance.now(), flows: counted, queues }].slice(-WINDOW_SAMPLES);
  };
  const timer = setInterval(() => void take().catch(onError), EVERY_MS).unref();
  return {
    activity: () => activityBetween(window[0] ?? nothing, window.at(-1) ?? nothing),
    stop: () => clearInterval(timer),
  };
}

type Value = MetricValue<string> | MetricValueWithName<string>;

async function sampleQueues(registry: Registry): Promise<Map<string, QueueSample>> {
  const [size, batch, wait, waiting] = await Promise.all([
    histograms(registry, 'openrun_commit_batch_size'),
    histograms(registry, 'openrun_commit_batch_seconds'),
    histograms(registry, 'openrun_commit_wait_seconds'),
    valuesOf(registry, 'openrun_commit_waiting'),
  ]);
  return new Map(
    waiting.map(({ labels, value }) => {
      const queue = String(labels['queue']);
      const sizes = size.get(queue);
      const durations = { batchSeconds: batch.get(queue)?.upToBounds ?? [], waitSeconds: wait.get(queue)?.upToBounds ?? [] };
      return [queue, { waiting: value, batches: sizes?.count ?? 0, commands: sizes?.sum ?? 0, ...durations }];
    }),
  );
}

async function valuesOf(registry: Registry, name: string): Promise<readonly Value[]> {
  const metric: MetricObjectWithValues<Value> | undefined = await registry.getSingleMetric(name)?.get();
  return metric?.values ?? [];
}

interface HistogramSample {
  /** How many there are up to each bound, in rising order, the last one infinite. */
  readonly upToBounds: number[];
  count: number;
  sum: number;
}

/** The histograms of a metric by queue. */
async function histograms(registry: Registry, name: string): Promise<Map<string, HistogramSample>> {
  const found = new Map<string, HistogramSample>();
  for (const each of await valuesOf(registry, name)) {
    const queue = String(each.labels['queue']);
    const sample = found.get(queue) ?? { upToBounds: [], count: 0, sum: 0 };
    found.set(queue, sample);
    const part = 'metricName' in each ? each.metricName : undefined;
    if (each.labels['le'] !== undefined) sample.upToBounds.push(each.value);
    else if (part === `${name}_sum`) sample.sum = each.value;
    else if (part === `${name}_count`) sample.count = each.value;
  }
  return found;
}

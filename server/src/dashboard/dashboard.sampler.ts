/** Samples the counters of this process once a second, so that there are rates from the first question on. */
import type { MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client';
import type { HistogramSample, QueueSample, Sample } from './dashboard.rules.ts';

export interface Sampler {
  /** The latest sample, and the one about five seconds before it. */
  samples(): { readonly earlier: Sample; readonly later: Sample };
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
    samples: () => ({ earlier: window[0] ?? nothing, later: window.at(-1) ?? nothing }),
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
  const none: HistogramSample = { buckets: [], count: 0, sum: 0 };
  return new Map(
    waiting.map(({ labels, value }) => {
      const queue = String(labels['queue']);
      const sample = { waiting: value, batchSize: size.get(queue) ?? none, batchSeconds: batch.get(queue) ?? none };
      return [queue, { ...sample, waitSeconds: wait.get(queue) ?? none }];
    }),
  );
}

async function valuesOf(registry: Registry, name: string): Promise<readonly Value[]> {
  const metric: MetricObjectWithValues<Value> | undefined = await registry.getSingleMetric(name)?.get();
  return metric?.values ?? [];
}

/** The histograms of a metric by queue. */
async function histograms(registry: Registry, name: string): Promise<Map<string, HistogramSample>> {
  const found = new Map<string, { buckets: { upTo: number; count: number }[]; count: number; sum: number }>();
  for (const each of await valuesOf(registry, name)) {
    const queue = String(each.labels['queue']);
    const sample = found.get(queue) ?? { buckets: [], count: 0, sum: 0 };
    found.set(queue, sample);
    const part = 'metricName' in each ? each.metricName : undefined;
    const { le } = each.labels;
    if (le !== undefined) sample.buckets.push({ upTo: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), count: each.value });
    else if (part === `${name}_sum`) sample.sum = each.value;
    else if (part === `${name}_count`) sample.count = each.value;
  }
  return found;
}

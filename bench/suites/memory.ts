/** The server's memory: idle, under full load with a full queue, and over a long run. */
import type { Arm } from '../arms/arm.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { lineChart } from '../report/chart.ts';
import { spreadOf } from '../report/statistics.ts';
import { fixed, table } from '../report/table.ts';
import type { Shop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';

const CONNECTIONS = 1024;
const SLICE_SECONDS = 15;

export interface MemoryResult {
  readonly idleMegabytes: number;
  /** After each slice of the load. */
  readonly samples: readonly {
    readonly seconds: number;
    readonly rssMegabytes: number;
    readonly heapMegabytes: number;
    readonly answers: number;
  }[];
}

async function rssOf(arm: Arm): Promise<{ rss: number; heap: number }> {
  const { rssBytes, heapBytes } = await arm.usage();
  return { rss: rssBytes / 1e6, heap: heapBytes / 1e6 };
}

/** Runs the workloads in turn on 1,024 connections for `minutes`. */
export async function measureMemory(idle: number, workloads: readonly Workload[], shop: Shop, minutes: number): Promise<MemoryResult> {
  const traffics = await Promise.all(workloads.map((workload) => workload.open(shop)));
  const samples: MemoryResult['samples'][number][] = [];
  const startedAt = performance.now();
  let turn = 0;
  while (performance.now() - startedAt < minutes * 60_000) {
    const traffic = traffics[turn % traffics.length];
    if (traffic === undefined) throw new Error('nothing to run');
    turn += 1;
    const { latenciesMs } = await closedLoop(shop.arm.port, traffic, CONNECTIONS, SLICE_SECONDS);
    const { rss, heap } = await rssOf(shop.arm);
    samples.push({ seconds: (performance.now() - startedAt) / 1000, rssMegabytes: rss, heapMegabytes: heap, answers: latenciesMs.length });
  }
  await shop.arm.audit();
  return { idleMegabytes: idle, samples };
}

export function memoryTable({ idleMegabytes, samples }: MemoryResult): string {
  const third = Math.ceil(samples.length / 3);
  const median = (some: MemoryResult['samples']): number => spreadOf(some.map((sample) => sample.rssMegabytes)).median;
  return table([
    ['resident memory of the server', 'MB'],
    ['idle, after the start', fixed(idleMegabytes, 0)],
    ['the most under load', fixed(Math.max(...samples.map((sample) => sample.rssMegabytes)), 0)],
    ['median of the first third of the run', fixed(median(samples.slice(0, third)), 0)],
    ['median of the last third', fixed(median(samples.slice(-third)), 0)],
    ['answers', samples.reduce((sum, { answers }) => sum + answers, 0).toLocaleString('en-US')],
  ]);
}

export function memoryChart({ samples }: MemoryResult): string {
  return lineChart('Resident memory of the server under 1,024 connections', 'seconds', 'MB', [
    { label: 'resident', points: samples.map(({ seconds, rssMegabytes }) => ({ x: seconds, y: rssMegabytes })) },
    { label: 'heap', points: samples.map(({ seconds, heapMegabytes }) => ({ x: seconds, y: heapMegabytes })) },
  ]);
}

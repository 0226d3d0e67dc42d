/** What events cost those who pay, and how fast a backlog drains. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { statement } from '../../server/src/database/database.ts';
import { type Arm, openArm } from '../arms/arm.ts';
import type { Cluster } from '../arms/cluster.ts';
import type { Spread } from '../report/statistics.ts';
import { spreadText, table, whole } from '../report/table.ts';
import { writeBacklog } from '../scale/backlog.ts';
import { hotCoupon } from '../workloads/coupons.ts';
import { hotOrder, orderAndPayment } from '../workloads/orders.ts';
import { openShop } from '../workloads/shop.ts';
import type { Workload } from '../workloads/workload.ts';
import { type Measured, measurePair, openPair, type Pace } from './pair.ts';

const SECRET = `whsec_${Buffer.from('a secret for the benchmark only..').toString('base64')}`;
const BACKLOG = 1_000_000;
const DRAIN_SECONDS = 60;
const LOOK_MS = 1000;

export interface EventCost {
  readonly title: string;
  /** Rate with the events to the rate without. */
  readonly ratio: Spread;
  readonly with: Measured;
  readonly without: Measured;
  readonly rssMegabytes: { readonly before: number; readonly after: number };
}

export interface Drain {
  readonly sink: string;
  readonly backlog: number;
  readonly delivered: number;
  readonly seconds: number;
}

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const probe = createTcpServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const port = portOf(probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}

function portOf(address: ReturnType<ReturnType<typeof createTcpServer>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return address.port;
}

function webhookTo(port: number): Record<string, string> {
  return { SINK: 'webhook', WEBHOOK_URL: `http://127.0.0.1:${port}/`, WEBHOOK_SECRET: SECRET };
}

/**
 * What writing events takes. The destination that wants them is dead, so that nothing but their writing is added; the other arm has
 * the log, which is delivered to while it is measured.
 */
export async function measureEventCosts(cluster: Cluster, pace: Pace & { readonly connections: number }): Promise<EventCost[]> {
  const dead = await openArm(cluster, { name: 'dead', groupCommitMax: null, writers: null, settings: webhookTo(await deadPort()) });
  const log = await openArm(cluster, { name: 'log', groupCommitMax: null, writers: null });
  const shops = [await openShop(dead), await openShop(log)] as const;
  const measure = async (workload: Workload, title: string): Promise<EventCost> => {
    const pair = await openPair(workload, shops);
    const before = (await dead.usage()).rssBytes / 1e6;
    const { ratio, first, second } = await measurePair(workload, pair, pace);
    return { title, ratio, with: first, without: second, rssMegabytes: { before, after: (await dead.usage()).rssBytes / 1e6 } };
  };
  const results = [
    await measure(hotOrder, 'order, nobody wants its event (noise)'),
    await measure(orderAndPayment, 'order and payment: receiver dead / log'),
  ];
  await shops[0].staff('PATCH', '/destinations/webhook', { eventTypes: ['order.placed', 'order.paid', 'coupon.issued'] });
  results.push(await measure(hotOrder, 'order: `order.placed` wanted / not wanted'));
  results.push(await measure(hotCoupon, 'coupon: `coupon.issued` wanted / not wanted'));
  for (const arm of [dead, log]) {
    await arm.audit();
    await arm.close();
  }
  return results;
}

const deliveredStatement = statement<{ delivered: number }>(
  'bench.delivered',
  `SELECT count(*) AS delivered FROM delivery WHERE status = 'delivered'`,
);

async function drain(cluster: Cluster, sink: 'nats' | 'webhook', settings: Readonly<Record<string, string>>): Promise<Drain> {
  const target = await cluster.createDatabase(`drain-${sink}`);
  await writeBacklog(target, sink, BACKLOG);
  const startedAt = performance.now();
  const arm = await openArm(cluster, { name: `drain-${sink}`, groupCommitMax: null, writers: null, settings, target });
  const result = await watch(arm, startedAt);
  await arm.close();
  return { sink, backlog: BACKLOG, ...result };
}

/** Until all is delivered, or for a minute; the start of the server is part of it. */
async function watch(arm: Arm, startedAt: number): Promise<{ delivered: number; seconds: number }> {
  for (;;) {
    await delay(LOOK_MS);
    const seconds = (performance.now() - startedAt) / 1000;
    const [row] = await arm.database.query(deliveredStatement);
    const { delivered = 0 } = row ?? {};
    if (delivered === BACKLOG || seconds >= DRAIN_SECONDS) return { delivered, seconds };
  }
}

export async function measureDrains(cluster: Cluster): Promise<Drain[]> {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const results = [await drain(cluster, 'webhook', webhookTo(portOf(receiver.address())))];
  receiver.close();
  receiver.closeAllConnections();
  const nats = await startNats();
  if (nats !== null) {
    results.push(await drain(cluster, 'nats', { SINK: 'nats', NATS_URL: nats.url }));
    await nats.stop();
  }
  return results;
}

/** A `nats-server` with JetStream on a port of its own; null where the machine has none. */
async function startNats(): Promise<{ readonly url: string; stop(): Promise<void> } | null> {
  const store = mkdtempSync(join(tmpdir(), 'openrun-nats-'));
  const port = await deadPort();
  const child = spawn('nats-server', ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', store], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const isMissing = await Promise.race([once(child, 'error').then(() => true), once(child, 'spawn').then(() => false)]);
  if (isMissing) return null;
  await reachable(port);
  return {
    url: `nats://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(store, { recursive: true, force: true });
    },
  };
}

async function reachable(port: number): Promise<void> {
  const connection = await connect({
    servers: `127.0.0.1:${port}`,
    waitOnFirstConnect: true,
    maxReconnectAttempts: 50,
    reconnectTimeWait: 100,
  });
  await connection.close();
}

export function transmissionTable(costs: readonly EventCost[], drains: readonly Drain[]): string {
  const costTable = table([
    ['rate with / without', 'ratio', 'p99 with, ms', 'p99 without, ms', 'memory before, MB', 'after, MB'],
    ...costs.map((cost) => [
      cost.title,
      spreadText(cost.ratio),
      spreadText(cost.with.p99Ms, 0),
      spreadText(cost.without.p99Ms, 0),
      whole(cost.rssMegabytes.before),
      whole(cost.rssMegabytes.after),
    ]),
  ]);
  const drainTable = table([
    ['a backlog drains', 'events', 'delivered', 'seconds', 'a second'],
    ...drains.map(({ sink, backlog, delivered, seconds }) => [
      sink,
      whole(backlog),
      whole(delivered),
      whole(seconds),
      whole(delivered / seconds),
    ]),
  ]);
  return `${costTable}\n\n${drainTable}`;
}

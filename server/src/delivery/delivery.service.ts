/** Use cases of the delivery flow, and the outbox that neighbours write their events to. */
import type { Answer, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { Database, Writes } from '../database/database.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newestFirst, type Page, type PageQuery } from '../kernel/paging.ts';
import { listDeliveries, lockDeliveries, recordEvents, replayDeliveries } from './delivery.repository.ts';
import { presentDelivery } from './delivery.schemas.ts';
import type { Delivery, DeliveryStatus, OutboxEvent } from './delivery.types.ts';

/** Where the transaction of an effect leaves what the outside will learn of it. */
export interface Outbox {
  record(writes: Writes, events: readonly OutboxEvent[], now: Date): void;
  /** Tells the relay, after the commit, that there is something to deliver. */
  wake(): void;
}

export interface DeliveryService extends Outbox {
  list(query: PageQuery & { readonly status?: DeliveryStatus }): Promise<Page<ReturnType<typeof presentDelivery>>>;
  replay(deliveryId: string, key: WriteKey | null): Promise<Answer | Refusal>;
  /** Sets who is woken; there is one relay a process. */
  onWake(listener: () => void): void;
}

interface ReplayState {
  readonly deliveries: Map<string, Delivery>;
  readonly replayed: Set<string>;
}

const pageOfDeliveries = newestFirst('deliveries');

export function createDeliveryService(deps: {
  readonly database: Database;
  readonly commit: CommitEngine;
  readonly destination: string;
}): DeliveryService {
  const { database, commit, destination } = deps;
  let wakeRelay = (): void => undefined;
  const queue = commit.queue<{ readonly deliveryId: string }, ReplayState>({
    name: 'delivery',
    lock: async (tx, commands) => ({
      deliveries: await lockDeliveries(tx, [...new Set(commands.map((command) => command.deliveryId))]),
      replayed: new Set(),
    }),
    decide: (state, { deliveryId }, { now }) => effectOf(202, decideReplay(state, deliveryId, now), presentDelivery),
    save: (writes, { replayed }, { now }) => replayDeliveries(writes, [...replayed], now),
  });
  return {
    record: (writes, events, now) => recordEvents(writes, events, destination, now),
    wake: () => wakeRelay(),
    onWake: (listener) => {
      wakeRelay = listener;
    },
    list: (query) => pageOfDeliveries(query, (before, rows) => listDeliveries(database, query.status, before, rows), presentDelivery),
    replay: async (deliveryId, key) => {
      const answer = await queue.submit({ deliveryId }, key);
      wakeRelay();
      return answer;
    },
  };
}

function decideReplay(state: ReplayState, deliveryId: string, now: Date): Delivery | Refusal<'DELIVERY_NOT_FOUND'> {
  const delivery = state.deliveries.get(deliveryId);
  if (delivery === undefined) return refuse('DELIVERY_NOT_FOUND');
  const replayed: Delivery = { ...delivery, status: 'pending', attempts: 0, nextAttemptAt: now };
  state.deliveries.set(deliveryId, replayed);
  state.replayed.add(deliveryId);
  return replayed;
}

/** Use cases of the delivery flow: what became of events, and sending them again. */
import type { Answer, DecisionContext, Effect, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { Database, Transaction } from '../database/database.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { LOWEST_ID } from '../kernel/ids.ts';
import { newestFirst, type Page, type PageQuery } from '../kernel/paging.ts';
import { findDelivery, listDeliveries, lockDeliveries, lockMatching, replayDeliveries } from './delivery.repository.ts';
import { presentDelivery, presentDeliveryDetail } from './delivery.schemas.ts';
import type { Delivery, DeliveryFilter } from './delivery.types.ts';

export interface DeliveryService {
  list(query: PageQuery & DeliveryFilter): Promise<Page<ReturnType<typeof presentDelivery>>>;
  /** A delivery with its attempts. */
  get(deliveryId: string): Promise<ReturnType<typeof presentDeliveryDetail> | Refusal<'DELIVERY_NOT_FOUND'>>;
  replay(deliveryId: string, key: WriteKey | null): Promise<Answer | Refusal>;
  /** Replays settled deliveries to one destination, the oldest first, a bounded number a call. */
  replayMatching(wanted: DeliveryFilter & { readonly after?: string }, key: WriteKey | null): Promise<Answer | Refusal>;
}

type ReplayCommand =
  | { readonly kind: 'one'; readonly deliveryId: string }
  | { readonly kind: 'matching'; readonly filter: DeliveryFilter; readonly after: string };

interface ReplayState {
  readonly deliveries: Map<string, Delivery>;
  /** What each command that replays by a filter has found. */
  readonly found: Map<ReplayCommand, readonly Delivery[]>;
  readonly replayed: Set<string>;
}

const REPLAYED_AT_ONCE_MAX = 5000;
const ATTEMPTS_SHOWN_MAX = 100;
const pageOfDeliveries = newestFirst('deliveries');

export function createDeliveryService(deps: {
  readonly database: Database;
  readonly commit: CommitEngine;
  readonly wake: () => void;
}): DeliveryService {
  const { database, commit, wake } = deps;
  const queue = commit.queue<ReplayCommand, ReplayState>({
    name: 'delivery',
    lock: lockForReplays,
    decide,
    save: (writes, { replayed }, { now }) => replayDeliveries(writes, [...replayed], now),
    ended: (_state, ending) => {
      if (ending !== 'unchanged') wake();
    },
  });
  return {
    list: (query) => pageOfDeliveries(query, (before, rows) => listDeliveries(database, query, before, rows), presentDelivery),
    get: async (deliveryId) => {
      const found = await findDelivery(database, deliveryId, ATTEMPTS_SHOWN_MAX);
      return found === null ? refuse('DELIVERY_NOT_FOUND') : presentDeliveryDetail(found);
    },
    replay: (deliveryId, key) => queue.submit({ kind: 'one', deliveryId }, key),
    replayMatching: ({ after = LOWEST_ID, ...filter }, key) => queue.submit({ kind: 'matching', filter, after }, key),
  };
}

/** Locks the named deliveries, then those that match filters: two replays that wait for each other are run again one by one. */
async function lockForReplays(tx: Transaction, commands: readonly ReplayCommand[]): Promise<ReplayState> {
  const named = commands.flatMap((command) => (command.kind === 'one' ? [command.deliveryId] : []));
  const deliveries = await lockDeliveries(tx, [...new Set(named)]);
  const found = new Map<ReplayCommand, readonly Delivery[]>();
  for (const command of commands) {
    if (command.kind === 'matching') found.set(command, await lockMatching(tx, command.filter, command.after, REPLAYED_AT_ONCE_MAX));
  }
  return { deliveries, found, replayed: new Set() };
}

function decide(state: ReplayState, command: ReplayCommand, { now }: DecisionContext): Effect | Refusal {
  if (command.kind === 'one') return effectOf(202, decideReplay(state, command.deliveryId, now), presentDelivery);
  const found = state.found.get(command) ?? [];
  for (const { id } of found) state.replayed.add(id);
  const last = found.length === REPLAYED_AT_ONCE_MAX ? found.at(-1) : undefined;
  return { status: 202, body: { replayed: found.length, nextAfter: last?.id ?? null } };
}

function decideReplay(state: ReplayState, deliveryId: string, now: Date): Delivery | Refusal<'DELIVERY_NOT_FOUND'> {
  const delivery = state.deliveries.get(deliveryId);
  if (delivery === undefined) return refuse('DELIVERY_NOT_FOUND');
  const replayed: Delivery = { ...delivery, status: 'pending', attempts: 0, nextAttemptAt: now };
  state.deliveries.set(deliveryId, replayed);
  state.replayed.add(deliveryId);
  return replayed;
}

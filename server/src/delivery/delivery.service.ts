/** Use cases of the delivery flow: what became of events, and sending them again. */
import type { Answer, DecisionContext, Effect, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { Lists } from '../database/lists.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { LOWEST_ID } from '../kernel/ids.ts';
import { newestFirst, type Page, type PageQuery } from '../kernel/paging.ts';
import { actionBy } from '../staff/staff.service.ts';
import {
  findAttempts,
  findDelivery,
  findEventsAt,
  listDeliveries,
  lockDeliveries,
  lockMatching,
  replayDeliveries,
} from './delivery.repository.ts';
import { presentDelivery, presentDeliveryDetail } from './delivery.schemas.ts';
import type { Backlog, Delivery, DeliveryFilter, OrderEvents, ReplayFilter } from './delivery.types.ts';
import { readBacklog } from './relay.repository.ts';
import type { Relay } from './relay.ts';

export interface DeliveryService {
  list(query: PageQuery & DeliveryFilter): Promise<Page<ReturnType<typeof presentDelivery>>>;
  /** A delivery with its attempts. */
  get(deliveryId: string): Promise<ReturnType<typeof presentDeliveryDetail> | Refusal<'DELIVERY_NOT_FOUND'>>;
  /**
   * The events of an order that had effects at `moments`, as long as they are kept. Events and deliveries have no index by order: they are
   * found by their ids, which begin with the millisecond of their effect.
   */
  eventsOf(orderId: string, moments: readonly Date[], attemptsMax: number): Promise<OrderEvents>;
  /** What waits at each destination, by name. */
  backlog(): Promise<readonly Backlog[]>;
  replay(staffId: string, deliveryId: string, key: WriteKey | null): Promise<Answer | Refusal>;
  /** Replays settled deliveries to one destination, the oldest first, a bounded number a call. */
  replayMatching(staffId: string, wanted: ReplayFilter & { readonly after?: string }, key: WriteKey | null): Promise<Answer | Refusal>;
}

type ReplayCommand =
  | { readonly kind: 'one'; readonly staffId: string; readonly deliveryId: string }
  | { readonly kind: 'matching'; readonly staffId: string; readonly filter: ReplayFilter; readonly after: string };

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
  readonly lists: Lists;
  readonly commit: CommitEngine;
  readonly relay: Pick<Relay, 'newDeliveries' | 'spread'>;
  readonly clockOffsetMs: () => number;
}): DeliveryService {
  const { database, lists, commit, relay, clockOffsetMs } = deps;
  const queue = commit.queue<ReplayCommand, ReplayState>({
    name: 'delivery',
    lock: lockForReplays,
    decide,
    save: (writes, { replayed }, { now }) => replayDeliveries(writes, [...replayed], now),
    ended: (_state, ending) => {
      if (ending !== 'unchanged') relay.newDeliveries();
    },
  });
  return {
    list: async (query) => {
      await relay.spread();
      return pageOfDeliveries(
        query,
        (before, rows) => lists.read((source) => listDeliveries(source, query, before, rows)),
        presentDelivery,
      );
    },
    get: async (deliveryId) => {
      const found = await findDelivery(database, deliveryId, ATTEMPTS_SHOWN_MAX);
      return found === null ? refuse('DELIVERY_NOT_FOUND') : presentDeliveryDetail(found);
    },
    eventsOf: async (orderId, moments, attemptsMax) => {
      await relay.spread();
      const found = await Promise.all(moments.map((moment) => findEventsAt(database, orderId, moment)));
      const events = found.flatMap((one) => one.events);
      const deliveries = found.flatMap((one) => one.deliveries);
      const ids = deliveries.map((delivery) => delivery.id);
      return { events, deliveries, attempts: await findAttempts(database, ids, attemptsMax) };
    },
    backlog: async () => (await readBacklog(database, clockOffsetMs())).toSorted((a, b) => (a.destination < b.destination ? -1 : 1)),
    replay: (staffId, deliveryId, key) => queue.submit({ kind: 'one', staffId, deliveryId }, key),
    replayMatching: (staffId, { after = LOWEST_ID, ...filter }, key) => queue.submit({ kind: 'matching', staffId, filter, after }, key),
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
  const { staffId } = command;
  if (command.kind === 'one') {
    const before = state.deliveries.get(command.deliveryId);
    return effectOf(202, decideReplay(state, command.deliveryId, now), presentDelivery, (after) =>
      actionBy(staffId, 'delivery.replay', {
        objectId: after.id,
        before: before === undefined ? null : sentOf(before),
        after: sentOf(after),
      }),
    );
  }
  const found = state.found.get(command) ?? [];
  for (const { id } of found) state.replayed.add(id);
  const last = found.length === REPLAYED_AT_ONCE_MAX ? found.at(-1) : undefined;
  const body = { replayed: found.length, nextAfter: last?.id ?? null };
  if (found.length === 0) return { status: 202, body };
  const { filter, after } = command;
  const actions = actionBy(staffId, 'destination.replay', {
    objectId: filter.destination,
    before: null,
    after: { ...filter, after, replayed: found.length },
  });
  return { status: 202, body, actions };
}

/** What a replay changes of a delivery. */
function sentOf({ status, attempts, eventId, destination }: Delivery): object {
  return { status, attempts, eventId, destination };
}

function decideReplay(state: ReplayState, deliveryId: string, now: Date): Delivery | Refusal<'DELIVERY_NOT_FOUND'> {
  const delivery = state.deliveries.get(deliveryId);
  if (delivery === undefined) return refuse('DELIVERY_NOT_FOUND');
  const replayed: Delivery = { ...delivery, status: 'pending', attempts: 0, nextAttemptAt: now };
  state.deliveries.set(deliveryId, replayed);
  state.replayed.add(deliveryId);
  return replayed;
}

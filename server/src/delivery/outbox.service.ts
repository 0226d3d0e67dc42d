/** The outbox: where the transaction of an effect leaves what the outside will learn of it (외부 전송). */
import type { SaveContext } from '../commit/commit.types.ts';
import type { Writes } from '../database/database.ts';
import type { DestinationService } from './destination.service.ts';
import type { EventType, OutboxEvent } from './event.types.ts';
import { appendBatch } from './outbox.repository.ts';
import type { Relay } from './relay.ts';

export interface Outbox {
  /** Whether events of the type are written at all: those that some destination wants, and every `order.paid`. */
  wants(type: EventType): boolean;
  /** Leaves events with their deliveries for the relay, in the transaction of the effect. */
  record(writes: Writes, events: readonly OutboxEvent[], context: SaveContext): void;
  /** Tells the relay, after the commit, that there may be events of these types to deliver; where nobody wants them, it need not hurry. */
  wake(types: readonly EventType[]): void;
}

export function createOutbox(destinations: Pick<DestinationService, 'wanting'>, relay: Pick<Relay, 'newEvents'>): Outbox {
  return {
    wants: (type) => type === 'order.paid' || destinations.wanting(type).length > 0,
    record: (writes, events, { now, newId, traceparents }) => {
      const batch = events.map((event) => ({
        ...event,
        ...traceOf(event, traceparents),
        deliveries: destinations.wanting(event.type).map((destination) => ({ id: newId(), destination })),
      }));
      appendBatch(writes, batch, now);
    },
    wake: (types) => {
      if (types.some((type) => destinations.wanting(type).length > 0)) relay.newEvents();
    },
  };
}

/** What an event carries of the request that caused it: nothing where its trace is not kept. */
function traceOf({ orderId, subject }: OutboxEvent, traceparents: SaveContext['traceparents']): { readonly traceparent?: string } {
  const traceparent = traceparents.get(orderId ?? subject);
  return traceparent === undefined ? {} : { traceparent };
}

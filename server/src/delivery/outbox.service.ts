/** The outbox: where the transaction of an effect leaves what the outside will learn of it (외부 전송). */
import type { DecisionContext } from '../commit/commit.types.ts';
import type { Writes } from '../database/database.ts';
import { insertDeliveries, recordEvents } from './delivery.repository.ts';
import type { DestinationService } from './destination.service.ts';
import type { EventType, OutboxEvent } from './event.types.ts';

export interface Outbox {
  /** Whether events of the type are written at all: those that some destination wants, and every `order.paid`. */
  wants(type: EventType): boolean;
  /** Writes events with their deliveries, in the transaction of the effect. */
  record(writes: Writes, events: readonly OutboxEvent[], context: DecisionContext): void;
  /** Tells the relay, after the commit, that there may be events of these types to deliver; where nobody wants them, it need not look. */
  wake(types: readonly EventType[]): void;
}

export function createOutbox(destinations: Pick<DestinationService, 'wanting'>, wakeRelay: () => void): Outbox {
  return {
    wants: (type) => type === 'order.paid' || destinations.wanting(type).length > 0,
    record: (writes, events, { now, newId }) => {
      recordEvents(writes, events, now);
      const deliveries = events.flatMap((event) =>
        destinations.wanting(event.type).map((destination) => ({ id: newId(), event, destination })),
      );
      insertDeliveries(writes, deliveries, now);
    },
    wake: (types) => {
      if (types.some((type) => destinations.wanting(type).length > 0)) wakeRelay();
    },
  };
}

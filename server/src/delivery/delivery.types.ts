/** What the delivery feature is about: events in an outbox, and their deliveries to destinations. */
import type { EventType } from './event.types.ts';

type DeliveryStatus = 'pending' | 'delivered' | 'failed';

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: EventType;
  /** The name of the destination. */
  readonly destination: string;
  readonly status: DeliveryStatus;
  /** Since it was made or replayed; one that is under way counts. */
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
}

/** One attempt of a delivery that came to an end; one that a killed process left behind is not among them. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly outcome: 'delivered' | 'failed';
  /** Of HTTP, where there was an answer. */
  readonly statusCode: number | null;
  /** The beginning of what the other side answered, or of the error. */
  readonly answer: string | null;
}

/** The events of an order, what became of them, and the attempts that came to an end. */
export interface OrderEvents {
  readonly events: readonly { readonly id: string; readonly type: EventType; readonly sequence: number | null; readonly createdAt: Date }[];
  readonly deliveries: readonly Delivery[];
  readonly attempts: readonly (Attempt & { readonly deliveryId: string })[];
}

/** What waits at a destination. */
export interface Backlog {
  readonly destination: string;
  readonly pending: number;
  readonly failed: number;
  /** Age of the oldest event that is still to be delivered; 0 where none is, and at a destination that staff or the settings turned off. */
  readonly lagSeconds: number;
}

/** Which deliveries are meant. */
export interface DeliveryFilter {
  readonly status?: DeliveryStatus;
  readonly destination?: string;
  readonly type?: EventType;
  /** Made at or after this time. */
  readonly from?: string;
  /** Made before this time. */
  readonly to?: string;
}

/** Which deliveries are replayed: those to one destination. */
export type ReplayFilter = DeliveryFilter & { readonly destination: string };

/** What the delivery feature is about: events in an outbox, and their deliveries to destinations. */

/** An event as the transaction of its effect writes it. */
export interface OutboxEvent {
  readonly id: string;
  /** The id of its delivery to the one destination there is. */
  readonly deliveryId: string;
  readonly type: string;
  readonly userId: string;
  readonly orderId: string;
  readonly payload: object;
  readonly createdAt: Date;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly destination: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
}

/** A delivery that the relay has claimed, with what it delivers. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  /** Attempts, this one included. */
  readonly attempts: number;
  readonly payload: object;
  readonly createdAt: Date;
}

/** Where deliveries go. Rejects where an attempt failed; the message is kept as the delivery's last error. */
export interface Sink {
  readonly destination: string;
  send(delivery: ClaimedDelivery, signal: AbortSignal): Promise<void>;
}

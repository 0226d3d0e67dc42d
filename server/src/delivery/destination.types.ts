/** Where events go. */
import type { EventType } from './event.types.ts';

export const DESTINATION_KINDS = ['log', 'webhook', 'nats'] as const;
export type DestinationKind = (typeof DESTINATION_KINDS)[number];

export interface Destination {
  /** Its identity for ever. */
  readonly name: string;
  readonly kind: DestinationKind;
  /** Who made it: the settings of the server, or staff. */
  readonly origin: 'environment' | 'staff';
  /** null for the log. */
  readonly url: string | null;
  /** Webhooks only. */
  readonly secret: string | null;
  /** Signs beside `secret` until `previousSecretUntil`. */
  readonly previousSecret: string | null;
  readonly previousSecretUntil: Date | null;
  readonly eventTypes: readonly EventType[];
  readonly enabled: boolean;
  /** Why it is off; null while it is on. */
  readonly disabledReason: 'staff' | 'gone' | 'settings' | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The destination that the settings of the server describe. */
export interface EnvironmentDestination {
  readonly kind: DestinationKind;
  readonly url: string | null;
  readonly secret: string | null;
}

export interface DestinationPatch {
  readonly url?: string;
  readonly eventTypes?: readonly EventType[];
  readonly enabled?: boolean;
}

/** The writes of the destination queue. */
export type DestinationCommand =
  | {
      readonly kind: 'create';
      readonly staffId: string;
      readonly name: string;
      readonly sink: DestinationKind;
      readonly url: string | null;
      readonly secret: string | null;
      readonly eventTypes: readonly EventType[];
    }
  | { readonly kind: 'update'; readonly staffId: string; readonly name: string; readonly patch: DestinationPatch }
  /** Makes `secret` the secret; the one before stays valid for `overlapSeconds`. */
  | {
      readonly kind: 'rotate';
      readonly staffId: string;
      readonly name: string;
      readonly secret: string;
      readonly overlapSeconds: number;
    }
  /** The other side said that it is gone for good, when the destination was as `updatedAt` left it. */
  | { readonly kind: 'gone'; readonly name: string; readonly updatedAt: Date }
  /** What the settings say at the start of a process. */
  | { readonly kind: 'settings'; readonly settings: EnvironmentDestination };

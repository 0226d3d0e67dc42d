/** What the parts of the accounts share. */

export type Role = 'customer' | 'staff';

/** Who a session belongs to, as the authenticator takes it. */
export interface SessionIdentity {
  readonly userId: string;
  readonly role: Role;
}

/** Hears of what goes wrong inside better-auth. */
export type OnError = (message: string, details: readonly unknown[]) => void;

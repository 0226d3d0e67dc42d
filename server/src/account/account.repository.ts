/** The accounts' SQL beside better-auth's own: what an operator, the demo and the retention do. */
import { type Executor, statement } from '../database/database.ts';
import type { Role } from './account.types.ts';

/** A new account with a password; `email` in lower case, `passwordHash` as better-auth makes it. */
interface NewAccount {
  readonly id: string;
  readonly credentialId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

/** One of the staff. */
export interface StaffMember {
  readonly email: string;
  readonly name: string;
  readonly createdAt: Date;
}

export interface AccountRepository {
  /** False where the email address is taken. */
  insert(account: NewAccount): Promise<boolean>;
  findByEmail(email: string): Promise<{ readonly id: string; readonly role: Role } | null>;
  /** Makes the account staff; with a hash, also changes its password and ends its sessions. */
  promote(id: string, passwordHash: string | null, at: Date): Promise<void>;
  /** Makes the account a customer's and ends its sessions. */
  demote(id: string, at: Date): Promise<void>;
  /** All staff, by their email addresses. */
  staff(): Promise<StaffMember[]>;
  endSession(token: string): Promise<void>;
  /** Deletes at most `limit` sessions that ended before `at`; gives how many. */
  deleteExpiredSessions(at: Date, limit: number): Promise<number>;
}

const insertAccount = statement<{ id: string }>(
  'account.insert',
  `WITH created AS (
     INSERT INTO account_user (id, name, email, role, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $5)
     ON CONFLICT (email) DO NOTHING
     RETURNING id
   )
   INSERT INTO account_credential (id, user_id, account_id, provider_id, password, created_at, updated_at)
   SELECT $6, id, id::text, 'credential', $7, $5, $5 FROM created
   RETURNING id`,
);

const selectByEmail = statement<{ id: string; role: Role }>('account.byEmail', 'SELECT id, role FROM account_user WHERE email = $1');

const updateRole = statement<never>('account.promote', "UPDATE account_user SET role = 'staff', updated_at = $2 WHERE id = $1");

const updateRoleAndPassword = statement<never>(
  'account.promoteWithPassword',
  `WITH promoted AS (
     UPDATE account_user SET role = 'staff', updated_at = $2 WHERE id = $1 RETURNING id
   ), ended AS (
     DELETE FROM account_session USING promoted WHERE account_session.user_id = promoted.id
   )
   UPDATE account_credential SET password = $3, updated_at = $2
   FROM promoted
   WHERE account_credential.user_id = promoted.id AND account_credential.provider_id = 'credential'`,
);

const updateToCustomer = statement<never>(
  'account.demote',
  `WITH demoted AS (
     UPDATE account_user SET role = 'customer', updated_at = $2 WHERE id = $1 RETURNING id
   )
   DELETE FROM account_session USING demoted WHERE account_session.user_id = demoted.id`,
);

const selectStaff = statement<StaffMember>(
  'account.staff',
  `SELECT email, name, created_at AS "createdAt" FROM account_user WHERE role = 'staff' ORDER BY email`,
);

const deleteSession = statement<never>('account.endSession', 'DELETE FROM account_session WHERE token = $1');

const deleteExpired = statement<{ id: string }>(
  'account.deleteExpired',
  `DELETE FROM account_session WHERE id IN (
     SELECT id FROM account_session WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
   )
   RETURNING id`,
);

export function createAccountRepository(db: Executor): AccountRepository {
  return {
    insert: async (account) => {
      const { id, name, email, role, createdAt, credentialId, passwordHash } = account;
      return (await db.query(insertAccount, [id, name, email, role, createdAt, credentialId, passwordHash])).length > 0;
    },
    findByEmail: async (email) => (await db.query(selectByEmail, [email]))[0] ?? null,
    promote: async (id, passwordHash, at) => {
      await (passwordHash === null ? db.query(updateRole, [id, at]) : db.query(updateRoleAndPassword, [id, at, passwordHash]));
    },
    demote: async (id, at) => {
      await db.query(updateToCustomer, [id, at]);
    },
    staff: () => db.query(selectStaff, []),
    endSession: async (token) => {
      await db.query(deleteSession, [token]);
    },
    deleteExpiredSessions: async (at, limit) => (await db.query(deleteExpired, [at, limit])).length,
  };
}

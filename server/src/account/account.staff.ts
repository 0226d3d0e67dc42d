/** Accounts that nobody signs up for: the shop's staff, made by an operator, and the accounts of the demo. */
import { randomBytes } from 'node:crypto';
import { assert } from '../kernel/assert.ts';
import { validationFailed } from '../kernel/errors.ts';
import type { AccountRepository, StaffMember } from './account.repository.ts';
import { EMAIL_PATTERN, PASSWORD_MAX_CHARACTERS, PASSWORD_MIN_CHARACTERS } from './account.schemas.ts';
import type { Role } from './account.types.ts';

/** What became of an account that was to be staff. */
interface AddedStaff {
  readonly id: string;
  readonly email: string;
  /** `unchanged`: the account was staff already, and no password was given. */
  readonly outcome: 'created' | 'promoted' | 'unchanged';
  /** The random password of an account that was created without one; it is not kept and cannot be shown again. */
  readonly password: string | null;
}

/** An account of the demo; the password is public. */
interface DemoAccount {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
}

export interface StaffAdmin {
  /**
   * Creates a staff account, or makes an existing account staff. Email addresses are not verified, so whoever signed
   * up with this one first keeps the account unless `password` is given: it replaces the password and ends all sessions.
   *
   * @throws 400 `VALIDATION_FAILED` for an email address or a password outside their limits.
   */
  addStaff(email: string, password?: string): Promise<AddedStaff>;
  /** All staff, by their email addresses. */
  listStaff(): Promise<readonly StaffMember[]>;
  /** Takes the role away and ends all sessions; the account stays, as a customer's. False where it is none of the staff. */
  removeStaff(email: string): Promise<boolean>;
  /** Gives one of the staff a new random password, and ends all sessions; null where it is none of the staff. */
  resetPassword(email: string): Promise<string | null>;
  /** Creates the account where the email address is free; an existing account is never touched. Gives the id. */
  ensureDemoAccount(account: DemoAccount): Promise<string>;
  /** Whether an account has this email address. */
  hasAccount(email: string): Promise<boolean>;
}

const GENERATED_PASSWORD_BYTES = 18;

interface StaffDependencies {
  readonly repository: AccountRepository;
  readonly hash: (password: string) => Promise<string>;
  readonly newId: () => string;
  readonly now: () => number;
}

export function createStaffAdmin({ repository, hash, newId, now }: StaffDependencies): StaffAdmin {
  /** Gives the new account's id, or null where the email address is taken. */
  async function create({ name, email, password, role }: DemoAccount): Promise<string | null> {
    const id = newId();
    const account = { id, credentialId: newId(), name, email, role, passwordHash: await hash(password), createdAt: new Date(now()) };
    return (await repository.insert(account)) ? id : null;
  }

  async function promoteExisting(email: string, password: string | undefined): Promise<AddedStaff | null> {
    const account = await repository.findByEmail(email);
    if (account === null) return null;
    const { id, role } = account;
    if (role === 'staff' && password === undefined) return { id, email, outcome: 'unchanged', password: null };
    await repository.promote(id, password === undefined ? null : await hash(password), new Date(now()));
    return { id, email, outcome: 'promoted', password: null };
  }

  async function addStaff(givenEmail: string, givenPassword?: string): Promise<AddedStaff> {
    checkCredentials(givenEmail, givenPassword);
    const email = givenEmail.toLowerCase();
    const promoted = await promoteExisting(email, givenPassword);
    if (promoted !== null) return promoted;
    const password = givenPassword ?? randomPassword();
    const name = email.slice(0, email.indexOf('@'));
    const id = await create({ name, email, password, role: 'staff' });
    if (id !== null) return { id, email, outcome: 'created', password: givenPassword === undefined ? password : null };
    const meanwhile = await promoteExisting(email, givenPassword);
    assert(meanwhile !== null, 'an email address that is taken has an account');
    return meanwhile;
  }

  async function ensureDemoAccount(account: DemoAccount): Promise<string> {
    checkCredentials(account.email, account.password);
    const email = account.email.toLowerCase();
    const existing = (await repository.findByEmail(email))?.id ?? (await create({ ...account, email }));
    if (existing !== null) return existing;
    const meanwhile = await repository.findByEmail(email);
    assert(meanwhile !== null, 'an email address that is taken has an account');
    return meanwhile.id;
  }

  async function staffOf(email: string): Promise<string | null> {
    const account = await repository.findByEmail(email.toLowerCase());
    return account?.role === 'staff' ? account.id : null;
  }

  async function removeStaff(email: string): Promise<boolean> {
    const id = await staffOf(email);
    if (id !== null) await repository.demote(id, new Date(now()));
    return id !== null;
  }

  async function resetPassword(email: string): Promise<string | null> {
    const id = await staffOf(email);
    if (id === null) return null;
    const password = randomPassword();
    await repository.promote(id, await hash(password), new Date(now()));
    return password;
  }

  const hasAccount = async (email: string): Promise<boolean> => (await repository.findByEmail(email.toLowerCase())) !== null;

  return { addStaff, listStaff: () => repository.staff(), removeStaff, resetPassword, ensureDemoAccount, hasAccount };
}

function randomPassword(): string {
  return randomBytes(GENERATED_PASSWORD_BYTES).toString('base64url');
}

const emailPattern = new RegExp(EMAIL_PATTERN, 'u');

function checkCredentials(email: string, password: string | undefined): void {
  if (!emailPattern.test(email)) throw validationFailed([{ path: '/email', message: 'must be an email address' }]);
  if (password === undefined) return;
  const length = Array.from(password).length;
  if (length >= PASSWORD_MIN_CHARACTERS && length <= PASSWORD_MAX_CHARACTERS) return;
  const message = `must have ${PASSWORD_MIN_CHARACTERS} to ${PASSWORD_MAX_CHARACTERS} characters`;
  throw validationFailed([{ path: '/password', message }]);
}

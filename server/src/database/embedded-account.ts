/**
 * The user that PostgreSQL runs as. PostgreSQL refuses root, so a server that runs as root hands its database
 * to an unprivileged user; any other server runs it as itself.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { EmbeddedError, reasonOf } from './embedded-error.ts';

/** An unprivileged user of this machine. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const PREFERRED = ['postgres', 'nobody'];

/** Whether this process is root. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** The user that a new database belongs to where the server is root: `postgres` if there is one, else `nobody`. */
export async function unprivilegedAccount(): Promise<Account> {
  const accounts = await readAccounts();
  for (const name of PREFERRED) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (account !== undefined) return account;
  }
  throw new EmbeddedError('PostgreSQL does not run as root, and /etc/passwd has neither a user `postgres` nor `nobody` to run it as');
}

/** The user with this uid, which a database that is already there belongs to. */
export async function accountOf(uid: number, gid: number): Promise<Account> {
  const accounts = await readAccounts();
  return accounts.find((account) => account.uid === uid) ?? { name: `uid ${uid}`, uid, gid };
}

/**
 * Whether the user can enter the directory, found out by trying it as that user: modes alone would overlook
 * ACLs and network file systems.
 */
export async function canEnter(account: Account, directory: string): Promise<boolean> {
  try {
    return await new Promise((resolve, reject) => {
      const identity = { uid: account.uid, gid: account.gid };
      const child = spawn('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...identity, cwd: '/', stdio: 'ignore' });
      child.once('exit', (code) => resolve(code === 0));
      child.once('error', reject);
    });
  } catch (error) {
    throw new EmbeddedError(`PostgreSQL does not run as root, and this process may not start one as ${account.name}: ${reasonOf(error)}`);
  }
}

async function readAccounts(): Promise<Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    const account = { name: name ?? '', uid: Number(uid ?? Number.NaN), gid: Number(gid ?? Number.NaN) };
    return Number.isSafeInteger(account.uid) && Number.isSafeInteger(account.gid) ? [account] : [];
  });
}

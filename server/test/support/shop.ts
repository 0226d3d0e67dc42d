/**
 * A whole server for a test: its own database, real sockets, real commits. Closing it ends with the audit, so every test
 * that writes ends with it.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import pino from 'pino';
import { expect, inject } from 'vitest';
import { createApp, type OpenrunApp } from '../../src/app.ts';
import { audit } from '../../src/audit/audit.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { type ConnectionTarget, clientConfig, type Database, DEFAULT_LIMITS, openDatabase } from '../../src/database/database.ts';
import { createTokenMinter } from '../../src/http/auth.ts';
import { slowStatements } from '../../src/runtime.ts';
import { type Caller, createCaller } from './caller.ts';
import { copyTemplate, dropEverywhere } from './citus.ts';
import { databaseOf } from './database.global.ts';

export const TEST_SECRET = 'a secret of at least thirty-two bytes, for tests';
const TOKEN_TTL_SECONDS = 3600;

/** One server process's worth of Openrun. */
export interface Shop {
  readonly app: OpenrunApp;
  readonly baseUrl: string;
  readonly database: Database;
  readonly target: ConnectionTarget;
  /** Someone without a token. */
  readonly anyone: Caller;
  /** A staff member. */
  readonly staff: Caller;
  /** A customer, by default a new one. */
  customer(userId?: string): Promise<Caller>;
  /** Moves the server's time; the database's own stays. */
  moveClock(ms: number): void;
  /** Another server on the same database. It needs no closing of its own. */
  second(overrides?: Partial<Config>): Promise<Shop>;
  /** Stops the servers, runs the audit, expects it clean, and drops the database. */
  close(): Promise<void>;
}

/** A new database, a copy of the migrated template. Gives how to reach it, and how to drop it. */
export async function createDatabase(): Promise<{ target: ConnectionTarget; drop: () => Promise<void> }> {
  const server = inject('target');
  const name = `openrun_test_${randomBytes(6).toString('hex')}`;
  const nodes = inject('nodes');
  if (nodes !== null) {
    await copyTemplate(nodes, name, inject('template'));
    return { target: databaseOf(server, name), drop: () => dropEverywhere(nodes, name) };
  }
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(clientConfig(server));
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await run(`CREATE DATABASE ${name} TEMPLATE ${inject('template')}`);
  // Only a superuser may force autovacuum out of a database; without force, PostgreSQL asks it to leave by itself.
  const drop = (): Promise<void> => run(`DROP DATABASE ${name} WITH (FORCE)`).catch(() => run(`DROP DATABASE ${name}`));
  return { target: databaseOf(server, name), drop };
}

function testConfig(overrides: Partial<Config>): Config {
  const config = loadConfig({ AUTH_JWT_SECRET: TEST_SECRET, DATABASE_URL: 'postgres://unused.invalid/none', SEED_DEMO: 'false' });
  return { ...config, ...overrides };
}

const SILENT = pino({ level: 'silent' });

/** Opens a shop on a new database; its log goes to `logger`. */
export async function openShop(overrides: Partial<Config> = {}, logger: pino.Logger = SILENT): Promise<Shop> {
  const { target, drop } = await createDatabase();
  const open: { close(): Promise<void> }[] = [];
  const shop = await serve(target, overrides, open, logger);
  const close = async (): Promise<void> => {
    for (const server of open.splice(0)) await server.close();
    const database = openDatabase(target, DEFAULT_LIMITS, () => undefined);
    const differences = await audit(database);
    await database.close();
    await drop();
    expect(differences, 'the audit finds no differences').toEqual([]);
  };
  return { ...shop, close };
}

async function serve(
  target: ConnectionTarget,
  overrides: Partial<Config>,
  open: { close(): Promise<void> }[],
  logger: pino.Logger,
): Promise<Shop> {
  const clock = { offsetMs: 0 };
  const config = testConfig(overrides);
  const database = openDatabase(target, DEFAULT_LIMITS, () => undefined, slowStatements(logger, config.slowQueryMs));
  const app = await createApp({ config, database, logger, clockOffsetMs: () => clock.offsetMs });
  await app.startBackground();
  const baseUrl = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const close = async (): Promise<void> => {
    await app.close();
    await database.close();
  };
  open.push({ close });
  const mint = createTokenMinter({ secret: TEST_SECRET, issuer: config.auth.issuer, audience: config.auth.audience });
  const tokenOf = (sub: string, role?: 'staff'): Promise<string> =>
    mint({ sub, ttlSeconds: TOKEN_TTL_SECONDS, ...(role === undefined ? {} : { role }) });
  return {
    app,
    baseUrl,
    database,
    target,
    anyone: createCaller(baseUrl, '', null),
    staff: createCaller(baseUrl, 'staff', await tokenOf('staff', 'staff')),
    customer: async (userId = `user-${randomBytes(6).toString('hex')}`) => createCaller(baseUrl, userId, await tokenOf(userId)),
    moveClock: (ms) => {
      clock.offsetMs += ms;
    },
    second: (more = {}) => serve(target, { ...overrides, ...more }, open, logger),
    close,
  };
}

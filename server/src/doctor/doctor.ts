/**
 * The doctor: looks at everything that an operator would, with the server up or down, and says what to do. It only reads. A check that
 * fails itself is a finding, and the others are made all the same.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { audit } from '../audit/audit.ts';
import { INVARIANTS } from '../audit/invariants.ts';
import type { Config } from '../config.ts';
import { connectionsOf, type Database, timeoutsOf } from '../database/database.ts';
import { locateCluster } from '../database/embedded-place.ts';
import { readMigrations } from '../database/migrate.ts';
import { NEWS_CONNECTIONS } from '../database/news.ts';
import { databaseOf, openReplica, type Position, positionOf, troubleOf } from '../database/replica.ts';
import { readBacklog } from '../delivery/relay.repository.ts';
import { eventHorizon } from '../delivery/retention.repository.ts';
import { tlsOf, type Verification } from '../kernel/database-tls.ts';
import { urlsOf } from '../kernel/database-url.ts';
import { lowestIdAt } from '../kernel/ids.ts';
import { KEYS_KEPT_MS, RUNS_KEPT_MS } from '../scheduler/retention.ts';
import { readFreeSpace } from './doctor.disk.ts';
import {
  OVERDUE_COUNTED_MAX,
  readClock,
  readEncryption,
  readLargestTables,
  readOutbox,
  readOverdue,
  readServer,
  readStopped,
} from './doctor.repository.ts';
import {
  judgeClock,
  judgeConfiguration,
  judgeConnections,
  judgeDeliveries,
  judgeDurability,
  judgeEncryption,
  judgeFailed,
  judgeInvariants,
  judgeMigrations,
  judgeReplicas,
  judgeRetention,
  judgeSession,
  judgeSpace,
  judgeTimeouts,
  judgeVacuum,
  judgeVersion,
  judgeWrites,
  ok,
  problem,
  type ReplicaFound,
} from './doctor.rules.ts';
import type { ClockDifference, Finding } from './doctor.types.ts';

/** What the doctor needs of the command line. */
export interface Practice {
  readonly loadConfig: () => Config;
  readonly withDatabase: <T>(config: Config, work: (database: Database) => Promise<T>) => Promise<T>;
  /** Says in one line what is wrong. */
  readonly explain: (error: unknown) => string;
}

const DAY_MS = 86_400_000;
/** Retention runs every hour. */
const GRACE_MS = 2 * 3_600_000;
const CLOCK_LOOKS = 5;
const REPLICA_LOOKS = 5;
const REPLICA_PAUSE_MS = 250;

/** Makes every check that can be made. */
export async function diagnose({ loadConfig, withDatabase, explain }: Practice): Promise<Finding[]> {
  const attempt = attemptWith(explain);
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    return [problem('configuration', explain(error), 'nothing else can be looked at; `docs/operations.md` has all settings')];
  }
  const findings = [...judgeConfiguration(config), ...(await attempt('disk', () => examineDisk(config)))];
  if (config.databaseUrl === null && (await locateCluster(config.dataDir)) === null) {
    const advice = 'is DATA_DIR the right one? `openrun start` makes a database there';
    return [...findings, problem('database', `there is none in ${config.dataDir}`, advice)];
  }
  const reachable = await attempt('database', () =>
    withDatabase(config, (database) => examineDatabase(config, database, attempt, explain)),
  );
  return [...findings, ...reachable];
}

type Attempt = (check: string, look: () => Promise<Finding[]>) => Promise<Finding[]>;

function attemptWith(explain: Practice['explain']): Attempt {
  return async (check, look) => {
    try {
      return await look();
    } catch (error) {
      return [problem(check, `could not be looked at: ${explain(error)}`, 'make it possible, and ask again')];
    }
  };
}

async function examineDisk({ databaseUrl, dataDir }: Config): Promise<Finding[]> {
  if (databaseUrl !== null) return [ok('disk', 'that of the database is not seen from here; DATA_DIR is not used with DATABASE_URL')];
  return (await readFreeSpace(dataDir)).map(judgeSpace);
}

async function examineDatabase(config: Config, database: Database, attempt: Attempt, explain: Practice['explain']): Promise<Finding[]> {
  const state = await readServer(database);
  let isCurrent = false;
  const findings = [
    ok('database', 'reached'),
    ...judgeVersion(state),
    ...judgeEncryption(await readEncryption(database), verificationOf(config)),
    ...judgeWrites(state),
    ...judgeDurability(state, config.databaseUrl === null ? 1 : urlsOf(config.databaseUrl).length),
    ...(await attempt('replicas', () => examineReplicas(config, database, explain))),
    ...judgeConnections(state, connectionsOf(database.limits) + NEWS_CONNECTIONS, config.workers),
    ...judgeSession(state),
    ...judgeTimeouts(state, timeoutsOf(database.limits)),
    ...judgeVacuum(state),
    ...judgeClock(await compareClocks(database)),
    ...(await attempt('migrations', async () => {
      const migrations = await readMigrations(database);
      isCurrent = migrations.pending.length === 0;
      return judgeMigrations(migrations);
    })),
  ];
  // Of tables that are not there yet nothing can be said.
  return isCurrent ? [...findings, ...(await examineTables(config, database, attempt))] : findings;
}

/** Each is waited for a second, as one that is read from would be. */
async function examineReplicas({ databaseReplicaUrl }: Config, database: Database, explain: Practice['explain']): Promise<Finding[]> {
  if (databaseReplicaUrl === null) return judgeReplicas([]);
  const isSharded = (await database.layout()) === 'sharded';
  if (isSharded) return [problem('replicas', 'they are of no use to a Citus cluster', 'unset DATABASE_REPLICA_URL')];
  const position = await positionOf(database);
  return judgeReplicas(await Promise.all(urlsOf(databaseReplicaUrl).map((url) => lookAtReplica(url, position, explain))));
}

async function lookAtReplica(url: string, position: Position, explain: Practice['explain']): Promise<ReplicaFound> {
  const replica = openReplica(url, null);
  try {
    let trouble: string | null = null;
    for (let look = 0; look < REPLICA_LOOKS; look += 1) {
      if (look > 0) await delay(REPLICA_PAUSE_MS);
      const standing = await replica.standing(position);
      const isStranger = databaseOf(standing.history) !== databaseOf(position.history);
      trouble = troubleOf(standing, position)?.message ?? null;
      if (trouble === null || isStranger) return { name: replica.name, trouble, isStranger };
    }
    return { name: replica.name, trouble, isStranger: false };
  } catch (error) {
    return { name: replica.name, trouble: explain(error), isStranger: false };
  } finally {
    await replica.close();
  }
}

function verificationOf({ databaseUrl }: Config): Verification | null {
  const [url] = databaseUrl === null ? [] : urlsOf(databaseUrl);
  const tls = url === undefined ? null : tlsOf(url);
  return tls === null || tls === 'disable' ? null : tls.verification;
}

async function examineTables(config: Config, database: Database, attempt: Attempt): Promise<Finding[]> {
  return [
    ...(await attempt('deliveries', () => examineDeliveries(database))),
    ...(await attempt('retention', () => examineRetention(database, config.eventRetentionDays))),
    ...(await attempt('invariants', async () => judgeInvariants(await audit(database), INVARIANTS.length))),
  ];
}

/** Of several looks the one that took the least time knows best. */
async function compareClocks(database: Database): Promise<ClockDifference> {
  let best: ClockDifference = { differenceMs: 0, uncertaintyMs: Number.POSITIVE_INFINITY };
  for (let look = 0; look < CLOCK_LOOKS; look += 1) {
    const before = Date.now();
    const there = await readClock(database);
    const after = Date.now();
    const uncertaintyMs = (after - before) / 2 + 1;
    if (uncertaintyMs < best.uncertaintyMs) best = { differenceMs: there.getTime() - (before + after) / 2, uncertaintyMs };
  }
  return best;
}

async function examineDeliveries(database: Database): Promise<Finding[]> {
  const [backlog, stopped, outbox] = await Promise.all([readBacklog(database, 0), readStopped(database), readOutbox(database)]);
  return [...judgeDeliveries(backlog, stopped, outbox), ...judgeFailed(backlog)];
}

async function examineRetention(database: Database, eventRetentionDays: number): Promise<Finding[]> {
  const now = (await readClock(database)).getTime();
  const before = (keptMs: number): Date => new Date(now - keptMs - GRACE_MS);
  const eventsBefore = await eventHorizon(database, before(eventRetentionDays * DAY_MS));
  const overdue = await readOverdue(database, {
    keys: before(KEYS_KEPT_MS),
    eventId: lowestIdAt(eventsBefore),
    runs: before(RUNS_KEPT_MS),
    sessions: before(0),
  });
  return judgeRetention(overdue, await readLargestTables(database), OVERDUE_COUNTED_MAX);
}

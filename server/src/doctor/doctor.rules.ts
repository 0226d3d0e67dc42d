/** What the doctor makes of what it found. Pure, so that every limit of its own is in this file. */
import { LAG_WARNING_SECONDS } from '../delivery/delivery.rules.ts';
import type { Verification } from '../kernel/database-tls.ts';
import type { ClockDifference, DatabaseState, EncryptionState, Finding, FreeSpace, Level, OutboxState, Overdue } from './doctor.types.ts';

const OLDEST_VERSION = 15;
const NEWEST_VERSION = 18;
const VERSION_UNIT = 10_000;
const CLOCK_WARNING_MS = 1000;
const CLOCK_PROBLEM_MS = 60_000;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
const DISK_PROBLEM_BYTES = 256 * MIB;
const DISK_WARNING_BYTES = 2 * GIB;
const DISK_WARNING_SHARE = 0.05;
/** The relay makes at least 400 events a second of what waits, wanted or not. */
const OUTBOX_WARNING_SECONDS = 600;

export function ok(check: string, message: string): Finding {
  return { check, level: 'ok', message, advice: null };
}

function warning(check: string, message: string, advice: string): Finding {
  return { check, level: 'warning', message, advice };
}

export function problem(check: string, message: string, advice: string): Finding {
  return { check, level: 'problem', message, advice };
}

/** The findings, or where there are none, that all is well. */
function orOk(findings: readonly Finding[], check: string, message: string): Finding[] {
  return findings.length > 0 ? [...findings] : [ok(check, message)];
}

/** The worst of the findings. */
export function worstOf(findings: readonly Finding[]): Level {
  if (findings.some(({ level }) => level === 'problem')) return 'problem';
  return findings.some(({ level }) => level === 'warning') ? 'warning' : 'ok';
}

/** What of the configuration matters here. */
interface Settings {
  readonly production: boolean;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly databaseUrl: string | null;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

export function judgeConfiguration({ production, host, publicUrl, databaseUrl }: Settings): Finding[] {
  const check = 'configuration';
  const findings: Finding[] = [];
  const isOpen = !LOOPBACK.has(host) || databaseUrl !== null;
  if (!production && isOpen) {
    const advice =
      'set NODE_ENV=production where this is no trial: it refuses settings with which anyone may charge or sign in as the demo';
    findings.push(
      warning(check, 'the server can be reached from outside or works on a database of its own, and is not in production', advice),
    );
  }
  if (production && publicUrl === null) {
    findings.push(warning(check, 'PUBLIC_URL is not set', 'set it to where browsers reach the server; events name it as their source'));
  }
  if (production && publicUrl?.startsWith('http:') === true) {
    findings.push(warning(check, 'PUBLIC_URL is not https', 'put TLS in front: sessions and tokens are sent with every request'));
  }
  return orOk(findings, check, `usable, for ${production ? 'production' : 'development'}`);
}

export function judgeVersion({ version }: DatabaseState): Finding[] {
  const major = Math.floor(version / VERSION_UNIT);
  const message = `PostgreSQL ${major}.${version % VERSION_UNIT}`;
  const range = `PostgreSQL ${OLDEST_VERSION} to ${NEWEST_VERSION}`;
  if (major < OLDEST_VERSION) return [problem('version', message, `upgrade to ${range}`)];
  if (major > NEWEST_VERSION) return [warning('version', message, `this version was tried with ${range}`)];
  return [ok('version', message)];
}

export function judgeWrites({ isInRecovery, settings, unwritableTables }: DatabaseState): Finding[] {
  const check = 'writes';
  if (isInRecovery) {
    return [
      problem(check, 'the database is a standby', 'name the primary in DATABASE_URL, or promote this one after the primary has ended'),
    ];
  }
  if (settings.get('default_transaction_read_only') === 'on') {
    return [
      problem(check, 'transactions are read-only (default_transaction_read_only)', 'ALTER ROLE … RESET default_transaction_read_only'),
    ];
  }
  if (unwritableTables.length > 0) {
    return [problem(check, `the user may not read and write ${unwritableTables.join(', ')}`, 'GRANT SELECT, INSERT, UPDATE, DELETE to it')];
  }
  return [ok(check, 'taken')];
}

const VERIFIED: Readonly<Record<Verification, string>> = {
  none: 'the certificate is not verified',
  authority: 'the certificate is verified, the name of the host is not',
  host: 'certificate and name of the host are verified',
};

/** @param verification what `sslmode` asks for; null where the URL does not say. */
export function judgeEncryption({ isEncrypted, protocol, cipher, isLocal }: EncryptionState, verification: Verification | null): Finding[] {
  const check = 'encryption';
  const advice = 'sslmode=verify-full in DATABASE_URL, with sslrootcert where the certificate is by an authority of your own';
  if (!isEncrypted && isLocal) return [ok(check, 'none, and nothing leaves this machine')];
  if (!isEncrypted) return [warning(check, 'connections to the database are not encrypted', advice)];
  const message = `${protocol}, ${cipher}${verification === null ? '' : `; ${VERIFIED[verification]}`}`;
  return verification === 'none'
    ? [warning(check, message, `${advice}: whoever is between can read and change everything`)]
    : [ok(check, message)];
}

/** What was found of one host of `DATABASE_REPLICA_URL`: that lists are read from it, or why not. */
export interface ReplicaFound {
  readonly name: string;
  readonly trouble: string | null;
  /** Whether it is of another database, which no time will mend. */
  readonly isStranger: boolean;
}

export function judgeReplicas(replicas: readonly ReplicaFound[]): Finding[] {
  const check = 'replicas';
  if (replicas.length === 0) return [ok(check, 'none is named; the primary answers everything')];
  return replicas.map(({ name, trouble, isStranger }) => {
    if (trouble === null) return ok(check, `${name} has what the primary has; lists are read from it`);
    const message = `${name}: ${trouble}`;
    if (isStranger) return problem(check, message, 'name a streaming standby of the database of DATABASE_URL in DATABASE_REPLICA_URL');
    return warning(check, message, 'meanwhile the primary answers; see the log of the standby, and pg_stat_replication of the primary');
  });
}

/** @param hosts how many `DATABASE_URL` names. */
export function judgeDurability({ settings }: DatabaseState, hosts: number): Finding[] {
  const check = 'durability';
  const findings: Finding[] = [];
  const commit = settings.get('synchronous_commit');
  const standbys = settings.get('synchronous_standby_names') ?? '';
  if (commit === 'off') {
    const everywhere = 'set it to on, for the role and the database as well: a crash loses what was acknowledged just before';
    findings.push(problem(check, 'synchronous_commit is off', everywhere));
  }
  const advice = 'set it to on: a crash of the machine destroys the database';
  for (const name of ['fsync', 'full_page_writes']) {
    if (settings.get(name) === 'off') findings.push(problem(check, `${name} is off`, advice));
  }
  if (standbys !== '' && commit === 'local') {
    findings.push(warning(check, 'synchronous_commit is local', 'set it to on, or the standby may lack what was acknowledged'));
  }
  if (hosts > 1 && standbys === '') {
    const named = 'name the standby in synchronous_standby_names: without it a failover loses what it has not received';
    findings.push(warning(check, 'DATABASE_URL has several hosts, and no standby is synchronous', named));
  }
  return orOk(findings, check, `synchronous_commit ${commit}, fsync and full_page_writes on`);
}

/** @param each connections of one process. @param processes of the server, by its settings. */
export function judgeConnections({ settings, connections, connectionLimit }: DatabaseState, each: number, processes: number): Finding[] {
  const wanted = each * processes;
  const check = 'connections';
  const reserved = numberOf(settings, 'superuser_reserved_connections') + numberOf(settings, 'reserved_connections');
  const usable = Math.min(numberOf(settings, 'max_connections') - reserved, connectionLimit ?? Number.POSITIVE_INFINITY);
  const room = usable - connections.others;
  const message = `${usable} can be had, ${connections.own} are of Openrun, ${connections.others} of others; ${processes === 1 ? 'the process wants' : `${processes} processes want`} up to ${wanted}`;
  const advice = `raise max_connections, or the limit of the role or the database, to ${each} for each process of each machine and some for people`;
  if (usable < wanted) return [problem(check, message, advice)];
  return room < wanted ? [warning(check, message, advice)] : [ok(check, message)];
}

function numberOf(settings: DatabaseState['settings'], name: string): number {
  return Number(settings.get(name) ?? 0);
}

/** What the decisions of batches and the driver take for granted of a session. */
export function judgeSession({ settings }: DatabaseState): Finding[] {
  const findings = TAKEN_FOR_GRANTED.flatMap(({ name, isRight, advice }) => {
    const value = settings.get(name) ?? '';
    return isRight(value) ? [] : [problem('session', `${name} is ${value}`, advice)];
  });
  return orOk(findings, 'session', `read committed, UTF8, time zone ${settings.get('TimeZone')} (nothing depends on it)`);
}

const TAKEN_FOR_GRANTED: readonly { name: string; isRight: (value: string) => boolean; advice: string }[] = [
  {
    name: 'default_transaction_isolation',
    isRight: (value) => value === 'read committed',
    advice:
      "ALTER ROLE … SET default_transaction_isolation = 'read committed': a batch reads what it has locked, not what was there before",
  },
  {
    name: 'server_encoding',
    isRight: (value) => value === 'UTF8',
    advice: 'make the database with ENCODING UTF8: names are in every language',
  },
  {
    name: 'DateStyle',
    isRight: (value) => value.startsWith('ISO'),
    advice: "ALTER ROLE … SET DateStyle = 'ISO': other times cannot be read",
  },
];

/** What a session of the server asks for, or how long its connections may rest. */
interface Timeouts {
  readonly statementTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  readonly idlePoolMs: number;
}

export function judgeTimeouts({ settings }: DatabaseState, asked: Timeouts): Finding[] {
  const check = 'timeouts';
  const findings: Finding[] = [];
  const inForce = { statement_timeout: asked.statementTimeoutMs, idle_in_transaction_session_timeout: asked.idleInTransactionTimeoutMs };
  for (const [name, milliseconds] of Object.entries(inForce)) {
    if (numberOf(settings, name) === milliseconds) continue;
    const advice = 'something between server and database drops what sessions ask for: a client that hangs would hold its locks for ever';
    findings.push(warning(check, `${name} is ${settings.get(name)} ms instead of ${milliseconds}`, advice));
  }
  const transactionMs = numberOf(settings, 'transaction_timeout');
  if (transactionMs > 0) {
    findings.push(warning(check, `transaction_timeout is ${transactionMs} ms`, 'set it to 0 for the role: audits and exports take longer'));
  }
  const idleMs = numberOf(settings, 'idle_session_timeout');
  if (idleMs > 0 && idleMs <= asked.idlePoolMs) {
    const advice = `set it to more than ${asked.idlePoolMs} for the role: the pools keep connections that long`;
    findings.push(warning(check, `idle_session_timeout is ${idleMs} ms`, advice));
  }
  return orOk(findings, check, 'those that the server asks for are in force, and no others');
}

export function judgeVacuum({ settings }: DatabaseState): Finding[] {
  if (settings.get('autovacuum') !== 'off') return [ok('vacuum', 'autovacuum is on')];
  return [warning('vacuum', 'autovacuum is off', 'set it to on: without it tables grow and plans go stale')];
}

export function judgeClock({ differenceMs, uncertaintyMs }: ClockDifference): Finding[] {
  const check = 'clock';
  const certainMs = Math.max(0, Math.abs(differenceMs) - uncertaintyMs);
  const direction = differenceMs > 0 ? 'ahead of' : 'behind';
  const withinMs = Math.ceil(Math.abs(differenceMs) + uncertaintyMs);
  if (certainMs < CLOCK_WARNING_MS) return [ok(check, `the database and this process agree to ${withinMs} ms`)];
  const message = `the database is ${(certainMs / 1000).toFixed(1)} s ${direction} this process`;
  const advice =
    'synchronise both by NTP: orders go by the clock of the database, tokens and the signatures of webhooks by that of the process';
  return [certainMs < CLOCK_PROBLEM_MS ? warning(check, message, advice) : problem(check, message, advice)];
}

export function judgeSpace({ directory, freeBytes, totalBytes }: FreeSpace): Finding {
  const message = `${sizeOf(freeBytes)} of ${sizeOf(totalBytes)} are free where ${directory} is`;
  const advice = 'make room: a database that cannot write stops';
  if (freeBytes < DISK_PROBLEM_BYTES) return problem('disk', message, advice);
  const isLow = freeBytes < DISK_WARNING_BYTES || freeBytes < totalBytes * DISK_WARNING_SHARE;
  return isLow ? warning('disk', message, advice) : ok('disk', message);
}

/** A size for people. */
function sizeOf(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${(bytes / MIB).toFixed(1)} MiB`;
}

export function judgeMigrations({
  applied,
  pending,
  unknown,
}: {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  readonly unknown: readonly string[];
}): Finding[] {
  const check = 'migrations';
  const findings: Finding[] = [];
  const advice = '`openrun migrate` applies them, and so does the next start';
  if (applied.length === 0) return [warning(check, 'the database has no schema yet', '`openrun migrate` or `openrun start` makes it')];
  if (pending.length > 0) findings.push(warning(check, `not applied: ${pending.join(', ')}`, advice));
  if (unknown.length > 0) {
    findings.push(warning(check, `not of this version: ${unknown.join(', ')}`, 'a newer version was here: run that one, or ask it'));
  }
  return orOk(findings, check, `all ${applied.length} applied`);
}

interface Waiting {
  readonly destination: string;
  readonly pending: number;
  readonly lagSeconds: number;
}

/** @param stopped destinations that are off, with why. */
export function judgeDeliveries(
  backlog: readonly Waiting[],
  stopped: readonly { readonly name: string; readonly reason: string | null }[],
  outbox: OutboxState,
): Finding[] {
  const check = 'deliveries';
  const off = new Set(stopped.map(({ name }) => name));
  const lagging = backlog.filter(({ destination, lagSeconds }) => lagSeconds > LAG_WARNING_SECONDS && !off.has(destination));
  const findings = lagging.map(({ destination, pending, lagSeconds }) => {
    const advice = 'is a server running? `GET /deliveries?status=pending` has the last error of each, and its attempts';
    return warning(check, `${pending} wait for ${destination}, the oldest for ${Math.round(lagSeconds)} s`, advice);
  });
  for (const { name, reason } of stopped) {
    findings.push(
      warning(
        check,
        `${name} is off: ${reason ?? 'no reason given'}`,
        'turn it on again once it can take events; what waited is kept until retention',
      ),
    );
  }
  if (outbox.oldestSeconds > OUTBOX_WARNING_SECONDS) {
    const message = `${outbox.events} events are in the outbox, the oldest for ${Math.round(outbox.oldestSeconds)} s`;
    findings.push(warning(check, message, 'no relay makes deliveries of them: is a server running, and what does its log say?'));
  }
  const waiting = backlog.reduce((sum, { pending }) => sum + pending, 0);
  return orOk(findings, check, `${waiting} wait, none for more than ${LAG_WARNING_SECONDS} s; ${outbox.events} events in the outbox`);
}

export function judgeFailed(backlog: readonly { readonly destination: string; readonly failed: number }[]): Finding[] {
  const check = 'failed-deliveries';
  const findings = backlog.flatMap(({ destination, failed }) => {
    if (failed === 0) return [];
    const advice = 'see why with `GET /deliveries?status=failed`, and send them again with `POST /deliveries/replay`';
    return [warning(check, `${failed} to ${destination} failed for good`, advice)];
  });
  return orOk(findings, check, 'none');
}

/** @param counted rows of a table that were counted at most. */
export function judgeRetention(
  overdue: readonly Overdue[],
  largest: readonly { name: string; bytes: number }[],
  counted: number,
): Finding[] {
  const check = 'retention';
  const findings = overdue.flatMap(({ table, rows }) => {
    if (rows === 0) return [];
    const amount = rows >= counted ? `${counted} or more` : String(rows);
    return [
      warning(
        check,
        `${amount} rows of ${table} are past their time`,
        'a running server deletes them within the hour; see its log where it does not',
      ),
    ];
  });
  return orOk(
    findings,
    check,
    `nothing is past its time; largest: ${largest.map(({ name, bytes }) => `${name} ${sizeOf(bytes)}`).join(', ')}`,
  );
}

/** @param invariants how many were recomputed. */
export function judgeInvariants(differences: readonly { readonly check: string; readonly found: object }[], invariants: number): Finding[] {
  const advice = 'stop selling what is named, keep the database as it is, and find out; `docs/invariants.md` says what each means';
  const findings = differences.map(({ check, found }) => problem('invariants', `${check}: ${JSON.stringify(found)}`, advice));
  return orOk(findings, 'invariants', `all ${invariants} hold`);
}

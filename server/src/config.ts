/**
 * Settings, in two steps: the environment (and flags of the command line, which override it) is checked against a
 * schema, then made into the configuration that the program uses. Nothing else reads the environment.
 */
import { resolve } from 'node:path';
import { Cron } from 'croner';
import envSchema from 'env-schema';
import { type Static, Type } from 'typebox';
import { ConfigError } from './config.error.ts';
import { keptSecret, SECRET_BYTES_MIN } from './config.secret.ts';
import { changedUrl, whyUnusable } from './kernel/database-url.ts';
import { MAX_MONEY } from './kernel/money.ts';
import { WEBHOOK_SECRET_PATTERN } from './kernel/webhook-secret.ts';

export { ConfigError };

const money = (preset: number) => Type.Integer({ minimum: 1, maximum: MAX_MONEY, default: preset });
const optional = Type.Optional(Type.String());

const settingsSchema = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 3000 }),
  HOST: Type.String({ default: '127.0.0.1' }),
  NODE_ENV: Type.String({ default: 'development' }),
  WORKERS: Type.Integer({ minimum: 1, maximum: 64, default: 1 }),
  TRUST_PROXY: Type.Boolean({ default: false }),
  PUBLIC_URL: optional,
  DATABASE_URL: optional,
  DATABASE_REPLICA_URL: optional,
  DATA_DIR: Type.String({ default: '.data', minLength: 1 }),
  AUTH_JWT_SECRET: optional,
  AUTH_JWT_SECRET_PREVIOUS: optional,
  AUTH_JWKS_URL: optional,
  AUTH_ISSUER: optional,
  AUTH_AUDIENCE: optional,
  CHARGE_POLICY: Type.Optional(Type.Union([Type.Literal('self'), Type.Literal('staff')])),
  MAX_CHARGE: money(10_000_000),
  MAX_BALANCE: money(100_000_000),
  MAX_PENDING_ORDERS: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 50 }),
  CURRENCY: Type.String({ pattern: '^[A-Z]{3}$', default: 'KRW' }),
  ORDER_TTL_SECONDS: Type.Integer({ minimum: 1, maximum: 2_592_000, default: 600 }),
  RANK_CRON: Type.String({ default: '30 0 * * *' }),
  RANK_TIME_ZONE: Type.String({ default: 'Asia/Seoul' }),
  RATE_LIMIT_PER_MINUTE: Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0 }),
  GROUP_COMMIT_MAX: Type.Integer({ minimum: 1, maximum: 1024, default: 256 }),
  SINK: Type.Union([Type.Literal('log'), Type.Literal('webhook'), Type.Literal('nats')], { default: 'log' }),
  WEBHOOK_URL: optional,
  WEBHOOK_SECRET: optional,
  WEBHOOK_RETRY_MS: Type.Optional(Type.String({ pattern: '^\\s*[0-9]{1,10}(\\s*,\\s*[0-9]{1,10})*\\s*$' })),
  WEBHOOK_ALLOW_PRIVATE: Type.Boolean({ default: false }),
  NATS_URL: optional,
  EVENT_RETENTION_DAYS: Type.Integer({ minimum: 1, maximum: 3650, default: 30 }),
  SEED_DEMO: Type.Optional(Type.Boolean()),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional,
  OTEL_EXPORTER_OTLP_HEADERS: optional,
  OTEL_SERVICE_NAME: Type.String({ default: 'openrun' }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({ minimum: 0, maximum: 1, default: 1 }),
  SLOW_QUERY_MS: Type.Integer({ minimum: 0, maximum: 3_600_000, default: 500 }),
  SLOW_BATCH_MS: Type.Integer({ minimum: 0, maximum: 3_600_000, default: 1000 }),
  LOG_LEVEL: Type.Union(
    (['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const).map((level) => Type.Literal(level)),
    { default: 'info' },
  ),
});

type Settings = Static<typeof settingsSchema>;

/** The destination of events that the settings describe. `url` is null for the log, `secret` for all but webhooks. */
interface SinkSettings {
  readonly kind: 'log' | 'webhook' | 'nats';
  readonly url: string | null;
  readonly secret: string | null;
}

/** Where traces go. */
export interface TracingSettings {
  /** The base URL of a collector that takes OTLP over HTTP. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** The share of traces that are kept, of those that do not come with a decision. */
  readonly ratio: number;
}

/** What the program is configured with. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly production: boolean;
  /** Processes that share the port. */
  readonly workers: number;
  readonly trustProxy: boolean;
  /** Where browsers reach the server, where that was said. */
  readonly publicUrl: string | null;
  /** null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Standbys that lists are read from; null: none. */
  readonly databaseReplicaUrl: string | null;
  readonly dataDir: string;
  readonly auth: {
    /** null: only keys of `jwksUrl` sign tokens, and there are no built-in accounts. */
    readonly secret: string | null;
    /** What it signed before counts on; it signs nothing. */
    readonly previousSecret: string | null;
    readonly jwksUrl: string | null;
    readonly issuer: string | null;
    readonly audience: string | null;
  };
  readonly chargePolicy: 'self' | 'staff';
  readonly maxCharge: number;
  readonly maxBalance: number;
  readonly maxPendingOrders: number;
  readonly currency: string;
  readonly orderTtlSeconds: number;
  readonly rankCron: string;
  readonly rankTimeZone: string;
  readonly rateLimitPerMinute: number;
  readonly groupCommitMax: number;
  /** The first destination of events. */
  readonly sink: SinkSettings;
  /** Delays before the second, third … attempt to deliver. */
  readonly retryMs: readonly number[];
  /** Whether staff may send webhooks into private networks. */
  readonly webhookAllowPrivate: boolean;
  readonly eventRetentionDays: number;
  readonly seedDemo: boolean;
  readonly logLevel: Settings['LOG_LEVEL'];
  /** null: there are no traces. */
  readonly tracing: TracingSettings | null;
  /** From when on a statement is told as slow; null: never. */
  readonly slowQueryMs: number | null;
  /** From when on a batch is told as slow; null: never. */
  readonly slowBatchMs: number | null;
}

/** The names of all settings, which are also the flags of `openrun start`. */
export const SETTING_NAMES: readonly string[] = Object.keys(settingsSchema.properties);

/** The settings that are on or off: as a flag, the name alone turns one on. */
export const SWITCH_NAMES: ReadonlySet<string> = new Set(
  Object.entries(settingsSchema.properties).flatMap(([name, schema]) => ('type' in schema && schema.type === 'boolean' ? [name] : [])),
);

/**
 * Milliseconds between attempts to deliver as Standard Webhooks 1.0 has them: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
 */
const STANDARD_RETRY_MS: readonly number[] = [
  5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
];

/**
 * The configuration of this process. `flags` override the environment.
 *
 * @param secret whether a data directory without a secret gets a new one, is refused, or is left alone, since nobody will ask for a secret.
 * @throws ConfigError
 */
export function loadConfig(
  flags: Readonly<Record<string, string>> = {},
  { secret = 'made' }: { readonly secret?: 'made' | 'needed' | 'unused' } = {},
): Config {
  const settings = readSettings(withoutEmpty({ ...process.env, ...flags }));
  const production = settings.NODE_ENV === 'production';
  refuseUnusable(settings, secret !== 'unused');
  const dataDir = resolve(settings.DATA_DIR);
  const config: Config = {
    port: settings.PORT,
    host: settings.HOST,
    production,
    workers: settings.WORKERS,
    trustProxy: settings.TRUST_PROXY,
    publicUrl: settings.PUBLIC_URL ?? null,
    databaseUrl: settings.DATABASE_URL ?? null,
    databaseReplicaUrl: settings.DATABASE_REPLICA_URL ?? null,
    dataDir,
    auth: {
      secret:
        settings.AUTH_JWT_SECRET ??
        (settings.DATABASE_URL === undefined && secret !== 'unused' ? keptSecret(dataDir, secret === 'made') : null),
      previousSecret: settings.AUTH_JWT_SECRET_PREVIOUS ?? null,
      jwksUrl: settings.AUTH_JWKS_URL ?? null,
      issuer: settings.AUTH_ISSUER ?? null,
      audience: settings.AUTH_AUDIENCE ?? null,
    },
    chargePolicy: settings.CHARGE_POLICY ?? (production ? 'staff' : 'self'),
    maxCharge: settings.MAX_CHARGE,
    maxBalance: settings.MAX_BALANCE,
    maxPendingOrders: settings.MAX_PENDING_ORDERS,
    currency: settings.CURRENCY,
    orderTtlSeconds: settings.ORDER_TTL_SECONDS,
    rankCron: settings.RANK_CRON,
    rankTimeZone: settings.RANK_TIME_ZONE,
    rateLimitPerMinute: settings.RATE_LIMIT_PER_MINUTE,
    groupCommitMax: settings.GROUP_COMMIT_MAX,
    sink: sinkOf(settings),
    retryMs: retryMsOf(settings),
    webhookAllowPrivate: settings.WEBHOOK_ALLOW_PRIVATE,
    eventRetentionDays: settings.EVENT_RETENTION_DAYS,
    seedDemo: settings.SEED_DEMO ?? !production,
    logLevel: settings.LOG_LEVEL,
    tracing: tracingOf(settings),
    slowQueryMs: settings.SLOW_QUERY_MS === 0 ? null : settings.SLOW_QUERY_MS,
    slowBatchMs: settings.SLOW_BATCH_MS === 0 ? null : settings.SLOW_BATCH_MS,
  };
  if (production) refuseUnsafe(config);
  return config;
}

/** The configuration as it may be shown: secrets and the passwords of URLs are left out. */
export function redacted(config: Config): object {
  const { secret, previousSecret, ...auth } = config.auth;
  return {
    ...config,
    databaseUrl: config.databaseUrl && changedUrl(config.databaseUrl, withoutPassword),
    databaseReplicaUrl: config.databaseReplicaUrl && changedUrl(config.databaseReplicaUrl, withoutPassword),
    sink: {
      ...config.sink,
      url: config.sink.url === null ? null : withoutPassword(withoutToken(config.sink.url)),
      secret: config.sink.secret === null ? null : '(set)',
    },
    publicUrl: config.publicUrl === null ? null : withoutPassword(config.publicUrl),
    tracing:
      config.tracing === null
        ? null
        : { ...config.tracing, endpoint: withoutPassword(config.tracing.endpoint), headers: Object.keys(config.tracing.headers) },
    auth: {
      ...auth,
      jwksUrl: auth.jwksUrl === null ? null : withoutPassword(auth.jwksUrl),
      secret: secret === null ? null : '(set)',
      previousSecret: previousSecret === null ? null : '(set)',
    },
  };
}

/** A user without a password is a token of NATS, and as secret. */
function withoutToken(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.password !== '' || parsed.username === '') return url;
  parsed.username = '***';
  return parsed.toString();
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password !== '') parsed.password = '***';
    for (const name of ['password', 'sslpassword']) if (parsed.searchParams.has(name)) parsed.searchParams.set(name, '***');
    return parsed.toString();
  } catch {
    return '(set)';
  }
}

function withoutEmpty(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined || value.trim() === '' ? [] : [[name, value]])),
  );
}

function readSettings(data: Readonly<Record<string, string>>): Settings {
  const named = Object.fromEntries(SETTING_NAMES.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])));
  try {
    const settings = envSchema<Settings>({ schema: settingsSchema, data: named, dotenv: false, env: false });
    // `1e1000` is read as infinity, which passes every maximum of the schema.
    const infinite = Object.entries(settings).find(([, value]) => typeof value === 'number' && !Number.isFinite(value));
    if (infinite !== undefined) throw new Error(`${infinite[0]} is too large`);
    return settings;
  } catch (error) {
    throw new ConfigError(`the settings are not usable: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const WEBHOOK_SECRET_FORM = new RegExp(WEBHOOK_SECRET_PATTERN);
const ATTEMPTS_MAX = 50;

/** @throws ConfigError where a setting that the sink needs is missing or unusable. */
function sinkOf({ SINK: kind, WEBHOOK_URL, WEBHOOK_SECRET, NATS_URL }: Settings): SinkSettings {
  switch (kind) {
    case 'log':
      return { kind, url: null, secret: null };
    case 'webhook':
      if (!WEBHOOK_SECRET_FORM.test(WEBHOOK_SECRET ?? '')) {
        throw new ConfigError('SINK=webhook needs WEBHOOK_SECRET, `whsec_` and 24 to 64 bytes in base64');
      }
      return { kind, url: webhookUrl(WEBHOOK_URL), secret: WEBHOOK_SECRET ?? null };
    case 'nats':
      return { kind, url: urlFor('nats', 'NATS_URL', NATS_URL, ['nats:', 'tls:']), secret: null };
  }
}

/** A password would be of no use: webhooks are signed, and send no credentials. */
function webhookUrl(value: string | undefined): string {
  const url = urlFor('webhook', 'WEBHOOK_URL', value, ['http:', 'https:']);
  const { username, password } = new URL(url);
  if (username === '' && password === '') return url;
  throw new ConfigError('WEBHOOK_URL must not hold a password: a receiver knows its webhooks by their signature');
}

/** The value is not shown, for it may hold a password. */
function urlFor(sink: string, name: string, value: string | undefined, protocols: readonly string[]): string {
  if (value !== undefined && protocols.includes(URL.parse(value)?.protocol ?? '')) return value;
  throw new ConfigError(`SINK=${sink} needs ${name}, a ${protocols.map((protocol) => `${protocol}//`).join(' or ')} URL`);
}

function retryMsOf({ WEBHOOK_RETRY_MS }: Settings): readonly number[] {
  if (WEBHOOK_RETRY_MS === undefined) return STANDARD_RETRY_MS;
  const delays = WEBHOOK_RETRY_MS.split(',').map(Number);
  if (delays.length > ATTEMPTS_MAX) throw new ConfigError(`WEBHOOK_RETRY_MS has more than ${ATTEMPTS_MAX} delays`);
  return delays;
}

function tracingOf(settings: Settings): TracingSettings | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers = '' } = settings;
  if (endpoint === undefined) return null;
  const pairs = headers.split(',').flatMap((pair): [string, string][] => {
    const [name = '', ...value] = pair.split('=');
    return name.trim() === '' ? [] : [[name.trim(), decoded(value.join('=').trim())]];
  });
  return {
    endpoint,
    headers: Object.fromEntries(pairs),
    serviceName: settings.OTEL_SERVICE_NAME,
    ratio: settings.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** Values of `OTEL_EXPORTER_OTLP_HEADERS` are percent-encoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new ConfigError('OTEL_EXPORTER_OTLP_HEADERS is not name=value, with commas between');
  }
}

function refuseUnusable(settings: Settings, wantsSecret: boolean): void {
  // The value is not shown, for it may hold a password.
  for (const name of ['DATABASE_URL', 'DATABASE_REPLICA_URL'] as const) {
    const why = whyUnusable(settings[name]);
    if (why !== null) throw new ConfigError(`${name}: ${why}`);
  }
  if (settings.DATABASE_REPLICA_URL !== undefined && settings.DATABASE_URL === undefined) {
    throw new ConfigError('DATABASE_REPLICA_URL needs DATABASE_URL: the embedded database has no standbys');
  }
  if (
    wantsSecret &&
    settings.DATABASE_URL !== undefined &&
    settings.AUTH_JWT_SECRET === undefined &&
    settings.AUTH_JWKS_URL === undefined
  ) {
    throw new ConfigError('with DATABASE_URL, AUTH_JWT_SECRET or AUTH_JWKS_URL is required, so that all processes accept the same tokens');
  }
  for (const name of ['AUTH_JWKS_URL', 'PUBLIC_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const) {
    const value = settings[name];
    const protocol = URL.parse(value ?? 'http:')?.protocol;
    if (value !== undefined && protocol !== 'http:' && protocol !== 'https:') throw new ConfigError(`${name} is no http(s) URL`);
  }
  try {
    new Cron(settings.RANK_CRON, { timezone: settings.RANK_TIME_ZONE, paused: true }).nextRun();
  } catch (error) {
    throw new ConfigError(`RANK_CRON or RANK_TIME_ZONE is not usable: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refuseUnsafe({ auth, seedDemo, chargePolicy }: Config): void {
  const unsafe: string[] = [];
  if ([auth.secret, auth.previousSecret].some((secret) => secret !== null && Buffer.byteLength(secret) < SECRET_BYTES_MIN)) {
    unsafe.push(`AUTH_JWT_SECRET, or the previous one, is shorter than ${SECRET_BYTES_MIN} bytes, so that tokens can be forged`);
  }
  if (seedDemo) unsafe.push('SEED_DEMO=true makes accounts whose passwords are public');
  if (chargePolicy === 'self') unsafe.push('CHARGE_POLICY=self lets everyone charge any balance they like without paying');
  if (unsafe.length > 0) throw new ConfigError(`refusing to start in production: ${unsafe.join('; ')}`);
}

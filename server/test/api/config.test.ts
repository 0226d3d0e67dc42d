import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Config, ConfigError, loadConfig, redacted, SETTING_NAMES } from '../../src/config.ts';
import { type Ended, runOpenrun } from '../support/command-line.ts';

const SECRET = 'a secret of at least thirty-two bytes';
const DATABASE = { DATABASE_URL: 'postgres://shop:hunter2@127.0.0.1:1/shop', AUTH_JWT_SECRET: SECRET };

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'openrun-config-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

/** Runs the command line on the data directory of these tests. */
const openrun = (args: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runOpenrun(args, { DATA_DIR: dataDir, ...settings });

const parse: (text: string) => Partial<Config> = JSON.parse;

async function shown(args: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Partial<Config>> {
  const { exitCode, stdout, stderr } = await openrun(['config', ...args], settings);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).not.toMatch(/hunter2|thirty-two/);
  return parse(stdout);
}

const refused = (line: string): Ended => ({ exitCode: 1, stdout: '', stderr: `openrun: ${line}\n` });

describe('openrun config', () => {
  test('shows what holds without any setting; the secret is made once, for its owner alone', async () => {
    const preset = await shown([]);
    expect(preset).toMatchObject({ port: 3000, host: '127.0.0.1', production: false, databaseUrl: null, dataDir, currency: 'KRW' });
    expect(preset).toMatchObject({
      chargePolicy: 'self',
      seedDemo: true,
      maxPendingOrders: 50,
      orderTtlSeconds: 600,
      rateLimitPerMinute: 0,
    });
    expect(preset).toMatchObject({ rankCron: '30 0 * * *', rankTimeZone: 'Asia/Seoul', trustProxy: false, auth: { secret: '(set)' } });
    expect(statSync(join(dataDir, 'auth-secret')).mode & 0o777).toBe(0o600);
  });

  test('shows no passwords and secrets; production is safe by itself', async () => {
    const url = 'postgres://shop:hunter2@db.example/shop?password=hunter2&sslmode=require';
    const config = await shown([], { ...DATABASE, DATABASE_URL: url, NODE_ENV: 'production' });
    expect(config.databaseUrl).toBe('postgres://shop:***@db.example/shop?password=***&sslmode=require');
    expect(config).toMatchObject({ production: true, chargePolicy: 'staff', seedDemo: false });
  });

  test('takes flags before the environment, and an empty setting for none', async () => {
    const environment = { PORT: '4000', MAX_CHARGE: '5', CURRENCY: '', RANK_CRON: '* * * * *' };
    const config = await shown(['--port', '5000', '--order-ttl-seconds', '60', '--max-charge=7'], environment);
    expect(config).toMatchObject({ port: 5000, orderTtlSeconds: 60, maxCharge: 7, currency: 'KRW', rankCron: '* * * * *' });
  });

  test('takes the flag of what is on or off for on, by its name alone', async () => {
    const on = await shown(['--webhook-allow-private', '--trust-proxy', '--seed-demo=false'], { SEED_DEMO: 'true' });
    expect(on).toMatchObject({ webhookAllowPrivate: true, trustProxy: true, seedDemo: false });
    expect(await shown(['--webhook-allow-private', 'false'], { WEBHOOK_ALLOW_PRIVATE: 'true' })).toMatchObject({
      webhookAllowPrivate: false,
    });
    expect((await openrun(['config', '--webhook-allow-private', 'yes'])).stderr).toContain('WEBHOOK_ALLOW_PRIVATE');
  });
});

describe('what cannot be used ends the process, and says why', () => {
  test('all bad settings at once', async () => {
    const { exitCode, stderr } = await openrun(['start'], { PORT: 'x', MAX_CHARGE: '0', CHARGE_POLICY: 'anyone' });
    expect(exitCode).toBe(1);
    for (const name of ['PORT', 'MAX_CHARGE', 'CHARGE_POLICY']) expect(stderr).toContain(name);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('unsafe settings in production, each of them', async () => {
    const unsafe = { ...DATABASE, NODE_ENV: 'production', AUTH_JWT_SECRET: 'short', SEED_DEMO: 'true', CHARGE_POLICY: 'self' };
    const { exitCode, stdout, stderr } = await openrun(['start'], unsafe);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^openrun: refusing to start in production: /);
    for (const name of ['AUTH_JWT_SECRET', 'SEED_DEMO=true', 'CHARGE_POLICY=self']) expect(stderr).toContain(name);
    expect(stderr).not.toContain('hunter2');
  });

  test('a database of its own without a secret or a key set', async () => {
    const { exitCode, stderr } = await openrun(['start'], { DATABASE_URL: DATABASE.DATABASE_URL });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/DATABASE_URL.*AUTH_JWT_SECRET or AUTH_JWKS_URL/);
  });

  test('but not for what signs nothing', async () => {
    const { exitCode, stderr } = await openrun(['audit'], { DATABASE_URL: DATABASE.DATABASE_URL });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^openrun: the database cannot be used/);
  });

  test('a sink without what it needs, whose value is not shown', () => {
    const webhook = { ...DATABASE, SINK: 'webhook', WEBHOOK_URL: 'https://example.com', WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}` };
    const nats = { ...DATABASE, SINK: 'nats', NATS_URL: 'nats://example.com' };
    const wrong: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
      [/WEBHOOK_SECRET/, { ...webhook, WEBHOOK_SECRET: '' }],
      [/WEBHOOK_SECRET(?!.*hunter2)/, { ...webhook, WEBHOOK_SECRET: 'hunter2'.repeat(8) }],
      [/WEBHOOK_SECRET(?!.*hunter2)/, { ...webhook, WEBHOOK_SECRET: `whsec_hunter2${'A'.repeat(26)}` }],
      [/WEBHOOK_SECRET(?!.*AAAA)/, { ...webhook, WEBHOOK_SECRET: `whsec_${'A'.repeat(16)}` }],
      [/WEBHOOK_SECRET(?!.*AAAA)/, { ...webhook, WEBHOOK_SECRET: `whsec_${'A'.repeat(88)}` }],
      [/WEBHOOK_URL(?!.*hunter2)/, { ...webhook, WEBHOOK_URL: 'nats://u:hunter2@example.com' }],
      [/WEBHOOK_URL(?!.*hunter2)/, { ...webhook, WEBHOOK_URL: 'https://u:hunter2@example.com' }],
      [/WEBHOOK_URL(?!.*hunter2)/, { ...webhook, WEBHOOK_URL: 'https://hunter2@example.com' }],
      [/WEBHOOK_RETRY_MS/, { ...webhook, WEBHOOK_RETRY_MS: '5,soon' }],
      [/WEBHOOK_RETRY_MS/, { ...webhook, WEBHOOK_RETRY_MS: Array.from({ length: 51 }, () => '5').join(',') }],
      [/NATS_URL/, { ...nats, NATS_URL: '' }],
      [/NATS_URL(?!.*hunter2)/, { ...nats, NATS_URL: 'https://u:hunter2@example.com' }],
    ];
    for (const [says, settings] of wrong) expect(() => loadConfig(settings)).toThrow(says);
    expect(loadConfig({ ...webhook, WEBHOOK_RETRY_MS: ' 5, 60' })).toMatchObject({ sink: { kind: 'webhook' }, retryMs: [5, 60] });
    expect(redacted(loadConfig(webhook))).toMatchObject({ sink: { url: 'https://example.com/', secret: '(set)' } });
    const withToken = loadConfig({ SINK: 'nats', NATS_URL: 'nats://hunter2@nats.example:4222' });
    expect(redacted(withToken)).toMatchObject({ sink: { url: 'nats://***@nats.example:4222' } });
    expect(loadConfig(nats)).toMatchObject({ sink: { kind: 'nats', url: 'nats://example.com', secret: null } });
  });

  test('flags that there are not', async () => {
    const { exitCode, stderr } = await openrun(['config', '--colour', 'red']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('--colour');
  });

  test('tokens and the demo in production', async () => {
    const production = { ...DATABASE, NODE_ENV: 'production' };
    expect(await openrun(['token', 'someone', '--staff'], production)).toEqual(
      refused('tokens are for trying things out; in production they come from your identity provider'),
    );
    expect(await openrun(['seed'], production)).toEqual(refused('the demo is not for production'));
  });
});

test('openrun token mints what the server accepts', async () => {
  const { stdout } = await openrun(['token', 'someone', '--staff', '--ttl', '60'], {
    ...DATABASE,
    AUTH_ISSUER: 'us',
    AUTH_AUDIENCE: 'shop',
  });
  const key = new TextEncoder().encode(SECRET);
  const { payload } = await jwtVerify(stdout.trim(), key, { issuer: 'us', audience: 'shop', algorithms: ['HS256'] });
  expect(payload).toMatchObject({ sub: 'someone', role: 'staff' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
});

test('openrun token makes no secret of its own: no server would take its token', async () => {
  const elsewhere = join(dataDir, 'elsewhere');
  const { exitCode, stdout, stderr } = await openrun(['token', 'someone', '--data-dir', elsewhere]);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`there is no ${join(elsewhere, 'auth-secret')}`);
  expect(existsSync(elsewhere)).toBe(false);
});

test('the help of a command is about it, and that of start has the settings behind', async () => {
  const { stdout } = await openrun(['backup', '--help']);
  expect(stdout).toContain('--verify');
  expect(stdout).not.toContain('--order-ttl-seconds <');
  expect(stdout).toContain('by the environment');
  const started = (await openrun(['start', '--help'])).stdout;
  for (const name of SETTING_NAMES) expect(started).toContain(`--${name.toLowerCase().replaceAll('_', '-')} `);
});

describe('each setting', () => {
  const load = (settings: Readonly<Record<string, string>>): Config => loadConfig({ ...DATABASE, ...settings });

  test.each([
    ['PORT', ['x', '-1', '65536', '80.5', '1e9', 'NaN', '1e1000']],
    ['TRUST_PROXY', ['yes', '2', 'on']],
    ['PUBLIC_URL', ['shop.example', 'ftp://shop.example', 'javascript:alert(1)']],
    [
      'DATABASE_URL',
      [
        'nonsense',
        'mysql://127.0.0.1/shop',
        'http://127.0.0.1',
        'postgres://one,/shop',
        'postgres://one:x,two/shop',
        `postgres://${'a,'.repeat(8)}a/shop`,
        'postgres://127.0.0.1/shop?sslmode=prefer',
        'postgres://127.0.0.1/shop?ssl=true',
        'postgres://127.0.0.1/shop?sslmode=require&sslrootcert=system',
      ],
    ],
    ['DATABASE_REPLICA_URL', ['nonsense', 'postgres://one,/shop', 'postgres://127.0.0.1/shop?sslmode=allow']],
    ['AUTH_JWKS_URL', ['keys', 'file:///etc/passwd']],
    ['CHARGE_POLICY', ['none', 'SELF']],
    ['MAX_CHARGE', ['0', '-1', '1.5', '9007199254740992', 'all', '1e1000']],
    ['MAX_BALANCE', ['0', '9007199254740992']],
    ['MAX_PENDING_ORDERS', ['0', '1000001']],
    ['CURRENCY', ['won', '₩', 'KRWW', 'krw']],
    ['ORDER_TTL_SECONDS', ['0', '2592001', '0.5']],
    ['RANK_CRON', ['soon', '* * *', '61 * * * *']],
    ['RANK_TIME_ZONE', ['Seoul', 'Asia/Nowhere']],
    ['RATE_LIMIT_PER_MINUTE', ['-1', '1.5']],
    ['GROUP_COMMIT_MAX', ['0', '1025']],
    ['WORKERS', ['0', '65', 'x']],
    ['SINK', ['pigeon']],
    ['SEED_DEMO', ['yes', '2']],
    ['LOG_LEVEL', ['loud', 'INFO']],
  ])('%s refuses what it cannot be', (name, values) => {
    for (const value of values) {
      expect(() => load({ [name]: value }), value).toThrow(ConfigError);
      expect(() => load({ [name]: value }), value).toThrow(name);
    }
  });

  test('takes what it can be', () => {
    expect(load({ PORT: ' ', MAX_CHARGE: '' })).toMatchObject({ port: 3000, maxCharge: 10_000_000 });
    expect(load({ PORT: '0', TRUST_PROXY: 'true', SEED_DEMO: 'false', PUBLIC_URL: 'https://shop.example' })).toMatchObject({
      port: 0,
      trustProxy: true,
      seedDemo: false,
      publicUrl: 'https://shop.example',
    });
    expect(load({ DATABASE_URL: 'postgresql://shop@%2Fvar%2Frun/shop' }).databaseUrl).toBe('postgresql://shop@%2Fvar%2Frun/shop');
    const several = 'postgresql://shop:hunter2@one:5432,[::1]:5433,three/shop?sslmode=require';
    expect(load({ DATABASE_URL: several }).databaseUrl).toBe(several);
    expect(redacted(load({ DATABASE_URL: several }))).toMatchObject({ databaseUrl: several.replace('hunter2', '***') });
    const replicas = load({ DATABASE_REPLICA_URL: several });
    expect([replicas.databaseReplicaUrl, load({}).databaseReplicaUrl]).toEqual([several, null]);
    expect(redacted(replicas)).toMatchObject({ databaseReplicaUrl: several.replace('hunter2', '***') });
    expect(() => loadConfig({ DATABASE_REPLICA_URL: several })).toThrow('DATABASE_REPLICA_URL needs DATABASE_URL');
    expect(load({ MAX_CHARGE: '9007199254740991', CURRENCY: 'USD', GROUP_COMMIT_MAX: '1' })).toMatchObject({ currency: 'USD' });
  });

  test('each unsafe one alone is refused in production', () => {
    const production = { NODE_ENV: 'production' };
    expect(load(production)).toMatchObject({ chargePolicy: 'staff', seedDemo: false });
    for (const [name, value] of [
      ['AUTH_JWT_SECRET', 'x'.repeat(31)],
      ['AUTH_JWT_SECRET_PREVIOUS', 'x'.repeat(31)],
      ['SEED_DEMO', 'true'],
      ['CHARGE_POLICY', 'self'],
    ] as const) {
      expect(() => load({ ...production, [name]: value })).toThrow(name.replace('_PREVIOUS', ''));
    }
    expect(load({ ...production, AUTH_JWT_SECRET: '비'.repeat(11) }).production).toBe(true);
    expect(
      loadConfig({ ...production, DATABASE_URL: DATABASE.DATABASE_URL, AUTH_JWKS_URL: 'https://id.example/keys' }).auth.secret,
    ).toBeNull();
  });

  test('has a flag, and none is shown that is secret', () => {
    expect(SETTING_NAMES).toContain('ORDER_TTL_SECONDS');
    expect(JSON.stringify(redacted(load({ AUTH_JWT_SECRET: SECRET, AUTH_JWT_SECRET_PREVIOUS: SECRET })))).not.toMatch(/hunter2|thirty-two/);
  });
});

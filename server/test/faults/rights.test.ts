/** The role with the fewest rights, as the guide to operations makes it: a server that runs as it may do everything that a server does. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { clientConfig } from '../../src/database/database.ts';
import { superuserOf } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createCaller } from '../support/caller.ts';
import { databaseOf, urlOf } from '../support/database.global.ts';
import { eventually } from '../support/eventually.ts';
import { createServerProcess, type ServerProcess } from '../support/fault-process.ts';
import { couponOf, expectStatus, issued, option, paid, placed } from '../support/goods.ts';
import { codeBlocks } from '../support/markdown.ts';

const GUIDE = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
const isCluster = inject('nodes') !== null;

/** Runs statements one after the other: a database is not made within a transaction. */
async function run(config: pg.ClientConfig, statements: string): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    for (const sql of statements.split(/;\s*\n/)) if (sql.trim() !== '') await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Does as the guide says, with names of this test's own; gives the URLs of owner and server. */
async function followGuide(): Promise<{ owner: string; server: string }> {
  const target = inject('target');
  const administrator = { ...clientConfig(target), ...superuserOf(target) };
  const tag = randomBytes(4).toString('hex');
  const written = codeBlocks(GUIDE).find(({ code }) => code.includes('CREATE ROLE shop_owner'))?.code ?? '';
  const own = written.replaceAll(/\bshop(?=_owner|_server| OWNER)/g, `shop_${tag}`);
  const [asAdministrator = '', asOwner = ''] = own.split('\n\n');
  const urlFor = (role: 'owner' | 'server'): string => {
    const url = new URL(urlOf(databaseOf(target, `shop_${tag}`)));
    url.username = `shop_${tag}_${role}`;
    url.password = new RegExp(`${role} LOGIN PASSWORD '([^']+)'`).exec(own)?.[1] ?? '';
    return url.href;
  };
  onTestFinished(() =>
    run(administrator, `DROP DATABASE shop_${tag} WITH (FORCE);\nDROP ROLE shop_${tag}_owner;\nDROP ROLE shop_${tag}_server;\n`),
  );
  await run(administrator, asAdministrator);
  await run(clientConfig({ url: urlFor('owner') }), asOwner);
  return { owner: urlFor('owner'), server: urlFor('server') };
}

/** Somebody signs up, a coupon is issued, an order is paid with it and refunded, and the ranking made: the events of all of it are delivered. */
async function trade(server: ServerProcess): Promise<void> {
  const shop = { staff: await server.staff() };
  const account = { name: 'Minji', email: 'minji@shop.example', password: 'long enough, this one' };
  const headers = { origin: server.baseUrl };
  expectStatus(await createCaller(server.baseUrl, '', null).post('/auth/sign-up', account, { headers }), 201);
  const customer = await server.customer('minji');
  expectStatus(await customer.post('/balance/charge', { amount: 10_000 }), 200);
  const userCouponId = await issued(customer, await couponOf(shop, {}));
  const paymentId = await paid(customer, await placed(customer, await option(shop, { stock: 2 }), 1, userCouponId));
  expectStatus(await shop.staff.post(`/payments/${paymentId}/refunds`, { restock: true, reason: 'back' }), 201);
  expectStatus(await shop.staff.post('/rankings/refresh'), 200);
  await eventually(async () => (await shop.staff.get('/deliveries?status=delivered')).body.items.length).toBeGreaterThan(0);
}

test.skipIf(isCluster)('the role of the guide can migrate nothing, and start, sell, deliver, forget, audit and diagnose', async () => {
  const { owner, server: url } = await followGuide();
  await migrate({ url: owner }, () => undefined);
  const server = await createServerProcess({ DATABASE_URL: url });
  onTestFinished(() => server.clear());
  const asOwner = new pg.Client(clientConfig({ url: owner }));
  await asOwner.connect();
  onTestFinished(() => asOwner.end());
  await asOwner.query(
    `INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
     VALUES ('somebody', 'charge', 'old', '', 200, '', gen_random_uuid(), now() - interval '3 days')`,
  );
  await server.start();
  await trade(server);
  await eventually(async () => (await asOwner.query("SELECT FROM idempotency_key WHERE key = 'old'")).rowCount).toBe(0);
  // The last of its checks is the audit.
  const { stdout } = await server.command('doctor');
  for (const check of ['writes', 'migrations', 'retention', 'invariants']) expect(stdout).toMatch(new RegExp(`^ok +${check} `, 'm'));
  expect(await server.terminate()).toBe(0);

  await asOwner.query('DELETE FROM schema_migration WHERE id = (SELECT max(id) FROM schema_migration)');
  const { exitCode, stderr } = await server.command('migrate');
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^openrun: the role of DATABASE_URL may not do this: [^\n]+\n$/)]);
});

/** A database of several hosts, of which one takes writes: the server finds it, and follows where another one takes over. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type ConnectionTarget, clientConfig, writableTarget } from '../../src/database/database.ts';
import { createHosts } from '../../src/database/hosts.ts';
import { migrate } from '../../src/database/migrate.ts';
import { eventually } from '../support/eventually.ts';
import { openProxy, type Proxy } from '../support/fault-proxy.ts';
import { serveOn } from '../support/fault-server.ts';
import { tag } from '../support/goods.ts';
import { verdict } from '../support/refusal.ts';
import { createDatabase } from '../support/shop.ts';
import { freePort } from '../support/socket.ts';

const TIMEOUT_MS = 3000;

function urlOf(target: ConnectionTarget): URL {
  if ('url' in target) return new URL(target.url);
  return new URL(`postgresql://${target.user}@${target.host}:${target.port}/${target.database}`);
}

/** One URL for the hosts of all of these. */
function severalOf(first: ConnectionTarget, ...others: (ConnectionTarget | number)[]): { readonly url: string } {
  const url = urlOf(first);
  const hosts = others.map((other) => (typeof other === 'number' ? `127.0.0.1:${other}` : urlOf(other).host));
  return { url: url.href.replace(url.host, [url.host, ...hosts].join()) };
}

async function openHost(target: ConnectionTarget): Promise<Proxy> {
  const host = await openProxy(target);
  onTestFinished(() => host.close());
  return host;
}

/** A database that can be made one that takes no writes, as a standby. */
async function openReplica(): Promise<{ readonly url: string; readonly takeWrites: (takes: boolean) => Promise<void> }> {
  const { target, drop } = await createDatabase();
  onTestFinished(drop);
  const host = await openHost(target);
  return {
    url: urlOf(host.target).href,
    takeWrites: async (takes) => {
      const client = new pg.Client(clientConfig(target));
      await client.connect();
      await client.query('SET default_transaction_read_only = off');
      const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
      await client.query(`ALTER DATABASE ${rows[0]?.name} SET default_transaction_read_only = ${takes ? 'off' : 'on'}`);
      await client.end();
    },
  };
}

test('the server starts where the first host is gone, and follows where the one it used goes', async () => {
  const { target, drop } = await createDatabase();
  onTestFinished(drop);
  const [one, two] = [await openHost(target), await openHost(target)];
  const several = severalOf(
    { url: urlOf(one.target).href.replace(urlOf(one.target).host, `127.0.0.1:${await freePort()}`) },
    one.target,
    two.target,
  );
  await migrate(several, () => undefined);
  const server = await serveOn(several);
  onTestFinished(() => server.close());
  const customer = await server.customer('buyer');
  const charge = { amount: 100, reference: tag() };
  expect(verdict(await customer.post('/balance/charge', charge))).toBe('200');
  await one.close();
  await eventually(async () => verdict(await customer.post('/balance/charge', charge))).toBe('200');
  expect((await customer.get('/balance')).body.amount).toBe(100);
  await two.close();
  await eventually(async () => verdict(await customer.post('/balance/charge', { amount: 1 }))).toBe('503 OVERLOADED');
  expect((await customer.post('/balance/charge', { amount: 1 })).headers.get('retry-after')).toBe('1');
});

test('a host that takes no writes is passed over, and who takes them is kept to', async () => {
  const [one, two] = [await openReplica(), await openReplica()];
  const hosts = createHosts([one.url, two.url], TIMEOUT_MS);
  await one.takeWrites(false);
  expect(await hosts.primary()).toBe(two.url);
  await one.takeWrites(true);
  expect(await hosts.primary()).toBe(two.url);
  await two.takeWrites(false);
  expect(await hosts.primary()).toBe(one.url);
  await one.takeWrites(false);
  await expect(hosts.primary()).rejects.toThrow('none of the 2 hosts of DATABASE_URL takes writes');
});

test('a host that takes a connection and says nothing holds the search up for its share of the time', async () => {
  const { target, drop } = await createDatabase();
  onTestFinished(drop);
  const [silent, live] = [await openHost(target), await openHost(target)];
  silent.freeze();
  const found = await writableTarget(severalOf(silent.target, live.target));
  silent.thaw();
  expect(found).toEqual({ url: urlOf(live.target).href });
});

/** A primary that takes its time to let somebody in, and again to answer a question, as if from PostgreSQL's protocol. */
async function openSlowPrimary(loginMs: number, answerMs: number): Promise<string> {
  const message = (type: string, body: Buffer): Buffer => {
    const head = Buffer.from(`${type}....`);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const ready = message('Z', Buffer.from('I'));
  const login = Buffer.concat([message('R', Buffer.alloc(4)), ready]);
  const column = Buffer.from('..isReadOnly\0\0\0\0\0\0\0\0\0\0\u0010\0\u0001\0\0\0\0\0\0');
  column.writeInt16BE(1);
  const row = Buffer.from('\0\u0001\0\0\0\u0001f');
  const answer = Buffer.concat([message('T', column), message('D', row), message('C', Buffer.from('SELECT 1\0')), ready]);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      setTimeout(() => socket.write(login), loginMs);
      socket.once('data', () => setTimeout(() => socket.write(answer), answerMs));
    });
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `postgresql://shop@127.0.0.1:${typeof address === 'object' ? address?.port : ''}/shop`;
}

test('a primary that is slow is found within the time, connection and answer together, and not after it', async () => {
  const nowhere = `postgresql://shop@127.0.0.1:${await freePort()}/shop`;
  const slow = await openSlowPrimary(1000, 900);
  expect(await createHosts([slow, nowhere], TIMEOUT_MS).primary()).toBe(slow);
  expect(await createHosts([nowhere, slow], TIMEOUT_MS).primary()).toBe(slow);
  const tooSlow = await openSlowPrimary(1800, 1800);
  await expect(createHosts([tooSlow, nowhere], TIMEOUT_MS).primary()).rejects.toThrow('none of the 2 hosts of DATABASE_URL takes writes');
});

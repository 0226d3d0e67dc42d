/** What processes on one database tell each other, and what they do when they hear it. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { type ConnectionTarget, clientConfig } from '../../src/database/database.ts';
import { createNews, type NewsService } from '../../src/database/news.ts';
import { TOPICS, type Topic } from '../../src/database/news-message.ts';
import { eventually } from '../support/eventually.ts';
import { expectStatus, product } from '../support/goods.ts';
import { createDatabase, openShop, type Shop } from '../support/shop.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function openDatabase(): Promise<ConnectionTarget> {
  const { target, drop } = await createDatabase();
  closing.push(drop);
  return target;
}

async function openClient(target: ConnectionTarget): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(target));
  await client.connect();
  closing.push(() => client.end());
  return client;
}

/** A process's line, and everything it has heard since it began. */
async function openLine(
  target: ConnectionTarget,
): Promise<{ line: NewsService; heard: (readonly [Topic, readonly string[] | null])[]; errors: readonly unknown[] }> {
  const heard: (readonly [Topic, readonly string[] | null])[] = [];
  const errors: unknown[] = [];
  const line = createNews({ target, onError: (error) => errors.push(error) });
  for (const topic of TOPICS) line.onNews(topic, (ids) => heard.push([topic, ids]));
  await line.start();
  closing.push(() => line.stop());
  heard.splice(0);
  return { line, heard, errors };
}

/** Two processes that know of each other. */
async function openTwo(target: ConnectionTarget) {
  const one = await openLine(target);
  const other = await openLine(target);
  // Each tells something until the other hears: news are for those who are known to be there.
  for (const [from, to] of [[one, other] as const, [other, one] as const]) {
    await eventually(async () => {
      from.line.tell('ranking', []);
      await delay(50);
      return to.heard.length;
    }).toBeGreaterThan(0);
  }
  await delay(100);
  one.heard.splice(0);
  other.heard.splice(0);
  return { one, other };
}

describe('news', () => {
  test('are heard by the others and not by who tells them, those of a moment together', async () => {
    const target = await openDatabase();
    const { one, other } = await openTwo(target);
    one.line.tell('stock', ['a', 'b']);
    one.line.tell('stock', ['b', 'c']);
    one.line.tell('ranking', []);
    await eventually(async () => other.heard).toEqual([
      ['stock', ['a', 'b', 'c']],
      ['ranking', []],
    ]);
    expect(one.heard).toEqual([]);
  });

  test('that are too many for a message say that everything has changed', async () => {
    const target = await openDatabase();
    const { one, other } = await openTwo(target);
    one.line.tell(
      'stock',
      Array.from({ length: 300 }, (_, index) => `an option with a long name ${index}`),
    );
    await eventually(async () => other.heard).toEqual(TOPICS.map((topic) => [topic, null]));
    expect(one.heard).toEqual([]);
  });

  test('that were missed while the line was down are made up for by taking it that everything has changed', async () => {
    const target = await openDatabase();
    const { one, other } = await openTwo(target);
    const client = await openClient(target);
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'openrun news' AND datname = current_database()`,
    );
    await eventually(async () => one.heard).toEqual(TOPICS.map((topic) => [topic, null]));
    await eventually(async () => other.heard).toEqual(TOPICS.map((topic) => [topic, null]));
    one.heard.splice(0);
    await eventually(async () => {
      other.line.tell('coupons', ['x']);
      await delay(50);
      return one.heard.length;
    }).toBeGreaterThan(0);
    expect(one.heard.at(-1)).toEqual(['coupons', ['x']]);
  });

  test('are not told where nobody else is, and what strangers say on the channel is no news', async () => {
    const target = await openDatabase();
    const { line, heard } = await openLine(target);
    const client = await openClient(target);
    const messages: string[] = [];
    client.on('notification', ({ payload }) => messages.push(payload ?? ''));
    await client.query('LISTEN openrun_news');
    for (const text of [
      '',
      'x',
      'null',
      '[]',
      '{}',
      '{"from":1,"news":{}}',
      '{"from":"x","news":{"stock":[1]}}',
      '{"from":"x","news":null}',
    ]) {
      await client.query('SELECT pg_notify($1, $2)', ['openrun_news', text]);
    }
    line.tell('stock', ['a']);
    // Its next sign of life comes after whatever it had to tell.
    await eventually(async () => messages.filter((text) => text.includes('"from":"') && !text.includes('"x"')).length).toBeGreaterThan(1);
    expect(messages.filter((text) => text.includes('"a"'))).toEqual([]);
    expect(heard).toEqual([]);
  });
});

test('what a feature says it hears in the other processes alone, and what is too long is an error here', async () => {
  const target = await openDatabase();
  const { one, other } = await openTwo(target);
  const said: unknown[] = [];
  for (const { line } of [one, other]) line.onSaid('a', (from, what) => said.push([line === other.line, from, what]));
  one.line.say('b', { unheard: true });
  one.line.say('a', { long: 'x'.repeat(7900) });
  expect(one.errors).toEqual([new Error('too much to say of a')]);
  one.line.say('a', { here: 1 });
  await eventually(async () => said).toEqual([[true, other.line.others()[0], { here: 1 }]]);
  expect([one.heard, other.heard, one.line.others().length]).toEqual([[], [], 1]);
});

describe('a process that hears', () => {
  /** Two servers that know of each other. */
  async function openServers(): Promise<{ here: Shop; there: Shop }> {
    const here = await openShop();
    closing.push(() => here.close());
    const there = await here.second();
    return { here, there };
  }

  test('ends what it keeps of a product whose stock another has changed, and of all where products change', async () => {
    const { here, there } = await openServers();
    const { id, options } = await product(there, [{ stock: 5 }]);
    const { products } = here.app.services;
    expectStatus(await here.anyone.get(`/products/${id}`), 200);
    const customer = await there.customer();
    const ownEpoch = () => products.epochOf(id);
    const order = async (): Promise<number> => {
      const before = ownEpoch();
      expectStatus(await customer.post('/orders', { lines: [{ optionId: options[0]?.id, quantity: 1 }] }), 201);
      await delay(200);
      return ownEpoch() - before;
    };
    // The first may be told before they know of each other.
    await eventually(order).toBeGreaterThan(0);
    const before = products.epoch();
    expectStatus(await there.staff.call('PATCH', `/products/${id}`, { name: 'another' }), 200);
    await eventually(async () => products.epoch()).toBeGreaterThan(before);
  });
});

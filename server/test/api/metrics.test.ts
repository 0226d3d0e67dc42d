/** `docs/metrics.md` is what a server's /metrics says, and nobody can make series of it. */
import { randomBytes } from 'node:crypto';
import { METHODS, request } from 'node:http';
import { expect, test } from 'vitest';
import { useShop } from '../support/document.ts';
import { eventually } from '../support/eventually.ts';
import { option, paid, placed, richCustomer } from '../support/goods.ts';
import { documentedMetrics, exposedTypes, type Sample, samplesOf } from '../support/metrics.ts';

const shop = useShop();
const metrics = async (): Promise<string> => (await shop().anyone.get('/metrics')).body.text;
const byName = (one: { name: string }, other: { name: string }): number => one.name.localeCompare(other.name);

/** Buys, is refused, and waits until the events have gone out. */
async function traffic(): Promise<void> {
  const customer = await richCustomer(shop(), 5000);
  const optionId = await option(shop(), { stock: 1 });
  await paid(customer, await placed(customer, optionId));
  await customer.post('/orders', { lines: [{ optionId, quantity: 1 }] });
  await eventually(async () => (await metrics()).includes('openrun_delivery_attempts_total{')).toBe(true);
  await expect.poll(async () => (await metrics()).includes('openrun_delivery_backlog{'), { timeout: 20_000 }).toBe(true);
}

test('what there is, is documented with its type and labels, and nothing else is', async () => {
  await traffic();
  const text = await metrics();
  const documented = documentedMetrics();
  expect(exposedTypes(text).toSorted(byName)).toEqual(documented.map(({ name, type }) => ({ name, type })).toSorted(byName));
  const labelsOf = new Map(documented.map(({ name, labels }) => [name, labels]));
  // Of what has not happened there is a sample without labels, or none.
  const told = samplesOf(text).flatMap(({ name, labels }) => {
    const metric = labelsOf.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    const names = [...labels.keys()].filter((label) => label !== 'le').toSorted();
    return names.length === 0 ? [] : [{ metric, names }];
  });
  expect(told).toEqual(told.map(({ metric }) => ({ metric, names: [...(labelsOf.get(metric) ?? [])].toSorted() })));
  const metricsTold = new Set(told.map(({ metric }) => metric));
  for (const name of [
    'openrun_http_request_seconds',
    'openrun_answers_total',
    'openrun_commit_batch_size',
    'openrun_delivery_lag_seconds',
  ]) {
    expect(metricsTold).toContain(name);
  }
});

/** Requests as no client of ours makes them: paths, queries, methods and headers that differ every time. */
async function hostility(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const random = randomBytes(8).toString('hex');
    const paths = [
      `/${random}`,
      `/products/${random}`,
      `/orders/${random}/pay`,
      `/admin/${random}`,
      `/%22%7D%0Aevil_${random}%201`,
      `/%zz${random}`,
    ];
    for (const path of paths) {
      const method = METHODS.filter((name) => name !== 'CONNECT')[round % (METHODS.length - 1)] ?? 'GET';
      for (const each of [method, 'GET', 'POST']) await raw(each, `${path}?${random}=${random}`, random);
    }
  }
}

async function raw(method: string, path: string, random: string): Promise<void> {
  const headers = { 'x-request-id': random, 'user-agent': random, 'x-forwarded-for': random, 'accept-language': random };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  request(shop().baseUrl + path, { method, headers }, (response) => response.resume().once('end', resolve))
    .once('error', reject)
    .end();
  await promise;
}

const seriesOf = (samples: readonly Sample[]): Set<string> =>
  new Set(samples.flatMap(({ name, labels }) => (name.startsWith('openrun_') ? [`${name} ${JSON.stringify([...labels])}`] : [])));

test('clients make no series, whatever they send', async () => {
  await traffic();
  await hostility(METHODS.length);
  const before = seriesOf(samplesOf(await metrics()));
  await hostility(METHODS.length);
  const samples = samplesOf(await metrics());
  expect([...seriesOf(samples)].filter((series) => !before.has(series))).toEqual([]);

  const { knownRoutes, problems } = shop().app.http;
  const routes = new Set(['(none)', ...knownRoutes.map(({ url }) => url)]);
  const codes = new Set([
    'done',
    'replayed',
    'committed',
    'aborted',
    'unknown',
    'warned',
    'partial',
    'delivered',
    'failed',
    ...Object.keys(problems),
  ]);
  const queues = new Set(['balance', 'coupon', 'delivery', 'destination', 'order', 'payment', 'product', 'ranking']);
  const bounds: ReadonlyMap<string, (value: string) => boolean> = new Map([
    ['method', (value) => METHODS.includes(value)],
    ['route', (value) => routes.has(value)],
    ['status', (value) => /^[1-5]\d\d$/.test(value)],
    ['operation', (value) => /^(POST|PATCH) /.test(value) && routes.has(value.slice(value.indexOf(' ') + 1))],
    ['outcome', (value) => codes.has(value)],
    ['queue', (value) => queues.has(value)],
    ['reason', (value) => /^(40001|40P01|55P03|lock|key|aborted|conflict|queue|deadline|database)$/.test(value)],
    ['destination', (value) => value === 'log'],
    ['le', (value) => value === '+Inf' || Number(value) > 0],
  ]);
  for (const { name, labels } of samples) {
    if (!name.startsWith('openrun_')) continue;
    for (const [label, value] of labels) expect(bounds.get(label)?.(value), `${name} ${label}="${value}"`).toBe(true);
  }
});

/** Traces of a real server, as a collector hears them: OTLP over HTTP, in JSON. */
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, onTestFinished, test } from 'vitest';
import { createServerProcess } from '../support/fault-process.ts';
import { option, placed } from '../support/goods.ts';
import { openReceiver } from '../support/receiver.ts';
import { freePort } from '../support/socket.ts';

const Attribute = Type.Object({ key: Type.String(), value: Type.Object({ stringValue: Type.Optional(Type.String()) }) });
const SpanSent = Type.Object({
  traceId: Type.String(),
  spanId: Type.String(),
  parentSpanId: Type.Optional(Type.String()),
  name: Type.String(),
  attributes: Type.Array(Attribute),
  links: Type.Optional(Type.Array(Type.Object({ traceId: Type.String(), spanId: Type.String() }))),
});
const Export = Type.Object({
  resourceSpans: Type.Array(Type.Object({ scopeSpans: Type.Array(Type.Object({ spans: Type.Array(SpanSent) })) })),
});
type SpanSent = Static<typeof SpanSent>;

/** A collector; gives what it has heard so far. */
async function openCollector(): Promise<{ url: string; spans: () => SpanSent[]; secrets: () => unknown[] }> {
  const heard: SpanSent[] = [];
  const secrets: unknown[] = [];
  const hear = async (request: IncomingMessage): Promise<void> => {
    secrets.push(request.headers['x-secret']);
    const { resourceSpans } = Value.Parse(Export, await json(request));
    heard.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
  };
  const server = createServer((request, response) => {
    void hear(request).finally(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${port}`, spans: () => heard, secrets: () => secrets };
}

test('a purchase is one trace: request, command, batch with links, statements, and its delivery, with which the receiver can go on; one that is not kept is not gone on with', async () => {
  const collector = await openCollector();
  const receiver = await openReceiver();
  const server = await createServerProcess({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-secret=hunter%202',
    SINK: 'webhook',
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}`,
  });
  onTestFinished(() => server.clear());
  await server.start();
  const shop = { staff: await server.staff(), customer: () => server.customer('buyer') };
  const customer = await shop.customer();
  expect((await customer.post('/balance/charge', { amount: 5000 })).status).toBe(200);
  const orderId = await placed(customer, await option(shop, { stock: 1 }));
  const [traceId, parentSpanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  const bought = await customer.post('/payments', { orderId }, { headers: { traceparent: `00-${traceId}-${parentSpanId}-01` } });
  expect(bought.status).toBe(201);
  const ofOrder = ({ attributes }: SpanSent): boolean => attributes.some(({ value }) => value.stringValue === orderId);
  const find = (name: string): SpanSent | undefined => collector.spans().find((span) => span.traceId === traceId && span.name === name);
  await expect
    .poll(() => [find('POST /payments'), find('payment batch'), find('commit')].includes(undefined), { timeout: 20_000 })
    .toBe(false);

  const [request, command, batch] = [find('POST /payments'), find('payment command'), find('payment batch')];
  expect(request).toMatchObject({ parentSpanId });
  expect(request === undefined ? false : ofOrder(request)).toBe(true);
  expect(command).toMatchObject({ parentSpanId: request?.spanId });
  expect(batch).toMatchObject({ parentSpanId: command?.spanId, links: [{ traceId, spanId: command?.spanId }] });
  const statements = collector
    .spans()
    .filter((span) => span.parentSpanId === batch?.spanId)
    .map(({ name }) => name);
  for (const name of ['order.lock', 'commit.clock', 'payment.insert', 'outbox.append', 'commit']) expect(statements).toContain(name);
  const delivered = (): SpanSent[] => collector.spans().filter((span) => span.name === 'deliver order.paid');
  await expect.poll(() => delivered().length, { timeout: 20_000 }).toBe(1);
  const [delivery] = delivered();
  expect(delivery).toMatchObject({ traceId, parentSpanId: request?.spanId });
  expect(delivered().every(ofOrder)).toBe(true);
  const paid = receiver.heard.filter(({ event }) => event.type === 'order.paid');
  expect(paid.map(({ headers }) => headers['traceparent'])).toEqual([`00-${traceId}-${delivery?.spanId}-01`]);

  const stranger = `${'b'.repeat(32)}-${parentSpanId}-01`;
  for (const wrong of [`ff-${stranger}`, `00-${stranger}-more`, `00-${stranger}, 00-${stranger}`, `01-${stranger}more`]) {
    expect((await customer.get('/orders', { headers: { traceparent: wrong } })).status).toBe(200);
  }
  const other = await placed(customer, await option(shop, { stock: 1 }));
  const dropped = `00-${'a'.repeat(32)}-${parentSpanId}-00`;
  expect((await customer.post('/payments', { orderId: other }, { headers: { traceparent: dropped } })).status).toBe(201);
  await expect.poll(() => delivered().length, { timeout: 20_000 }).toBe(2);
  const apart = delivered().at(-1);
  expect(apart?.parentSpanId ?? '').toBe('');
  expect(receiver.heard.at(-1)?.headers['traceparent']).toBe(`00-${apart?.traceId}-${apart?.spanId}-01`);
  expect(new Set(collector.spans().map((span) => span.traceId))).not.toContain('a'.repeat(32));
  expect(new Set(collector.spans().map((span) => span.traceId))).not.toContain('b'.repeat(32));
  expect(collector.spans().some(({ name }) => /healthz|readyz|metrics/.test(name))).toBe(false);
  expect(new Set(collector.secrets())).toEqual(new Set(['hunter 2']));
  expect(await server.terminate()).toBe(0);
});

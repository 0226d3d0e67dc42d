/** The document says what the wire contract says: routes, who may call them, what they answer, and refusals in their order. */
import { describe, expect, test } from 'vitest';
import { documentAjv, documentOf, operationsOf, useShop } from '../support/document.ts';

const shop = useShop();

type Who = 'anyone' | 'user' | 'staff';
type Promised = readonly [who: Who, status: number, refusals: readonly string[], query?: readonly string[]];

const PAGE = ['limit', 'cursor'];
const OWN_PAGE = [...PAGE, 'userId'];

const PROMISED: Readonly<Record<string, Promised>> = {
  'GET /products': ['anyone', 200, [], [...PAGE, 'search', 'sort', 'inStock']],
  'GET /products/{productId}': ['anyone', 200, ['PRODUCT_NOT_FOUND']],
  'GET /products/rank': ['anyone', 200, []],
  'POST /products': ['staff', 201, ['SKU_TAKEN']],
  'PATCH /products/{productId}': ['staff', 200, ['PRODUCT_NOT_FOUND']],
  'POST /products/{productId}/options': ['staff', 201, ['PRODUCT_NOT_FOUND', 'SKU_TAKEN']],
  'PATCH /options/{optionId}': ['staff', 200, ['OPTION_NOT_FOUND', 'SKU_TAKEN']],
  'POST /options/{optionId}/stock': ['staff', 200, ['OPTION_NOT_FOUND', 'STOCK_BELOW_RESERVED']],
  'GET /options/{optionId}/stock-journal': ['staff', 200, ['OPTION_NOT_FOUND'], [...PAGE, 'from', 'to']],
  'GET /balance': ['user', 200, [], ['userId']],
  'GET /balance/history': ['user', 200, [], OWN_PAGE],
  'POST /balance/charge': ['user', 200, ['INVALID_CHARGE_AMOUNT', 'REFERENCE_REUSED', 'CHARGE_LIMIT_EXCEEDED', 'BALANCE_LIMIT_EXCEEDED']],
  'GET /coupons': ['anyone', 200, [], [...PAGE, 'status']],
  'GET /coupons/{couponId}': ['anyone', 200, ['COUPON_NOT_FOUND']],
  'POST /coupons': ['staff', 201, []],
  'PATCH /coupons/{couponId}': ['staff', 200, ['COUPON_NOT_FOUND', 'COUPON_BELOW_ISSUED']],
  'POST /coupons/{couponId}/issue': [
    'user',
    201,
    ['COUPON_NOT_FOUND', 'COUPON_NOT_STARTED', 'COUPON_EXPIRED', 'COUPON_SOLD_OUT', 'COUPON_ALREADY_ISSUED'],
  ],
  'GET /me/coupons': ['user', 200, [], OWN_PAGE],
  'POST /orders': [
    'user',
    201,
    [
      'OPTION_NOT_FOUND',
      'OPTION_NOT_FOR_SALE',
      'OUT_OF_STOCK',
      'PURCHASE_LIMIT_EXCEEDED',
      'TOO_MANY_PENDING_ORDERS',
      'ORDER_TOTAL_TOO_LARGE',
      'COUPON_INVALID',
    ],
  ],
  'GET /orders': ['user', 200, [], [...OWN_PAGE, 'status', 'from', 'to', 'search']],
  'GET /orders/{orderId}/timeline': ['staff', 200, ['ORDER_NOT_FOUND']],
  'GET /orders/{orderId}': ['user', 200, ['ORDER_NOT_FOUND']],
  'POST /orders/{orderId}/cancel': ['user', 200, ['ORDER_NOT_FOUND', 'ORDER_NOT_CANCELLABLE']],
  'POST /payments': ['user', 201, ['ORDER_NOT_FOUND', 'ORDER_ALREADY_PAID', 'ORDER_CANCELLED', 'ORDER_EXPIRED', 'INSUFFICIENT_BALANCE']],
  'GET /payments': ['user', 200, [], OWN_PAGE],
  'GET /payments/{paymentId}': ['user', 200, ['PAYMENT_NOT_FOUND']],
  'GET /payments/{paymentId}/refunds': ['user', 200, ['PAYMENT_NOT_FOUND'], PAGE],
  'POST /payments/{paymentId}/refunds': ['staff', 201, ['PAYMENT_NOT_FOUND', 'REFUND_EXCEEDS_PAYMENT', 'BALANCE_LIMIT_EXCEEDED']],
  'GET /deliveries': ['staff', 200, [], [...PAGE, 'status', 'destination', 'type', 'from', 'to']],
  'GET /deliveries/{deliveryId}': ['staff', 200, ['DELIVERY_NOT_FOUND']],
  'POST /deliveries/replay': ['staff', 202, []],
  'POST /deliveries/{deliveryId}/replay': ['staff', 202, ['DELIVERY_NOT_FOUND']],
  'GET /destinations': ['staff', 200, []],
  'GET /destinations/{name}': ['staff', 200, ['DESTINATION_NOT_FOUND']],
  'POST /destinations': ['staff', 201, ['DESTINATION_EXISTS', 'TOO_MANY_DESTINATIONS']],
  'PATCH /destinations/{name}': ['staff', 200, ['DESTINATION_NOT_FOUND', 'DESTINATION_FROM_SETTINGS', 'TOO_MANY_DESTINATIONS']],
  'POST /destinations/{name}/secret': ['staff', 200, ['DESTINATION_NOT_FOUND', 'DESTINATION_FROM_SETTINGS', 'DESTINATION_WITHOUT_SECRET']],
  'POST /rankings/refresh': ['staff', 200, []],
  'GET /staff-actions': ['staff', 200, [], [...PAGE, 'staffId', 'object', 'from', 'to']],
  'GET /customers': ['staff', 200, [], [...PAGE, 'search']],
  'GET /customers/{userId}': ['staff', 200, ['CUSTOMER_NOT_FOUND']],
  'GET /dashboard': ['staff', 200, []],
  'POST /audit': ['staff', 200, ['AUDIT_RUNNING']],
};

/** Reads that a client may repeat on condition. */
const CONDITIONAL = new Set(['GET /products', 'GET /products/{productId}', 'GET /products/rank']);

/** What is sent as something else than JSON; the rest of the document's promises hold for them too. */
const STREAMED: Readonly<Record<string, string>> = {
  'GET /dashboard/stream': 'text/event-stream',
  'GET /exports/orders.csv': 'text/csv',
  'GET /exports/payments.csv': 'text/csv',
  'GET /exports/coupons.csv': 'text/csv',
};

const routes = () => operationsOf(documentOf(shop())).filter(({ path }) => !/^\/(auth|healthz|readyz|metrics)/.test(path));
const operationOf = (route: string) => routes().find(({ method, path }) => `${method} ${path}` === route)?.operation;
const codesIn = (text: string | undefined): string[] => (text ?? '').match(/(?<=`)[A-Z][A-Z_]{4,}(?=`)/g) ?? [];

test('has the routes of the contract, and no others', () => {
  expect(
    routes()
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted(),
  ).toEqual([...Object.keys(PROMISED), ...Object.keys(STREAMED), 'POST /products/import'].toSorted());
});

test.each(Object.entries(STREAMED))('%s is for staff, and says what it sends', (route, type) => {
  const operation = operationOf(route);
  expect(operation?.description).toBe('Staff only.');
  expect(Object.keys(operation?.responses['200']?.content ?? {})).toEqual([type]);
  expect(codesIn(operation?.responses['4XX']?.description)).toEqual(type === 'text/csv' ? [] : ['TOO_MANY_LISTENERS']);
});

test('the import takes CSV, and says what it answers to a preview and to an import', () => {
  const operation = operationOf('POST /products/import');
  expect(Object.keys(operation?.requestBody?.content ?? {})).toEqual(['text/csv']);
  expect(Object.keys(operation?.responses ?? {})).toEqual(['200', '201', '503', '4XX']);
  expect(codesIn(operation?.responses['4XX']?.description)).toEqual(['IMPORT_INVALID']);
});

describe.each(Object.entries(PROMISED))('%s', (route, [who, status, refusals, query = []]) => {
  test('says who may call it, what it takes and what it answers', () => {
    const operation = operationOf(route);
    expect(operation?.security).toEqual(who === 'anyone' ? [] : [{ bearer: [] }, { session: [] }]);
    expect(operation?.description === 'Staff only.').toBe(who === 'staff');
    const notModified = CONDITIONAL.has(route) ? ['304'] : [];
    expect(Object.keys(operation?.responses ?? {})).toEqual([String(status), ...notModified, '503', '4XX']);
    for (const each of notModified.flatMap((also) => [operation?.responses[status], operation?.responses[also]])) {
      expect(Object.keys(each?.headers ?? {})).toEqual(['ETag']);
    }
    expect(operation?.responses['304']?.content).toBeUndefined();
    expect(operation?.summary).toMatch(/^[A-Z].{8,}$/);
    const named = (place: string) => (operation?.parameters ?? []).filter((each) => each.in === place).map(({ name }) => name);
    expect(named('query')).toEqual(query);
    expect(named('path')).toEqual(route.match(/(?<=\{)\w+/g) ?? []);
    const keyed = /^(POST|PATCH)/.test(route);
    const conditions = CONDITIONAL.has(route) ? ['If-None-Match'] : [];
    expect(named('header')).toEqual(keyed ? ['Idempotency-Key'] : conditions);
    expect(operation?.responses[status]?.content).toHaveProperty(['application/json', 'schema', 'type'], 'object');
  });

  test('names its refusals in the order in which they are checked', () => {
    expect(codesIn(operationOf(route)?.responses['4XX']?.description)).toEqual(refusals);
  });
});

test('every code of the catalogue is in the document, and every code of the document in the catalogue', () => {
  const named = new Set(codesIn(JSON.stringify(documentOf(shop()))));
  const { problems } = shop().app.http;
  expect([...named].filter((code) => !(code in problems))).toEqual([]);
  const ofHttp = new Set(['ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED', 'REQUEST_TIMEOUT', 'HEADERS_TOO_LARGE', 'NOT_READY', 'INTERNAL_ERROR']);
  expect(Object.keys(problems).filter((code) => !named.has(code) && !ofHttp.has(code))).toEqual([]);
});

test('every code of the catalogue has a schema of its own, by which clients tell refusals apart', () => {
  const described = documentOf(shop()).components.schemas.Problem.oneOf.map(({ title }) => title);
  expect(described).toEqual(Object.keys(shop().app.http.problems));
});

test('every problem of the catalogue speaks both languages', () => {
  const hangul = /\p{Script=Hangul}/u;
  for (const [code, { status, title, detail }] of Object.entries(shop().app.http.problems)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    for (const { en, ko } of [title, detail]) {
      expect(hangul.test(en), code).toBe(false);
      expect(hangul.test(ko), code).toBe(true);
    }
  }
});

/** The values that schemas inside `schema` give for themselves: examples and presets. */
function valuesOf(schema: unknown): [schema: object, value: unknown][] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own: [object, unknown][] = [];
  if ('type' in schema && typeof schema.type === 'string') {
    const examples: readonly unknown[] = 'examples' in schema && Array.isArray(schema.examples) ? schema.examples : [];
    for (const example of examples) own.push([schema, example]);
    if ('default' in schema) own.push([schema, schema.default]);
  }
  return own.concat(Object.values(schema).flatMap(valuesOf));
}

test('every schema is JSON Schema 2020-12, and takes its own examples and presets', () => {
  const schemas = operationsOf(documentOf(shop())).flatMap(({ operation }) => {
    const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((each) => Object.values(each?.content ?? {}));
    return [...(operation.parameters ?? []), ...contents].flatMap(({ schema }) => schema ?? []);
  });
  expect(schemas.length).toBeGreaterThan(60);
  const ajv = documentAjv();
  for (const schema of schemas) expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  const values = schemas.flatMap(valuesOf);
  expect(values.length).toBeGreaterThan(60);
  for (const [schema, value] of values) expect(ajv.validate(schema, value), JSON.stringify([schema, value])).toBe(true);
});

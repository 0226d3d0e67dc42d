import { describe, expect, test } from 'vitest';
import { documentOf, operationsOf, useShop } from '../support/document.ts';
import { NO_ID, option } from '../support/goods.ts';
import { ANY_TEXT } from '../support/matchers.ts';
import { expectInvalid, expectRefusal, extrasOf, verdict } from '../support/refusal.ts';

const shop = useShop();
const MIB = 1024 * 1024;
const order = (): string => JSON.stringify({ lines: [{ optionId: NO_ID, quantity: 1 }] });
const post = (raw: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  shop().staff.call('POST', '/orders', undefined, { raw, headers });

describe('routes and methods', () => {
  test.each([
    '/nope',
    '/Products',
    '//products',
    '/products/x/y',
    '/orders/x/cancel/y',
    '/auth',
    '/__proto__',
    '/openapi.json/',
    '/.env',
    '/products;x=1',
  ])('nothing is served at %s', async (path) => {
    for (const method of ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      await expectRefusal(shop().anyone, [method, path], '404 ROUTE_NOT_FOUND');
    }
    expect((await shop().anyone.call('HEAD', path)).status).toBe(404);
  });

  test('where nothing is served, it does not matter what is wrong with the body', async () => {
    for (const raw of ['{', 'x'.repeat(2 * MIB)]) {
      for (const headers of [{ 'content-type': 'application/json' }, { 'content-type': 'text/plain' }]) {
        expect(verdict(await shop().anyone.call('POST', '/nope', undefined, { raw, headers }))).toBe('404 ROUTE_NOT_FOUND');
        expect(verdict(await shop().anyone.call('PUT', '/orders', undefined, { raw, headers }))).toBe('405 METHOD_NOT_ALLOWED');
      }
    }
  });

  test('every path refuses the methods it does not take, and lists those it does', async () => {
    const operations = operationsOf(documentOf(shop()));
    for (const { path } of operations) {
      // Such as `/products/rank`, which is also a `/products/{productId}`, whose id is none.
      const own = operations.filter(({ pattern }) => pattern.test(path)).map((operation) => operation.method);
      const allowed = [...new Set(own.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
      for (const method of ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'].filter((each) => !allowed.includes(each))) {
        const answer = await shop().staff.call(method, path.replace(/\{\w+\}/, NO_ID));
        expect(verdict(answer), `${method} ${path}`).toBe('405 METHOD_NOT_ALLOWED');
        expect((answer.headers.get('allow') ?? '').split(', '), path).toEqual(allowed.toSorted());
      }
    }
  });

  test('HEAD answers what GET does, without the body', async () => {
    for (const path of ['/products', '/products/rank', '/balance', '/orders', '/healthz']) {
      const [head, get] = [await shop().staff.call('HEAD', path), await shop().staff.get(path)];
      expect([head.status, head.headers.get('content-type')]).toEqual([get.status, get.headers.get('content-type')]);
      expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
      expect(head.body).toEqual({ text: '' });
    }
    expect((await shop().anyone.call('HEAD', '/balance')).status).toBe(401);
    expect((await shop().anyone.call('HEAD', `/products/${NO_ID}`)).status).toBe(404);
  });
});

describe('languages', () => {
  test.each([
    ['ko', 'ko'],
    ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
    ['KO-kr', 'ko'],
    ['en;q=0.8, ko', 'ko'],
    ['fr, ko;q=0.1', 'ko'],
    ['*, en;q=0.5', 'ko'],
    ['en', 'en'],
    ['en-GB, ko;q=0.9', 'en'],
    ['ko;q=0.5, en;q=0.5', 'en'],
    ['fr', 'en'],
    ['ko;q=0', 'en'],
    ['ko;q=2', 'en'],
    ['kok', 'en'],
    ['', 'en'],
    ['*', 'en'],
    [';;;,,,q=;ko', 'en'],
    ['x'.repeat(4000), 'en'],
  ])('Accept-Language: %s gives %s', async (header, language) => {
    const [asked, plain] = await Promise.all([
      fetch(`${shop().baseUrl}/nope`, { headers: { 'accept-language': header } }),
      shop().anyone.get('/nope', { language }),
    ]);
    expect(asked.headers.get('content-language')).toBe(language);
    expect(await asked.json()).toEqual(plain.body);
  });
});

describe('bodies', () => {
  test.each([
    '{',
    '}',
    'nonsense',
    '{"lines":}',
    '{"lines":[],}',
    "{'lines':[]}",
    '{"lines":[]} {}',
    '{"a":01}',
    '{"a":NaN}',
    '{"a":+1}',
    '"\u0001"',
    '\u{feff}{}',
    '\0',
    '['.repeat(100_000),
    'undefined',
    ' ',
  ])('%j is no JSON', async (raw) => {
    await expectRefusal(shop().staff, ['POST', '/orders', undefined, { raw }], '400 MALFORMED_JSON');
  });

  test.each([
    ['cut off in a character', [0x22, 0xed, 0x95, 0x22]],
    ['a surrogate as UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0x80, 0x22]],
    ['Latin-1', [0x22, 0xe9, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('a body that is no UTF-8 is refused: %s', async (_what, bytes) => {
    expect(verdict(await post(Uint8Array.from(bytes)))).toBe('400 MALFORMED_JSON');
  });

  test('an empty body is none', async () => {
    await expectRefusal(shop().staff, ['POST', '/orders'], '400 VALIDATION_FAILED', { errors: [{ path: '/', message: ANY_TEXT }] });
    expect(verdict(await post(''))).toBe('400 VALIDATION_FAILED');
  });

  test('a body may have 1 MiB and no more', async () => {
    const padded = (bytes: number): string => order().padEnd(bytes);
    expect(verdict(await post(padded(MIB)))).toBe('404 OPTION_NOT_FOUND');
    await expectRefusal(shop().staff, ['POST', '/orders', undefined, { raw: padded(MIB + 1) }], '413 PAYLOAD_TOO_LARGE');
    await expectRefusal(shop().anyone, ['POST', '/orders', undefined, { raw: padded(MIB + 1) }], '401 UNAUTHENTICATED');
    const customer = await shop().customer();
    await expectRefusal(customer, ['POST', '/products', undefined, { raw: padded(MIB + 1) }], '403 FORBIDDEN');
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/problem+json',
    'application/xml',
    'json',
    '*/*',
    'application/json, text/plain',
    'é',
  ])('the media type %s is not supported', async (type) => {
    const options = { raw: order(), headers: { 'content-type': type } };
    await expectRefusal(shop().staff, ['POST', '/orders', undefined, options], '415 UNSUPPORTED_MEDIA_TYPE');
    await expectRefusal(shop().anyone, ['POST', '/orders', undefined, options], '401 UNAUTHENTICATED');
  });

  test.each(['application/json', 'application/json;charset=utf-8', 'APPLICATION/JSON ; charset="UTF-8"', 'application/json; x=y'])(
    '%s is JSON',
    async (type) => {
      expect(verdict(await post(order(), { 'content-type': type }))).toBe('404 OPTION_NOT_FOUND');
    },
  );

  test('a route without a body takes none but an empty object', async () => {
    const path = `/orders/${NO_ID}/cancel`;
    const send = (raw: string) => shop().staff.call('POST', path, undefined, { raw });
    for (const raw of ['', '{}', ' { } ']) expect(verdict(await send(raw)), raw).toBe('404 ORDER_NOT_FOUND');
    for (const raw of ['[]', '1', '"x"', 'true', '[{}]']) expect(verdict(await send(raw)), raw).toBe('400 VALIDATION_FAILED');
    await expectInvalid(shop().staff, ['POST', path, { reason: 'x' }], '/reason');
    await expectInvalid(shop().staff, ['POST', path, undefined, { raw: '{"__proto__":1}' }], '/__proto__');
    expect(verdict(await send('{'))).toBe('400 MALFORMED_JSON');
    const text = { raw: 'x', headers: { 'content-type': 'text/plain' } };
    await expectRefusal(shop().staff, ['POST', path, undefined, text], '415 UNSUPPORTED_MEDIA_TYPE');
  });

  test('the fields that are wrong are named by JSON pointers', async () => {
    const optionId = await option(shop());
    const named = async (body: object) => (await shop().staff.post('/orders', body)).body.errors.map((error) => error.path);
    expect(await named({})).toEqual(['/lines']);
    expect(await named({ lines: [{ optionId, quantity: 1 }, { optionId }] })).toEqual(['/lines/1/quantity']);
    expect(await named({ lines: [{ optionId, quantity: 1, price: 0 }] })).toEqual(['/lines/0/price']);
    expect(await named({ lines: [{ optionId, quantity: 0 }] })).toEqual(['/lines/0/quantity']);
    expect(await named([])).toEqual(['/']);
  });

  test('of alternatives, each says what it wanted', async () => {
    const { body } = await shop().staff.post('/products', { name: 'x', status: 'secret', options: [] });
    expect(body.errors).toEqual([{ path: '/status', message: 'must be "active", or must be "hidden"' }]);
  });
});

describe('ids and queries', () => {
  const ids = [
    'x',
    'null',
    '1',
    '0190ABCD-0000-7000-8000-000000000000',
    `{${NO_ID}}`,
    `${NO_ID}0`,
    NO_ID.replaceAll('-', ''),
    `${NO_ID}%0A`,
    '%00',
    '%F0%9F%91%9F',
    'a%2Fb',
  ];

  test('an id that is none is refused wherever there is one in the path', async () => {
    // Users and destinations are called by names of their own.
    const routes = operationsOf(documentOf(shop())).filter(({ path }) => /\{(?!userId)\w+Id\}/.test(path));
    expect(routes.length).toBeGreaterThan(10);
    for (const { method, path } of routes) {
      const name = /\{(\w+)\}/.exec(path)?.[1] ?? '';
      for (const id of ids) {
        const answer = await shop().staff.call(method, path.replace(`{${name}}`, id), method === 'PATCH' ? {} : undefined);
        expect(verdict(answer), `${method} ${path} ${id}`).toBe('400 VALIDATION_FAILED');
        expect(extrasOf(answer)).toEqual({ errors: [{ path: `/${name}`, message: ANY_TEXT }] });
      }
    }
  });

  test('paths that cannot be read, or are too long, are refused', async () => {
    for (const method of ['GET', 'PATCH']) {
      for (const id of ['%zz', '%', '%E0%A4%A', '%ED%A0%80', 'x'.repeat(10_000)]) {
        expect((await shop().staff.call(method, `/products/${id}`)).status).toBe(400);
      }
    }
  });

  test('query parameters that a route does not know are ignored', async () => {
    for (const query of ['more=1', '__proto__=1', 'constructor', '&&&', '=', '%zz=%zz', 'a[b]=c']) {
      expect(verdict(await shop().anyone.get(`/products?${query}`)), query).toBe('200');
    }
  });

  test.each(['/balance', '/balance/history', '/me/coupons', '/orders', '/payments'])('%s?userId= is 1–255 characters', async (path) => {
    for (const userId of ['', '%00', 'x'.repeat(256), 'a&userId=b']) {
      await expectInvalid(shop().staff, ['GET', `${path}?userId=${userId}`], '/userId');
    }
    for (const userId of ['x'.repeat(255), encodeURIComponent('한'.repeat(255)), encodeURIComponent('👟'.repeat(255)), '%27%22%3B--']) {
      expect(verdict(await shop().staff.get(`${path}?userId=${userId}`))).toBe('200');
    }
  });
});

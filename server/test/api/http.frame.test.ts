/** What holds whatever is asked: who calls, request ids, limits, broken HTTP, probes. */

import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createCaller } from '../support/caller.ts';
import { openCheckedShop, useShop } from '../support/document.ts';
import { ANY_TEXT } from '../support/matchers.ts';
import { expectRefusal, verdict } from '../support/refusal.ts';
import { TEST_SECRET } from '../support/shop.ts';
import { exchange } from '../support/socket.ts';

const shop = useShop();
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('who calls', () => {
  const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;
  const signed = (claims: object, secret = TEST_SECRET): Promise<string> =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
  const asking = async (token: string, path = '/balance') => createCaller(shop().baseUrl, '', token).get(path);

  test('a token that is none is refused, with the way to be let in', async () => {
    const answer = await asking('x.y.z');
    expect(verdict(answer)).toBe('401 UNAUTHENTICATED');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('a bad token is refused where none is needed, too; probes do not look at it', async () => {
    expect(verdict(await asking('x', '/products'))).toBe('401 UNAUTHENTICATED');
    expect(verdict(await asking('x', '/healthz'))).toBe('200');
  });

  test.each(['Basic YTpi', 'Bearer', 'Bearer ', 'bearer a b', 'Token x', 'Bearer é'])('"%s" is no token', async (authorization) => {
    await expectRefusal(shop().anyone, ['GET', '/balance', undefined, { headers: { authorization } }], '401 UNAUTHENTICATED');
  });

  test('any text of 1–255 characters is a user, and any role but staff a customer', async () => {
    for (const sub of ['한'.repeat(255), '👟'.repeat(255), ' ', "'; DROP TABLE balance; --", '../x', 'a\nb']) {
      for (const role of [undefined, 'customer', 'admin', 'STAFF', ['staff'], true, { staff: true }]) {
        const token = await signed({ sub, exp: inAnHour(), ...(role === undefined ? {} : { role }) });
        expect((await asking(token)).body).toMatchObject({ userId: sub, amount: 0 });
        expect(verdict(await asking(token, '/deliveries'))).toBe('403 FORBIDDEN');
      }
    }
    const staff = await signed({ sub: 'x', role: 'staff', exp: inAnHour() });
    expect(verdict(await asking(staff, '/deliveries'))).toBe('200');
  });
});

describe('request ids', () => {
  const idOf = async (path: string, given?: string): Promise<string | null> => {
    const headers = given === undefined ? {} : { 'x-request-id': given };
    return (await shop().anyone.get(path, { headers })).headers.get('x-request-id');
  };

  test('a sane one is given back, in every answer', async () => {
    for (const path of ['/products', '/balance', '/nope', '/products/x', '/products/%zz', '/healthz', '/metrics', '/shop']) {
      for (const given of ['a', 'trace/1:2_3.4-5', '!~', 'x'.repeat(128)]) expect(await idOf(path, given), path).toBe(given);
    }
  });

  test('any other is replaced', async () => {
    expect(await idOf('/products')).toMatch(UUID);
    expect(await idOf('/products')).not.toBe(await idOf('/products'));
    for (const given of ['', 'a b', 'x'.repeat(129), 'é', 'a\tb']) expect(await idOf('/products', given), given).toMatch(UUID);
  });
});

describe('broken HTTP', () => {
  const host = 'Host: shop\r\nConnection: close\r\n';
  const answer = async (request: string) => {
    const [head = '', body = ''] = (await exchange(shop().baseUrl, request)).split('\r\n\r\n');
    return { head, body };
  };

  test.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400],
    ['another version', `GET /healthz HTTP/3.0\r\n${host}\r\n`, 400],
    ['a method that there is not', `BREW /products HTTP/1.1\r\n${host}\r\n`, 400],
    ['no Host', 'GET /products HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a control character in a header', `GET /products HTTP/1.1\r\n${host}X-A: \u0001\r\n\r\n`, 400],
    ['headers that are too large', `GET /products HTTP/1.1\r\n${host}X-A: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a path that is too long', `GET /products?search=${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431],
    ['a negative length', `POST /orders HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`, 400],
    ['two lengths', `POST /orders HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
    ['a length and chunks', `POST /orders HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a chunk that is none', `POST /orders HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 401],
    ['an unknown expectation', `GET /orders HTTP/1.1\r\n${host}Expect: magic\r\n\r\n`, 401],
    ['a path that cannot be read', `GET /products/%zz HTTP/1.1\r\n${host}\r\n`, 400],
    ['a method for proxies', `TRACE /products HTTP/1.1\r\n${host}\r\n`, 405],
    ['a path that is an asterisk', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 404],
  ])('%s is refused with a problem and a request id', async (_what, request, status) => {
    const { head, body } = await answer(request);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-type: application\/problem\+json; charset=utf-8$/im);
    expect(head).toMatch(/^x-request-id: \S+$/im);
    const problem: unknown = JSON.parse(body);
    expect(problem).toMatchObject({ status, title: ANY_TEXT, detail: ANY_TEXT });
  });

  test('a header that came twice is not guessed at', async () => {
    const twice = `Authorization: Bearer ${shop().staff.token}\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n`;
    const charge = '{"amount":5}';
    const type = `Content-Type: application/json\r\nContent-Length: ${charge.length}\r\n`;
    const { head, body } = await answer(`POST /balance/charge HTTP/1.1\r\n${host}${twice}${type}\r\n${charge}`);
    expect(head).toMatch(/^HTTP\/1.1 400 /);
    expect(body).toContain('/Idempotency-Key');
  });

  test('a client that goes away in the middle of a body hurts nobody', async () => {
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const partial = `POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\nAuthorization: Bearer ${shop().staff.token}\r\n\r\n{`;
        const aborted = new AbortController();
        const going = exchange(shop().baseUrl, partial, aborted.signal);
        aborted.abort();
        await going;
      }),
    );
    expect(verdict(await shop().anyone.get('/readyz'))).toBe('200');
  });
});

describe('probes and metrics', () => {
  test('say that the server answers and can serve', async () => {
    for (const path of ['/healthz', '/readyz']) expect((await shop().anyone.get(path)).body).toEqual({ status: 'ok' });
  });

  test('metrics are text that tells of requests and batches', async () => {
    await shop().staff.post('/balance/charge', { amount: 1 });
    const { headers, body } = await shop().anyone.get('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(body.text).toMatch(/^openrun_http_request_seconds_count\{method="POST",route="\/balance\/charge",status="200"\} [1-9]/m);
    expect(body.text).toMatch(/^openrun_commit_batch_size_count\{queue="balance"\} [1-9]/m);
  });
});

describe('the rate limit', () => {
  test('counts each user, and each address without one; probes are exempt', async () => {
    const own = await openCheckedShop({ rateLimitPerMinute: 5 });
    const [one, two] = [await own.customer(), await own.customer()];
    const burst = async (caller: typeof one, paths: readonly string[]) => {
      const answers = [];
      for (const path of paths) answers.push(verdict(await caller.get(path)));
      return answers;
    };
    const five = ['/balance', '/products', '/nope', '/products/x', '/orders'];
    expect(await burst(one, five)).toEqual(['200', '200', '404 ROUTE_NOT_FOUND', '400 VALIDATION_FAILED', '200']);
    await expectRefusal(one, ['GET', '/balance'], '429 RATE_LIMITED');
    await expectRefusal(one, ['POST', '/orders', { nonsense: 1 }], '429 RATE_LIMITED');
    const refused = await one.get('/balance');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await burst(two, five.slice(0, 2))).toEqual(['200', '200']);
    expect(await burst(own.anyone, five)).toContain('401 UNAUTHENTICATED');
    const forged = createCaller(own.baseUrl, '', 'x');
    expect(verdict(await forged.get('/balance'))).toBe('429 RATE_LIMITED');
    await expectRefusal(own.anyone, ['GET', '/products'], '429 RATE_LIMITED');
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      for (const caller of [one, own.anyone]) expect(await burst(caller, Array(8).fill(path))).toEqual(Array(8).fill('200'));
    }
    await own.close();
  });

  test('believes no client about its address, and the proxy, where there is one, about the last', async () => {
    const ask = async (overrides: object, addresses: readonly string[]): Promise<string[]> => {
      const own = await openCheckedShop({ rateLimitPerMinute: 2, ...overrides });
      const answers = [];
      for (const address of addresses) {
        const headers = { 'x-forwarded-for': address, forwarded: `for=${address}`, 'x-real-ip': address, 'client-ip': address };
        answers.push(verdict(await own.anyone.get('/products', { headers })));
      }
      await own.close();
      return answers;
    };
    expect(await ask({}, ['192.0.2.1', '192.0.2.2', '192.0.2.3'])).toEqual(['200', '200', '429 RATE_LIMITED']);
    const proxied = ['10.0.0.1, 192.0.2.1', '10.0.0.2, 192.0.2.1', '10.0.0.3, 192.0.2.1', '10.0.0.3, 192.0.2.2'];
    expect(await ask({ trustProxy: true }, proxied)).toEqual(['200', '200', '429 RATE_LIMITED', '200']);
  });
});

/** What is put into addresses, headers and texts comes out as text: no header, no line of the log, no way to another site. */
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tag } from '../support/goods.ts';
import { expectNoInnards } from '../support/innards.ts';
import { verdict } from '../support/refusal.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { exchange } from '../support/socket.ts';

let shop: Shop;
/** What was written to the log, one item a write. */
const written: string[] = [];

beforeAll(async () => {
  const logger = pino({ level: 'trace' }, { write: (line) => void written.push(line) });
  shop = await openShop({}, logger);
});
afterAll(() => shop.close());

const FORGED = '{"level":60,"msg":"forged"}';
const HOST = 'Host: shop\r\nConnection: close\r\n';

/** Lines of the head of what a server answers to these bytes. */
async function headOf(request: string): Promise<string[]> {
  const [head = ''] = (await exchange(shop.baseUrl, request)).split('\r\n\r\n');
  return head.split('\r\n');
}

describe('the log', () => {
  test('is one line of JSON an entry, whatever is sent', async () => {
    const endings = ['\n', '\r\n', '\r', '\u2028', '\u0085', '\v'];
    for (const ending of endings) {
      const evil = `x${ending}${FORGED}${ending}`;
      const customer = await shop.customer(evil);
      const encoded = encodeURIComponent(evil);
      await customer.get('/balance');
      await customer.post('/balance/charge', { amount: 5, reference: evil });
      for (const path of [`/products/${encoded}`, `/${encoded}`, `/products?search=${encoded}`, `/customers/${encoded}`]) {
        await shop.staff.get(path, { headers: { 'user-agent': FORGED, 'x-request-id': `","level":60,"msg":"forged` } });
      }
      await shop.staff.post('/products', { name: evil, options: [{ sku: tag(), name: evil, price: 1 }] });
      await shop.staff.post('/destinations', { name: evil, kind: 'log', eventTypes: ['order.paid'] });
      await shop.anyone.post('/auth/sign-in', { email: evil, password: evil });
    }
    for (const ending of ['\n', '\r', '\0', '\u001b[2J']) {
      await exchange(shop.baseUrl, `GET /products HTTP/1.1\r\n${HOST}X-Request-Id: a${ending}${FORGED}\r\n\r\n`);
    }
    await delay(50);
    expect(written.length).toBeGreaterThan(50);
    for (const entry of written) {
      expect(entry).toMatch(/^\{[^\n\r]*\}\n$/);
      expect(JSON.parse(entry)).not.toMatchObject({ msg: 'forged' });
      expect(JSON.parse(entry)).not.toMatchObject({ level: 60 });
    }
    expect(written.join('')).toContain('forged');
  });

  test('has no token, no cookie and no password', async () => {
    const account = { email: 'someone@example.com', password: 'a password of theirs' };
    const signedUp = await shop.anyone.post('/auth/sign-up', { name: 'x', ...account });
    const cookie = signedUp.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    await shop.anyone.get('/balance', { headers: { cookie } });
    await shop.anyone.post('/auth/sign-in', { ...account, password: 'another password of theirs' });
    await shop.anyone.get('/balance', { headers: { authorization: 'Bearer a-token-that-is-none' } });
    const log = written.join('');
    const secrets = [
      shop.staff.token ?? '',
      cookie.slice(cookie.indexOf('=') + 1),
      account.password,
      'another password',
      'a-token-that-is-none',
    ];
    for (const secret of secrets) expect(log.includes(secret)).toBe(false);
  });
});

describe('an answer', () => {
  test.each([
    ['a path', '/%0d%0aSet-Cookie:%20evil=1', ''],
    ['a path within a page', '/shop/%0d%0aSet-Cookie:%20evil=1', ''],
    ['an id', '/products/x%0d%0aSet-Cookie:%20evil=1', ''],
    ['a query', '/products?search=%0d%0aSet-Cookie:%20evil=1&cursor=%0d%0aSet-Cookie:evil', ''],
    ['the code of a problem', '/problems/%0d%0aSet-Cookie:%20evil=1', ''],
    ['a request id', '/products', 'X-Request-Id: a%0d%0aSet-Cookie: evil=1\r\n'],
    ['a folded request id', '/products', 'X-Request-Id: a\r\n Set-Cookie: evil=1\r\n'],
    ['a language', '/products', 'Accept-Language: ko%0d%0aSet-Cookie: evil=1\r\n'],
    ['an origin', '/products', 'Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n'],
  ])('has no header that came in %s', async (_what, path, headers) => {
    const head = await headOf(`GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`);
    expect(head[0]).toMatch(/^HTTP\/1\.1 [2345]\d\d /);
    for (const line of head.slice(1)) expect(line).toMatch(/^[\w-]+: [\x20-\x7e]*$/);
    for (const line of head) expect(line).not.toMatch(/^(set-cookie|access-control-)/i);
    expect(head.filter((line) => line.toLowerCase().startsWith('x-request-id:'))).toHaveLength(1);
  });

  test('tells nothing of the inside, where something has gone wrong there', async () => {
    const { readers } = shop.database;
    const id = `broken-${tag()}`;
    const coupon = { name: 'x', discount: { type: 'fixed', amount: 1 }, quantity: 1, expiresAt: '2090-01-01T00:00:00Z' };
    await readers.query('ALTER TABLE coupon RENAME TO coupon_away');
    try {
      const read = await shop.anyone.get('/coupons', { headers: { 'x-request-id': id } });
      const write = await shop.staff.post('/coupons', coupon, { headers: { 'x-request-id': id } });
      for (const answer of [read, write]) {
        expect(verdict(answer)).toBe('500 INTERNAL_ERROR');
        expectNoInnards(JSON.stringify(answer.body), JSON.stringify(answer.body));
        expect(Object.keys(answer.body).toSorted()).toEqual(['code', 'detail', 'instance', 'status', 'title', 'type']);
      }
    } finally {
      await readers.query('ALTER TABLE coupon_away RENAME TO coupon');
    }
    expect(written.filter((line) => line.includes(id) && line.includes('request failed')).length).toBeGreaterThanOrEqual(2);
    expect((await shop.anyone.get('/coupons')).status).toBe(200);
  });
});

describe('a redirect', () => {
  test.each([
    '/',
    '//evil.example',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '/%2f%2fevil.example',
    '/%5cevil.example',
    '/?next=https://evil.example',
    '/shop?next=https://evil.example',
    '/shop//evil.example',
    '/shop/..//evil.example',
    '/shop/%2e%2e%2f%2fevil.example',
    '/admin//evil.example/',
    '/docs/',
    '/docs//evil.example',
    '/assets//evil.example',
    '/problems//evil.example',
    'http://evil.example/',
  ])('from %s leads to the shop or nowhere', async (target) => {
    for (const more of ['', 'X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nForwarded: host=evil.example\r\n']) {
      const head = await headOf(`GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n${more}\r\n`);
      const locations = head.filter((line) => /^(location|refresh|link):/i.test(line));
      expect(locations).toEqual(locations.length === 0 ? [] : ['location: /shop']);
      expect(head.join()).not.toContain('evil.example');
    }
  });
});

describe('the host', () => {
  test.each([
    ['two of them', 'Host: shop\r\nHost: evil.example\r\n'],
    ['the same one twice', 'Host: shop\r\nhost: shop\r\n'],
    ['one with a path', 'Host: shop/evil\r\n'],
    ['one with a user', 'Host: shop@evil.example\r\n'],
    ['one with a blank', 'Host: shop evil.example\r\n'],
    ['one in Hangul', `Host: ${Buffer.from('상점').toString('latin1')}\r\n`],
    ['none', ''],
  ])('is refused: %s', async (_what, host) => {
    const head = await headOf(`GET /products HTTP/1.1\r\nConnection: close\r\n${host}\r\n`);
    expect(head[0]).toBe('HTTP/1.1 400 Bad Request');
    expect(head.join('\n')).toMatch(/^x-content-type-options: nosniff$/im);
  });

  test.each(['shop', 'shop:3000', 'shop.example', '127.0.0.1:80', '[::1]:3000', 'xn--o39an74a', ''])('may be "%s"', async (host) => {
    expect((await headOf(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))[0]).toBe('HTTP/1.1 200 OK');
  });
});

test('what is broken HTTP is answered with the headers of every answer', async () => {
  const head = (await headOf('nonsense\r\n\r\n')).join('\n');
  for (const name of ['content-security-policy', 'x-content-type-options', 'x-frame-options', 'referrer-policy', 'x-request-id']) {
    expect(head.toLowerCase()).toContain(`${name}: `);
  }
});

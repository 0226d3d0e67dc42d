/** The pages for people, as browsers and programs ask for them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderErrors } from '../../src/order/order.errors.ts';
import { html } from '../../src/pages/html.ts';
import { renderUnbuilt } from '../../src/pages/shop.ts';
import { openWeb } from '../../src/pages/web.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

/** What a page or script loads: the addresses in its markup, and the modules that it imports. */
function loadedBy(source: string, from: string): string[] {
  const attributes = [...source.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  const imports = [...source.matchAll(/(?:from ?|import\()['"`](\.{0,2}\/[^'"`]+)['"`]/g)].map((match) => match[1] ?? '');
  return [...attributes, ...imports].map((path) => new URL(path, from).href);
}

async function text(path: string, headers: Record<string, string> = {}): Promise<{ response: Response; source: string }> {
  const response = await fetch(new URL(path, shop.baseUrl), { headers, redirect: 'manual' });
  return { response, source: await response.text() };
}

describe('pages', () => {
  it('sends everyone from / to the shop', async () => {
    const { status, headers } = await shop.anyone.get('/');
    expect([status, headers.get('location')]).toEqual([302, '/shop']);
  });

  it.each(['/shop', '/admin', '/docs', '/problems'])('answers %s with a page in the language of the browser', async (path) => {
    const korean = await text(path, { accept: BROWSER, 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' });
    const english = await text(path, { accept: BROWSER, 'accept-language': 'fr' });
    for (const { response } of [korean, english]) {
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('vary')).toContain('accept-language');
    }
    expect(korean.source).toContain('<html lang="ko"');
    expect(english.source).toContain('<html lang="en"');
  });

  it.each([
    ['/shop', 1],
    ['/admin', 2],
  ])('names in the frame of %s the words of the visitor’s language, and no others', async (path, files) => {
    const wordsOf = async (headers: Record<string, string>): Promise<string[]> => {
      const { source } = await text(path, { accept: BROWSER, ...headers });
      return [...source.matchAll(/<link rel="modulepreload" crossorigin href="(\/assets\/(?:en|ko)-[^"]+)">/g)].map(
        (match) => match[1] ?? '',
      );
    };
    const [english, korean] = [await wordsOf({}), await wordsOf({ 'accept-language': 'ko' })];
    expect([english.length, korean.length]).toEqual([files, files]);
    expect(english.every((name) => name.includes('/en-')) && korean.every((name) => name.includes('/ko-'))).toBe(true);
    for (const name of [...english, ...korean]) expect((await text(name)).response.status).toBe(200);
    const chosen = { 'accept-language': 'en', cookie: 'a=b; openrun.language=ko; c=d' };
    expect(await wordsOf(chosen)).toEqual(korean);
    expect((await text(path, { accept: BROWSER, ...chosen })).source).toContain('<html lang="ko"');
    expect(await wordsOf({ cookie: 'openrun.language=fr' })).toEqual(english);
    expect((await text(path)).response.headers.get('vary')).toBe('accept-language, cookie');
  });

  it.each(['/shop', '/admin', '/docs', '/problems', '/problems/OUT_OF_STOCK'])('loads all that %s needs from this server', async (path) => {
    const { response, source } = await text(path, { accept: BROWSER });
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(source).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    const page = new URL(path, shop.baseUrl).href;
    const wanted = loadedBy(source, page);
    expect(wanted.length).toBeGreaterThan(0);
    for (const address of wanted) {
      expect(address.startsWith(`${shop.baseUrl}/`)).toBe(true);
      const { response: loaded, source: file } = await text(address);
      expect([address, loaded.status]).toEqual([address, 200]);
      // Scalar's script is a bundle: it imports nothing, and its examples only look as if they did.
      if (!address.endsWith('/scalar.js')) wanted.push(...loadedBy(file, address).filter((more) => !wanted.includes(more)));
    }
  });

  it('tells the pages who signs users in and what money is', async () => {
    const { source } = await text('/shop');
    expect(source).toContain('data-accounts="true"');
    expect(source).toContain('data-currency="KRW"');
    const jwksUrl = 'http://127.0.0.1:9/keys';
    const external = await shop.second({
      auth: { secret: null, previousSecret: null, jwksUrl, issuer: null, audience: null },
      chargePolicy: 'staff',
    });
    const elsewhere = await fetch(`${external.baseUrl}/shop`);
    const page = await elsewhere.text();
    expect(page).toContain('data-accounts="false"');
    expect(page).toContain('data-charge-policy="staff"');
  });

  it('sends files again only when they have changed', async () => {
    const { response } = await text('/pages/reference.js');
    const etag = response.headers.get('etag') ?? '';
    const again = await text('/pages/reference.js', { 'if-none-match': `"other", ${etag}` });
    expect([again.response.status, again.source]).toEqual([304, '']);
    const other = await text('/pages/reference.js', { 'if-none-match': '"other"' });
    expect(other.response.status).toBe(200);
  });

  it('says which methods a page takes', async () => {
    const { status, headers } = await shop.anyone.post('/shop');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('lets nothing into markup that is not text', () => {
    const name = `<img src=x onerror='alert("1")'> & co`;
    expect(html`<p title="${name}">${name}</p>${[html`<b>1</b>`]}`.source).toBe(
      '<p title="&#60;img src=x onerror=&#39;alert(&#34;1&#34;)&#39;&#62; &#38; co">&#60;img src=x onerror=&#39;alert(&#34;1&#34;)&#39;&#62; &#38; co</p><b>1</b>',
    );
  });
});

describe('the built shop', () => {
  /** The address of the script that the shop starts with. */
  async function entry(): Promise<string> {
    const { source } = await text('/shop');
    return loadedBy(source, `${shop.baseUrl}/shop`).find((address) => address.endsWith('.js')) ?? '';
  }

  it.each(['/shop/', '/shop/coupons', '/shop/orders/01900000-0000-7000-8000-000000000000/pay', '/shop/no/such/page'])(
    'answers %s with the frame, and its script knows the rest',
    async (path) => {
      const frame = await text('/shop', { accept: BROWSER });
      const deep = await text(path, { accept: BROWSER });
      expect([deep.response.status, deep.source]).toEqual([200, frame.source]);
      expect(deep.response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('sends files for ever, and as compressed as the browser takes them', async () => {
    const script = await entry();
    const { response, source } = await text(script, { 'accept-encoding': 'identity' });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-encoding')).toBeNull();
    const url = new URL(script).pathname;
    for (const [coding, decompress] of [['br', brotliDecompressSync] as const, ['gzip', gunzipSync] as const]) {
      const sent = await shop.app.http.inject({ url, headers: { 'accept-encoding': coding } });
      expect(sent.headers).toMatchObject({ 'content-encoding': coding, vary: 'accept-encoding' });
      expect(sent.headers['content-type']).toMatch(/^(text|application)\/javascript/);
      expect(decompress(sent.rawPayload).toString()).toBe(source);
    }
  });

  it('keeps files for customers who are signed in as long as for everybody else', async () => {
    const customer = await shop.customer();
    const { status, headers } = await customer.get(new URL(await entry()).pathname);
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  it.each(['/assets/', '/assets/none.js', '/assets/..%2fshop.html', '/assets/%2e%2e/shop.html', '/assets/.%00'])(
    'has no file at %s',
    async (path) => {
      const { status, body } = await shop.anyone.get(path);
      expect({ status, body }).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
    },
  );

  it('says clearly where it has not been built', () => {
    const empty = mkdtempSync(join(tmpdir(), 'openrun-web-'));
    expect(openWeb(pathToFileURL(`${empty}/`))).toBeNull();
    rmSync(empty, { recursive: true });
    for (const language of ['en', 'ko'] as const) expect(renderUnbuilt(language)).toContain('npm run build');
  });
});

describe('API reference', () => {
  it('serves the document of the routes, without the pages', async () => {
    const { status, body } = await shop.anyone.get('/openapi.json');
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(shop.app.http.swagger())));
    const paths = Object.keys(body['paths'] ?? {});
    expect(paths).toContain('/orders');
    expect(paths.filter((path) => /shop|admin|docs|pages|openapi|problems/.test(path))).toEqual([]);
  });

  it('serves Scalar from here, compressed for those who take it', async () => {
    const plain = await text('/docs/scalar.js', { 'accept-encoding': 'identity, gzip;q=0' });
    expect(plain.response.headers.get('content-encoding')).toBeNull();
    expect(plain.source).toContain('createApiReference');
    const compressed = await shop.app.http.inject({ url: '/docs/scalar.js', headers: { 'accept-encoding': 'br;q=1, gzip;q=0.8' } });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(compressed.rawPayload).toString()).toBe(plain.source);
  });

  it('asks no other server', async () => {
    const { response } = await text('/docs');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
  });
});

describe('documentation of problems', () => {
  it('documents what a refusal names as its type, in both languages', async () => {
    const customer = await shop.customer();
    const refusal = await customer.get('/orders/01900000-0000-7000-8000-000000000000');
    expect(refusal).toMatchObject({ status: 404, body: { type: '/problems/ORDER_NOT_FOUND' } });
    const { source } = await text('/problems/ORDER_NOT_FOUND', { accept: BROWSER });
    const { title, detail } = orderErrors.ORDER_NOT_FOUND;
    for (const words of [title.en, title.ko, detail.en, detail.ko, '404']) expect(source).toContain(words);
  });

  it('has a page and a description of every code', async () => {
    const listed = await shop.anyone.get('/problems', { headers: { accept: 'application/json' } });
    const codes = Object.keys(shop.app.http.problems).toSorted();
    expect(listed.body).toMatchObject({ items: codes.map((code) => ({ code, type: `/problems/${code}` })) });
    for (const code of codes) {
      const { status, body } = await shop.anyone.get(`/problems/${code}`, { headers: { accept: 'application/json' } });
      // What members a refusal has is in the OpenAPI document.
      const definition = shop.app.http.problems[code];
      const described = { status: definition?.status, title: definition?.title, detail: definition?.detail };
      expect({ status, body }).toEqual({ status: 200, body: { type: `/problems/${code}`, code, ...described } });
      const { response, source } = await text(`/problems/${code}`);
      expect([response.status, source.includes(`<h1>${code}</h1>`)]).toEqual([200, true]);
    }
  });

  it.each(['NO_SUCH_CODE', 'constructor', '__proto__', 'out_of_stock'])('does not know %s', async (code) => {
    const { status, body } = await shop.anyone.get(`/problems/${code}`, { language: 'ko' });
    expect({ status, body }).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND', instance: `/problems/${code}` } });
  });

  it.each([
    [BROWSER, 'text/html'],
    ['*/*', 'text/html'],
    ['application/json', 'application/json'],
    ['application/json, */*;q=0.5', 'application/json'],
    ['text/html;q=0.2, application/*;q=0.9', 'application/json'],
    ['application/json;q=0', 'text/html'],
    ['application/json;q=2', 'text/html'],
  ])('answers Accept: %s with %s', async (accept, type) => {
    const { response } = await text('/problems/OUT_OF_STOCK', { accept });
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(response.headers.get('vary')).toBe('accept, accept-language');
  });
});

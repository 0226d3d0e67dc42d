import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../support/caller.ts';
import { useSecond, useShop } from '../support/document.ts';
import { expectStatus, NO_ID, option, placed, product, tag } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal, type Request, verdict } from '../support/refusal.ts';

const shop = useShop();
const secondShop = useSecond(shop);

describe('what staff write', () => {
  test('a product with its options is answered as it will be read', async () => {
    const sku = tag();
    const options = [
      { sku, name: '250', price: 129_000, maxPerUser: 2, stock: 7 },
      { sku: `${sku}-2`, name: '260', price: 0, status: 'hidden' },
    ];
    const made = await shop().staff.post('/products', { name: '오픈런 운동화', description: '한정판', options });
    expect(verdict(made)).toBe('201');
    const productId = made.body.id;
    expect(made.body).toEqual({
      id: ANY_ID,
      name: '오픈런 운동화',
      description: '한정판',
      status: 'active',
      options: [
        { ...options[0], id: ANY_ID, productId, status: 'active', available: 7, soldOut: false, onHand: 7, reserved: 0, stock: undefined },
        { ...options[1], id: ANY_ID, productId, maxPerUser: null, available: 0, soldOut: true, onHand: 0, reserved: 0 },
      ],
      createdAt: ANY_TIME,
      updatedAt: made.body.createdAt,
    });
    expect((await shop().staff.get(`/products/${productId}`)).body).toEqual(made.body);
    // UUIDv7: the version stands in the fifteenth character.
    expect(productId[14]).toBe('7');
  });

  test('description, status and options may be left out or empty', async () => {
    const { body } = expectStatus(await shop().staff.post('/products', { name: 'bare', options: [] }), 201);
    expect(body).toMatchObject({ description: '', status: 'active', options: [] });
  });

  test('a patch changes what it names and nothing else, and is read at once', async () => {
    const before = await product(shop(), [{ price: 500 }], { description: 'as it was' });
    const after = expectStatus(await shop().staff.patch(`/products/${before.id}`, { name: 'renamed' }), 200).body;
    expect(after).toEqual({ ...before, name: 'renamed', updatedAt: ANY_TIME });
    expect(Date.parse(after.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before.updatedAt));
    expect((await shop().anyone.get(`/products/${before.id}`)).body.name).toBe('renamed');
    expect(expectStatus(await shop().staff.patch(`/products/${before.id}`, {}), 200).body.name).toBe('renamed');
  });

  test('an option is added, changed in part, and its limit taken away with null', async () => {
    const { id: productId } = await product(shop(), []);
    const body = { sku: tag(), name: 'late', price: 10, maxPerUser: 3, stock: 4 };
    const added = expectStatus(await shop().staff.post(`/products/${productId}/options`, body), 201).body;
    expect(added).toMatchObject({ productId, sku: body.sku, name: 'late', price: 10, maxPerUser: 3, onHand: 4, status: 'active' });
    const changed = expectStatus(await shop().staff.patch(`/options/${added.id}`, { price: 11, maxPerUser: null }), 200).body;
    expect(changed).toEqual({ ...added, price: 11, maxPerUser: null });
    expect((await shop().anyone.get(`/products/${productId}`)).body.options).toMatchObject([{ id: added.id, price: 11 }]);
  });

  test('a patch takes neither stock nor options', async () => {
    const made = await product(shop(), [{ stock: 5 }]);
    await expectInvalid(shop().staff, ['PATCH', `/products/${made.id}`, { options: [] }], '/options');
    await expectInvalid(shop().staff, ['PATCH', `/options/${made.options[0]?.id}`, { stock: 9 }], '/stock');
    await expectInvalid(shop().staff, ['PATCH', `/options/${made.options[0]?.id}`, { reserved: 0 }], '/reserved');
  });

  test('stock is added and taken away, down to what orders hold and not below', async () => {
    const optionId = await option(shop(), { stock: 10, price: 0 });
    await placed(await shop().customer(), optionId, 4);
    const adjust = (delta: number) => shop().staff.post(`/options/${optionId}/stock`, { delta, reason: 'count' });
    expect((await adjust(5)).body).toEqual({ optionId, onHand: 15, reserved: 4, available: 11 });
    await expectRefusal(shop().staff, ['POST', `/options/${optionId}/stock`, { delta: -12, reason: 'count' }], '409 STOCK_BELOW_RESERVED');
    expect((await adjust(-11)).body).toEqual({ optionId, onHand: 4, reserved: 4, available: 0 });
  });

  test('a product has at most 500 options', async () => {
    const many = Array.from({ length: 100 }, () => ({}));
    const { id: productId } = await product(shop(), many);
    const add = () => shop().staff.post(`/products/${productId}/options`, { sku: tag(), name: 'more', price: 1 });
    const answers = await Promise.all(Array.from({ length: 405 }, add));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(400);
    expect(new Set(answers.map(verdict))).toEqual(new Set(['201', '400 VALIDATION_FAILED']));
  });
});

describe('who sees what', () => {
  test('only staff see stock behind `available`', async () => {
    const optionId = await option(shop(), { stock: 3, price: 0 });
    const customer = await shop().customer();
    await placed(customer, optionId, 3);
    const search = async (caller: Caller) => {
      const { body } = await caller.get('/products?limit=100');
      const shown = body.items.flatMap((item) => item.options);
      return shown.find((shownOption) => shownOption.id === optionId);
    };
    for (const caller of [shop().anyone, customer]) {
      const shown = await search(caller);
      expect(shown).toMatchObject({ available: 0, soldOut: true });
      expect(shown).not.toHaveProperty('onHand');
      expect(shown).not.toHaveProperty('reserved');
    }
    expect(await search(shop().staff)).toMatchObject({ available: 0, soldOut: true, onHand: 3, reserved: 3 });
  });

  test('a hidden product is absent for all but staff', async () => {
    const hidden = await product(shop(), [{ stock: 1 }], { status: 'hidden' });
    const path = `/products/${hidden.id}`;
    for (const caller of [shop().anyone, await shop().customer()]) {
      await expectRefusal(caller, ['GET', path], '404 PRODUCT_NOT_FOUND');
      const { body } = await caller.get('/products?limit=100');
      expect(body.items.map((item) => item.id)).not.toContain(hidden.id);
    }
    expect((await shop().staff.get(path)).body).toEqual(hidden);
    const { body } = await shop().staff.get('/products?limit=100');
    expect(body.items.map((item) => item.id)).toContain(hidden.id);
    await shop().staff.patch(path, { status: 'active' });
    expect(verdict(await shop().anyone.get(path))).toBe('200');
  });

  test('a hidden option is absent for all but staff', async () => {
    const mixed = await product(shop(), [{ name: 'open' }, { name: 'secret', status: 'hidden' }]);
    const names = async (caller: Caller) => (await caller.get(`/products/${mixed.id}`)).body.options.map((shown) => shown.name);
    expect(await names(shop().anyone)).toEqual(['open']);
    expect(await names(await shop().customer())).toEqual(['open']);
    expect(await names(shop().staff)).toEqual(['open', 'secret']);
  });
});

describe('refusals, each before the ones after it', () => {
  let taken: string;
  let productId: string;
  let optionId: string;
  beforeAll(async () => {
    taken = tag();
    const made = await product(shop(), [{ sku: taken }, {}]);
    productId = made.id;
    optionId = made.options[1]?.id ?? '';
  });

  const writes = (): Request[] => [
    ['POST', '/products', { nonsense: true }],
    ['PATCH', `/products/${NO_ID}`, { nonsense: true }],
    ['POST', `/products/${NO_ID}/options`, { nonsense: true }],
    ['PATCH', `/options/${NO_ID}`, { nonsense: true }],
    ['POST', `/options/${NO_ID}/stock`, { nonsense: true }],
  ];

  test('who may not write is told so before anything else', async () => {
    const customer = await shop().customer();
    for (const [method, path, body] of writes()) {
      const request: Request = [method, path, body, { key: 'no good' }];
      await expectRefusal(shop().anyone, request, '401 UNAUTHENTICATED');
      await expectRefusal(customer, request, '403 FORBIDDEN');
    }
  });

  test('a bad body comes before a bad key, and a bad key before the state', async () => {
    for (const [method, path, body] of writes()) {
      const answer = await shop().staff.call(method, path, body, { key: 'no good' });
      expect(verdict(answer)).toBe('400 VALIDATION_FAILED');
      expect(answer.body.errors[0]?.path).not.toBe('/Idempotency-Key');
    }
    await expectInvalid(shop().staff, ['PATCH', `/products/${NO_ID}`, {}, { key: 'no good' }], '/Idempotency-Key');
  });

  test('unknown ids', async () => {
    const { staff } = shop();
    const added = { sku: taken, name: 'x', price: 1 };
    await expectRefusal(staff, ['GET', `/products/${NO_ID}`], '404 PRODUCT_NOT_FOUND');
    await expectRefusal(staff, ['PATCH', `/products/${NO_ID}`, { name: 'x' }], '404 PRODUCT_NOT_FOUND');
    await expectRefusal(staff, ['POST', `/products/${NO_ID}/options`, added], '404 PRODUCT_NOT_FOUND');
    await expectRefusal(staff, ['PATCH', `/options/${NO_ID}`, { sku: taken }], '404 OPTION_NOT_FOUND');
    await expectRefusal(staff, ['POST', `/options/${NO_ID}/stock`, { delta: -1, reason: 'x' }], '404 OPTION_NOT_FOUND');
    await expectRefusal(staff, ['PATCH', `/options/${productId}`, { sku: taken }], '404 OPTION_NOT_FOUND');
  });

  test('a SKU belongs to one option', async () => {
    const { staff } = shop();
    const added = { sku: taken, name: 'x', price: 1 };
    await expectRefusal(staff, ['POST', '/products', { name: 'x', options: [added] }], '409 SKU_TAKEN');
    const twice = { ...added, sku: tag() };
    await expectRefusal(staff, ['POST', '/products', { name: 'x', options: [twice, twice] }], '409 SKU_TAKEN');
    await expectRefusal(staff, ['POST', `/products/${productId}/options`, added], '409 SKU_TAKEN');
    await expectRefusal(staff, ['PATCH', `/options/${optionId}`, { sku: taken }], '409 SKU_TAKEN');
  });

  test('an option keeps its own SKU, and a SKU that was given up may be taken', async () => {
    const [first, second] = [tag(), tag()];
    const made = await product(shop(), [{ sku: first }]);
    const path = `/options/${made.options[0]?.id}`;
    expect(verdict(await shop().staff.patch(path, { sku: first, price: 2 }))).toBe('200');
    expect(verdict(await shop().staff.patch(path, { sku: second }))).toBe('200');
    expect(verdict(await shop().staff.post('/products', { name: 'x', options: [{ sku: first, name: 'x', price: 1 }] }))).toBe('201');
    await expectRefusal(shop().staff, ['PATCH', path, { sku: first }], '409 SKU_TAKEN');
  });

  test('of products made at once with one SKU, one is made', async () => {
    const body = { name: 'race', options: [{ sku: tag(), name: 'x', price: 1 }] };
    const other = await secondShop();
    const answers = await Promise.all([shop(), other, shop(), other].map(({ staff }) => staff.post('/products', body)));
    expect(answers.map(verdict).toSorted()).toEqual(['201', '409 SKU_TAKEN', '409 SKU_TAKEN', '409 SKU_TAKEN']);
  });
});

import { describe, expect, test } from 'vitest';
import type { Caller } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { expectStatus, option, placed, product, tag } from '../support/goods.ts';
import { listWith } from '../support/matchers.ts';
import { expectInvalid } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop();
const SORTS = ['newest', 'priceAsc', 'priceDesc', 'name'] as const;

const names = async (caller: Caller, query: string): Promise<string[]> => {
  const { body } = expectStatus(await caller.get(`/products?limit=100&${query}`), 200);
  return body.items.map((item) => item.name);
};
const found = (text: string, caller = shop().anyone): Promise<string[]> => names(caller, `search=${encodeURIComponent(text)}`);
const named = (name: string, options: readonly object[] = [{}], more: object = {}) => product(shop(), options, { name, ...more });

describe('search', () => {
  test.each([
    ['a part of a name', 'nning sh', 'Running Shoes'],
    ['any case of Latin', 'rUNNING', 'Running Shoes'],
    ['any case of Cyrillic', 'кроссовки', 'КРОССОВКИ'],
    ['a part of a Hangul name', '런 운동', '오픈런 운동화'],
    ['a percent sign, literally', '50%', '50% off'],
    ['an underscore, literally', 'a_b', 'a_b'],
    ['a backslash, literally', 'c:\\d', 'c:\\d'],
    ['a backslash at the end', 'd\\', 'c:\\d\\'],
    ['quotes', `'"`, `it's '"`],
    ['an emoji', '👟', 'shoe 👟 shoe'],
  ])('finds %s', async (_what, text, name) => {
    const own = tag();
    await named(`${own}${name}${own}`);
    expect(await found(text)).toContain(`${own}${name}${own}`);
  });

  test.each([
    ['50%', '500 off'],
    ['a_b', 'axb'],
    ['%', 'no such sign'],
    ['_', 'no such sign'],
    ['\\', 'no such sign'],
  ])('takes %s for no pattern', async (text, name) => {
    const own = tag();
    await named(`${own} ${name}`);
    expect(await found(text)).not.toContain(`${own} ${name}`);
  });

  test('Hangul is found whether it was written composed or as letters', async () => {
    const own = tag();
    await named(`${own} 한정판`.normalize('NFD'));
    await named(`${own} 한정판`.normalize('NFC'));
    const both = [`${own} 한정판`.normalize('NFC'), `${own} 한정판`.normalize('NFD')];
    expect(await found(`${own} 한정`.normalize('NFC'))).toEqual(both);
    expect(await found(`${own} 한정`.normalize('NFD'))).toEqual(both);
  });

  test('a part of a SKU is found, and a changed name or SKU at once', async () => {
    const [own, sku] = [tag(), tag()];
    const made = await named(own, [{ sku: `${sku}-Black` }]);
    expect(await found(`${sku}-bl`)).toEqual([own]);
    await shop().staff.patch(`/options/${made.options[0]?.id}`, { sku: `${sku}-White` });
    expect(await found(`${sku}-bl`)).toEqual([]);
    expect(await found(`${sku}-WH`)).toEqual([own]);
    await shop().staff.patch(`/products/${made.id}`, { name: `${own} anew` });
    expect(await found(`${own} ANEW`)).toEqual([`${own} anew`]);
  });

  test('what is hidden is found by staff alone', async () => {
    const [own, sku] = [tag(), tag()];
    await named(`${own} open`, [{}, { sku, status: 'hidden' }]);
    await named(`${own} hidden`, [{}], { status: 'hidden' });
    expect(await found(own)).toEqual([`${own} open`]);
    expect(await found(sku)).toEqual([]);
    expect(await found(own, shop().staff)).toEqual([`${own} hidden`, `${own} open`]);
    expect(await found(sku, shop().staff)).toEqual([`${own} open`]);
  });

  test('no text is no search', async () => {
    const own = tag();
    await named(own);
    expect(await found('')).toContain(own);
  });
});

describe('order', () => {
  test.each([
    ['newest', ['c 5', 'A 0', 'b 5', 'a none', 'B 7']],
    ['priceAsc', ['A 0', 'b 5', 'c 5', 'B 7', 'a none']],
    ['priceDesc', ['B 7', 'c 5', 'b 5', 'A 0', 'a none']],
    ['name', ['A 0', 'a none', 'b 5', 'B 7', 'c 5']],
  ])('%s', async (sort, expected) => {
    const own = tag();
    await named(`${own} B 7`, [{ price: 7 }, { price: 9 }, { price: 1, status: 'hidden' }]);
    await named(`${own} a none`, [{ price: 3, status: 'hidden' }]);
    await named(`${own} b 5`, [{ price: 6 }, { price: 5 }]);
    await named(`${own} A 0`, [{ price: 0 }]);
    await named(`${own} c 5`, [{ price: 5 }]);
    const wanted = expected.map((name) => `${own} ${name}`);
    expect(await names(shop().anyone, `sort=${sort}&search=${own}`)).toEqual(wanted);
    for (const limit of [1, 2, 5]) {
      const walked = await walk(shop().anyone, `/products?sort=${sort}&search=${own}`, limit);
      expect(walked.map((item) => item.name)).toEqual(wanted);
    }
  });

  test('newest is what there is without a sort', async () => {
    const own = tag();
    await named(`${own} 1`, [{ price: 1 }]);
    await named(`${own} 2`, [{ price: 2 }]);
    expect(await found(own)).toEqual([`${own} 2`, `${own} 1`]);
  });

  test('the order follows a changed price or name', async () => {
    const own = tag();
    const first = await named(`${own} a`, [{ price: 1 }]);
    await named(`${own} b`, [{ price: 2 }]);
    await shop().staff.patch(`/options/${first.options[0]?.id}`, { price: 3 });
    expect(await names(shop().anyone, `sort=priceAsc&search=${own}`)).toEqual([`${own} b`, `${own} a`]);
    await shop().staff.patch(`/products/${first.id}`, { name: `${own} c` });
    expect(await names(shop().anyone, `sort=name&search=${own}`)).toEqual([`${own} b`, `${own} c`]);
  });

  test('names of one price and of one name come by their ids', async () => {
    const own = tag();
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1) ids.push((await named(own)).id);
    for (const sort of SORTS) {
      const walked = (await walk(shop().anyone, `/products?sort=${sort}&search=${own}`, 2)).map((item) => item.id);
      expect(walked).toEqual(sort === 'newest' || sort === 'priceDesc' ? ids.toReversed() : ids);
    }
  });

  test('what is added while the list is walked through takes nothing out of it, and shows nothing twice', async () => {
    for (const sort of SORTS) {
      const own = tag();
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) ids.push((await named(`${own} ${count}`, [{ price: count }])).id);
      const walked = await walk(shop().anyone, `/products?sort=${sort}&search=${own}`, 2, () => named(`${own} 1`, [{ price: 1 }]));
      const seen = walked.map((item) => item.id);
      const isAscending = sort === 'name' || sort === 'priceAsc';
      expect(seen.filter((id) => ids.includes(id))).toEqual(isAscending ? ids : ids.toReversed());
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  test('the longest names there are can be walked through', async () => {
    // Folding (Unicode NFC) makes three characters of four bytes of this one.
    const long = ['\u{1d160}'.repeat(200), '\u0001'.repeat(200), '"\\'.repeat(100), '뷁'.repeat(200), '👟'.repeat(200)];
    for (const name of long) await named(name);
    const walked = (await walk(shop().anyone, '/products?sort=name', 1)).map((item) => item.name);
    expect(walked).toEqual(listWith(long));
  });
});

describe('inStock', () => {
  test('keeps products with an active option that has units left', async () => {
    const own = tag();
    await named(`${own} some`, [{ stock: 0 }, { stock: 1 }]);
    await named(`${own} none`, [{ stock: 0 }]);
    await named(`${own} hidden option`, [{ stock: 0 }, { stock: 5, status: 'hidden' }]);
    await named(`${own} hidden product`, [{ stock: 5 }], { status: 'hidden' });
    const held = await named(`${own} held`, [{ stock: 2, price: 0 }]);
    await placed(await shop().customer(), held.options[0]?.id ?? '', 2);
    for (const caller of [shop().anyone, shop().staff]) {
      expect(await names(caller, `inStock=true&search=${own}`)).toEqual([`${own} some`]);
    }
    expect(await names(shop().anyone, `inStock=false&search=${own}`)).toHaveLength(4);
  });

  test('what a cancelled order gave back is in stock again', async () => {
    const optionId = await option(shop(), { stock: 1, price: 0 });
    const customer = await shop().customer();
    const orderId = await placed(customer, optionId);
    const inStock = async () => (await walk(shop().anyone, '/products?inStock=true', 100)).flatMap((item) => item.options);
    expect((await inStock()).map((shown) => shown.id)).not.toContain(optionId);
    await customer.post(`/orders/${orderId}/cancel`);
    expect((await inStock()).map((shown) => shown.id)).toContain(optionId);
  });
});

test.each([
  ['sort=cheapest', '/sort'],
  ['sort=', '/sort'],
  ['sort=name&sort=name', '/sort'],
  ['inStock=yes', '/inStock'],
  ['inStock=1', '/inStock'],
  ['inStock=', '/inStock'],
  [`search=${'x'.repeat(201)}`, '/search'],
  ['search=%00', '/search'],
  ['search=a&search=b', '/search'],
])('?%s is refused', async (query, path) => {
  await expectInvalid(shop().anyone, ['GET', `/products?${query}`], path);
});

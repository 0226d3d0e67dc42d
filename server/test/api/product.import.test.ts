/** The import of products from CSV: a preview with all errors, or all rows, or none. */
import { describe, expect, test } from 'vitest';
import type { Answered, Body, CallOptions } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { expectStatus, product, tag } from '../support/goods.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop();
const PATH = '/products/import';
const HEADER = 'product,description,productStatus,sku,option,price,optionStatus,maxPerUser,stock';

const csv = (raw: CallOptions['raw'], more: CallOptions = {}): CallOptions => ({
  ...more,
  ...(raw === undefined ? {} : { raw }),
  headers: { 'content-type': 'text/csv; charset=utf-8' },
});
const imported = (text: string, more: CallOptions = {}): Promise<Answered> => shop().staff.post(PATH, undefined, csv(text, more));
const preview = async (text: string): Promise<Body> =>
  expectStatus(await shop().staff.post(`${PATH}?dryRun=true`, undefined, csv(text)), 200).body;
const file = (...rows: string[]): string => [HEADER, ...rows].join('\r\n');
const lineOf = ({ row, column, message }: Body): string => `${String(row)} ${String(column)}: ${message}`;
const errorsOf = async (text: string): Promise<string[]> => {
  const shown = (await preview(text)).rowErrors.map(lineOf);
  const { body } = expectStatus(await imported(text), 400);
  expect(body.code).toBe('IMPORT_INVALID');
  expect(body.rowErrors.map(lineOf)).toEqual(shown);
  return shown;
};
const products = (search: string): Promise<Body[]> => walk(shop().staff, `/products?search=${encodeURIComponent(search)}`, 100);

test('makes products with their options and first stock, which the trail has', async () => {
  const name = `모자, "블루" ${tag()}`;
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const [one, two, three] = [tag(), tag(), tag()];
  const text = `\ufeff${file(
    `${quoted},"two\nlines",,${one},S,1000,,3,7`,
    '',
    `Other ${one},,hidden,${three},M,0,hidden,,`,
    `${quoted},,active,${two},L,1200,active,,0`,
  )}\r\n`;
  const { body: shown } = expectStatus(await shop().staff.post(`${PATH}?dryRun=true`, undefined, csv(text)), 200);
  expect(shown).toEqual({
    rows: 3,
    products: 2,
    options: 3,
    errorCount: 0,
    rowErrors: [],
    sample: [
      {
        name,
        description: 'two\nlines',
        status: 'active',
        options: [
          { sku: one, name: 'S', price: 1000, status: 'active', maxPerUser: 3, stock: 7 },
          { sku: two, name: 'L', price: 1200, status: 'active', maxPerUser: null, stock: 0 },
        ],
      },
      {
        name: `Other ${one}`,
        description: '',
        status: 'hidden',
        options: [{ sku: three, name: 'M', price: 0, status: 'hidden', maxPerUser: null, stock: 0 }],
      },
    ],
  });
  expect(await products(one)).toEqual([]);
  const key = tag();
  const { body } = expectStatus(await imported(text, { key }), 201);
  expect(body).toEqual({ products: 2, options: 3 });
  const again = expectStatus(await imported(text, { key }), 201);
  expect([again.headers.get('idempotent-replayed'), again.body]).toEqual(['true', body]);
  const other = file(`Other,,,${tag()},S,1,,,`);
  await expectRefusal(shop().staff, ['POST', PATH, undefined, csv(other, { key })], '422 IDEMPOTENCY_KEY_REUSED');
  const made = await products(one);
  expect(made.map((each) => each.name).toSorted()).toEqual([`Other ${one}`, name].toSorted());
  const found = made.find((each) => each.name === name);
  expect(found).toMatchObject({ description: 'two\nlines', status: 'active' });
  expect(found?.options.map(({ sku, price, maxPerUser, onHand }) => ({ sku, price, maxPerUser, onHand }))).toEqual([
    { sku: one, price: 1000, maxPerUser: 3, onHand: 7 },
    { sku: two, price: 1200, maxPerUser: null, onHand: 0 },
  ]);
  const trail = await walk(shop().staff, `/staff-actions?object=product:${found?.id}`, 10);
  expect(trail).toMatchObject([{ operation: 'product.create', before: null, after: { name } }]);
});

describe('says what is wrong with each row, and imports none', () => {
  test('values of every column', async () => {
    const good = `Good,,,${tag()},x,1,,,`;
    const rows = [
      good,
      ',,,,,,,,5',
      `${'x'.repeat(201)},${'y'.repeat(10_001)},gone,${'z'.repeat(101)},x,1.5,off,0,-1`,
      `A,,,${tag()},x,9007199254740992,,1000001,1000000001`,
      `A,,,${tag()},x,1e3,,x,`,
      'A,B',
      good,
    ];
    expect(await errorsOf(file(...rows))).toEqual([
      '3 product: is required',
      '3 sku: is required',
      '3 price: is required',
      '3 option: is required',
      '4 product: has more than 200 characters',
      '4 description: has more than 10000 characters',
      '4 productStatus: must be active or hidden',
      '4 sku: has more than 100 characters',
      '4 price: must be a whole number from 0 to 9007199254740991',
      '4 maxPerUser: must be a whole number from 1 to 1000000',
      '4 stock: must be a whole number from 0 to 1000000000',
      '4 optionStatus: must be active or hidden',
      '5 price: must be a whole number from 0 to 9007199254740991',
      '5 maxPerUser: must be a whole number from 1 to 1000000',
      '5 stock: must be a whole number from 0 to 1000000000',
      '6 price: must be a whole number from 0 to 9007199254740991',
      '6 maxPerUser: must be a whole number from 1 to 1000000',
      '7 null: has 2 fields where the header has 9',
      '8 sku: is also in row 2',
    ]);
    expect(await products('Good')).toEqual([]);
  });

  test('SKUs that are taken, and products that contradict themselves', async () => {
    const taken = (await product(shop(), [{}])).options[0]?.sku ?? '';
    expect(await errorsOf(file(`A,,,${tag()},x,1,,,`, `B,,,${taken},x,1,,,`))).toEqual(['3 sku: is the SKU of another option already']);
    expect(await errorsOf(file(`A,one,,${tag()},x,1,,,`, `A,two,hidden,${tag()},x,1,,,`, `A,one,active,${tag()},x,1,,,`))).toEqual([
      '3 description: differs from row 2, which begins the product',
      '3 productStatus: differs from row 2, which begins the product',
    ]);
    const options = Array.from({ length: 501 }, () => `A,,,${tag()},x,1,,,`);
    expect(await errorsOf(file(...options))).toEqual(['502 product: has more than 500 options']);
  });

  test('headers and quotes', async () => {
    expect(await errorsOf('')).toEqual(['1 product: is missing', '1 sku: is missing', '1 option: is missing', '1 price: is missing']);
    expect(await errorsOf(HEADER)).toEqual(['1 null: no row follows the header']);
    expect((await errorsOf('product,sku,option,price,colour,sku\nA,b,c,1,red,b')).map((error) => error.slice(0, 28))).toEqual([
      '1 colour: is not one of the ',
      '1 sku: is there twice',
    ]);
    expect(await errorsOf(file('A,"x,,b,c,1,,,'))).toEqual([
      '2 null: is no CSV: Quote Not Closed: the parsing is finished with an opening quote at line 2',
    ]);
    expect((await errorsOf(file(`"${'x'.repeat(70_000)}",,,b,c,1,,,`)))[0]).toMatch(/^2 null: is no CSV: Max Record Size/);
  });

  test('more rows than there may be, and only the first hundred errors of many', async () => {
    const rows = Array.from({ length: 10_001 }, (_, index) => `P${index},,,${index}-${tag()},x,1,,,`);
    expect(await errorsOf(file(...rows))).toEqual(['10002 null: an import has at most 10000 rows']);
    const { body } = expectStatus(await imported(file(...rows.slice(0, 150).map((row) => row.replace(',1,', ',x,')))), 400);
    expect([body['errorCount'], body.rowErrors.length]).toEqual([150, 100]);
  });
});

test('takes ten thousand rows at once, set by set', async () => {
  const mark = tag();
  const rows = Array.from({ length: 10_000 }, (_, index) => `${mark} ${index % 4000},,,${mark}-${index},x,${index},,,1`);
  const { body } = expectStatus(await imported(file(...rows)), 201);
  expect(body).toEqual({ products: 4000, options: 10_000 });
  const { rows: counted } = await shop().database.readers.query<{ count: number }>(
    "SELECT count(*) FROM product_option JOIN stock ON option_id = id WHERE sku LIKE $1 || '-%' AND on_hand = 1",
    [mark],
  );
  expect(counted[0]?.count).toBe(10_000);
});

test('of two imports of one SKU at once, in two processes, one is refused', async () => {
  const second = await shop().second();
  const skus = Array.from({ length: 20 }, () => tag());
  const body = (order: readonly string[]): string => file(...order.map((sku) => `Twin ${sku},,,${sku},x,1,,,`));
  const answers = await Promise.all([
    shop().staff.post(PATH, undefined, csv(body(skus))),
    second.staff.post(PATH, undefined, csv(body(skus.toReversed()))),
  ]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 400]));
  expect(await products(skus[0] ?? '')).toHaveLength(1);
});

describe('the route', () => {
  test('is for staff', async () => {
    const body = csv('x');
    await expectRefusal(shop().anyone, ['POST', PATH, undefined, body], '401 UNAUTHENTICATED');
    await expectRefusal(await shop().customer(), ['POST', PATH, undefined, body], '403 FORBIDDEN');
  });

  test('takes CSV in UTF-8 of at most 5 MiB, and nothing else', async () => {
    const { staff } = shop();
    await expectRefusal(staff, ['POST', PATH, { products: [] }], '415 UNSUPPORTED_MEDIA_TYPE');
    await expectInvalid(staff, ['POST', PATH, undefined, csv(new Uint8Array([0x61, 0xff]))], '/');
    await expectInvalid(staff, ['POST', `${PATH}?dryRun=maybe`, undefined, csv('x')], '/dryRun');
    await expectInvalid(staff, ['POST', PATH, undefined, csv('x', { key: 'no good' })], '/Idempotency-Key');
    const limit = 5 * 1024 * 1024;
    expect((await staff.post(PATH, undefined, csv('x'.repeat(limit)))).body.code).toBe('IMPORT_INVALID');
    await expectRefusal(staff, ['POST', PATH, undefined, csv('x'.repeat(limit + 1))], '413 PAYLOAD_TOO_LARGE');
    await expectRefusal(staff, ['POST', '/products', undefined, csv(HEADER)], '415 UNSUPPORTED_MEDIA_TYPE');
  });
});

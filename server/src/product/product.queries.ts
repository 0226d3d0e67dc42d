/** The product tables' reads for clients: the list with search and sorting, and one product. */
import { type Executor, type Statement, statement, type Texts } from '../database/database.ts';
import { present } from '../kernel/assert.ts';
import { HIGHEST_ID } from '../kernel/ids.ts';
import { MAX_MONEY } from '../kernel/money.ts';
import type { Stretch } from '../kernel/paging.ts';
import { folded } from './product.repository.ts';
import type { Product, ProductWithOptions, RecordedAdjustment, Sort, StockedOption } from './product.types.ts';

/** A product of the list with the values it is sorted by. */
export interface ListedProduct extends ProductWithOptions {
  readonly nameFolded: string;
  readonly listPrice: number | null;
}

/** What the list is narrowed to; `after` is the sort key of the last product of the page before. */
export interface ProductListQuery {
  readonly sort: Sort;
  readonly search: string | undefined;
  readonly inStock: boolean;
  readonly hiddenToo: boolean;
  readonly after: readonly [sortKey: string | number, id: string] | null;
  readonly rows: number;
}

type ProductRow = Product & { nameFolded: string; listPrice: number | null };

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** Each order with its index's expression, its direction, and a key that lies before every product's. */
const orders: Record<Sort, { key: string; type: string; direction: 'ASC' | 'DESC'; first: readonly [string | number, string] }> = {
  newest: { key: "''::text", type: 'text', direction: 'DESC', first: ['', HIGHEST_ID] },
  priceAsc: { key: `coalesce(p.list_price, ${MAX_MONEY})`, type: 'bigint', direction: 'ASC', first: [-1, LOWEST_ID] },
  priceDesc: { key: 'coalesce(p.list_price, -1)', type: 'bigint', direction: 'DESC', first: [MAX_MONEY, HIGHEST_ID] },
  name: { key: 'p.name_folded COLLATE "C"', type: 'text', direction: 'ASC', first: ['', LOWEST_ID] },
};

/** Over shards, where the stock cannot be looked at product by product, the products that are in stock are asked for first, where anyone wants them. */
const IN_STOCK: Texts = {
  whole: `EXISTS (
              SELECT FROM product_option AS o JOIN stock AS s ON s.option_id = o.id
               WHERE o.product_id = p.id AND o.status = 'active' AND s.on_hand > s.reserved)`,
  sharded: `p.id IN (
              SELECT o.product_id FROM product_option AS o JOIN stock AS s ON s.option_id = o.id
               WHERE $5 AND o.status = 'active' AND s.on_hand > s.reserved)`,
};

function listStatement(sort: Sort): Statement<ProductRow> {
  const { key, type, direction } = orders[sort];
  const comparison = direction === 'ASC' ? '>' : '<';
  const after = sort === 'newest' ? `p.id < $2::uuid AND $1::text = ''` : `(${key}, p.id) ${comparison} ($1::${type}, $2::uuid)`;
  const order = sort === 'newest' ? 'p.id DESC' : `${key} ${direction}, p.id ${direction}`;
  const text = (inStock: string): string =>
    `SELECT p.id, p.name, p.description, p.status, p.created_at AS "createdAt", p.updated_at AS "updatedAt",
            p.name_folded AS "nameFolded", p.list_price AS "listPrice"
       FROM product AS p
      WHERE ${after}
        AND ($3::boolean OR p.status = 'active')
        AND ($4::text IS NULL OR p.name_folded LIKE $4 ESCAPE '\\' OR EXISTS (
              SELECT FROM product_option AS o
               WHERE o.product_id = p.id AND ($3 OR o.status = 'active') AND o.search_folded LIKE $4 ESCAPE '\\'))
        AND (NOT $5::boolean OR p.status = 'active' AND ${inStock})
      ORDER BY ${order}
      LIMIT $6`;
  return statement(`product.list.${sort}`, { whole: text(IN_STOCK.whole), sharded: text(IN_STOCK.sharded) });
}

const listStatements: Record<Sort, Statement<ProductRow>> = {
  newest: listStatement('newest'),
  priceAsc: listStatement('priceAsc'),
  priceDesc: listStatement('priceDesc'),
  name: listStatement('name'),
};

const optionsStatement = statement<StockedOption>(
  'product.stockedOptions',
  `SELECT o.id, o.product_id AS "productId", o.sku, o.name, o.price, o.status, o.max_per_user AS "maxPerUser",
          s.on_hand AS "onHand", s.reserved
     FROM product_option AS o JOIN stock AS s ON s.option_id = o.id
    WHERE o.product_id = ANY ($1::uuid[]) AND ($2::boolean OR o.status = 'active')
    ORDER BY o.id`,
);

const productStatement = statement<ProductRow>(
  'product.get',
  `SELECT id, name, description, status, created_at AS "createdAt", updated_at AS "updatedAt",
          name_folded AS "nameFolded", list_price AS "listPrice"
     FROM product WHERE id = $1 AND ($2::boolean OR status = 'active')`,
);

/** One page of products, each with its options in the order of their making. */
export async function listProducts(db: Executor, query: ProductListQuery): Promise<ListedProduct[]> {
  const [key, id] = query.after ?? orders[query.sort].first;
  const products = await db.query(listStatements[query.sort], [
    key,
    id,
    query.hiddenToo,
    likePattern(query.search),
    query.inStock,
    query.rows,
  ]);
  return withOptions(db, products, query.hiddenToo);
}

/** One product, or null where it does not exist or is hidden from who asks. */
export async function findProduct(db: Executor, productId: string, hiddenToo: boolean): Promise<ProductWithOptions | null> {
  const products = await db.query(productStatement, [productId, hiddenToo]);
  const [product] = await withOptions(db, products, hiddenToo);
  return product ?? null;
}

const optionExistsStatement = statement<{ exists: boolean }>(
  'product.optionExists',
  'SELECT EXISTS (SELECT FROM product_option AS o WHERE o.id = $1) AS exists',
);

const adjustmentsStatement = statement<RecordedAdjustment>(
  'product.adjustments',
  `SELECT a.id, a.delta, a.on_hand_after AS "onHandAfter", a.reason, a.staff_id AS "staffId", a.created_at AS "createdAt"
     FROM stock_adjustment AS a
    WHERE a.option_id = $1 AND a.id >= $2::uuid AND a.id < $3::uuid
    ORDER BY a.id DESC LIMIT $4`,
);

/** The adjustments of an option's stock, newest first; null where there is no such option. */
export async function listAdjustments(db: Executor, optionId: string, stretch: Stretch): Promise<RecordedAdjustment[] | null> {
  const [[option], adjustments] = await Promise.all([
    db.query(optionExistsStatement, [optionId]),
    db.query(adjustmentsStatement, [optionId, stretch.first, stretch.before, stretch.rows]),
  ]);
  return option?.exists === true ? adjustments : null;
}

/** The sort key that a cursor keeps of a listed product. */
export function sortKeyOf(sort: Sort, product: ListedProduct): string | number {
  switch (sort) {
    case 'newest':
      return '';
    case 'priceAsc':
      return product.listPrice ?? MAX_MONEY;
    case 'priceDesc':
      return product.listPrice ?? -1;
    case 'name':
      return product.nameFolded;
  }
}

/** The LIKE pattern of a literal part; null where there is nothing to search for. */
function likePattern(search: string | undefined): string | null {
  if (search === undefined || search === '') return null;
  return `%${folded(search).replace(/[\\%_]/g, '\\$&')}%`;
}

async function withOptions(db: Executor, products: readonly ProductRow[], hiddenToo: boolean): Promise<ListedProduct[]> {
  if (products.length === 0) return [];
  const options = await db.query(optionsStatement, [products.map((product) => product.id), hiddenToo]);
  const byProduct = new Map<string, StockedOption[]>(products.map((product) => [product.id, []]));
  for (const option of options) present(byProduct.get(option.productId), 'the product of an option').push(option);
  return products.map((product) => ({ ...product, options: byProduct.get(product.id) ?? [] }));
}

/** All SQL of the tables `product`, `product_option`, `stock` and `stock_adjustment`. */
import { type Executor, inShardsOf, statement, type Transaction, type Writes } from '../database/database.ts';
import { pick } from '../kernel/pick.ts';
import type { ProductState } from './product.rules.ts';
import type { Offer, Option, Product, Stock } from './product.types.ts';

/** Unicode NFC in lower case: how names and SKUs are compared in searches. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

const PRODUCT_COLUMNS = 'p.id, p.name, p.description, p.status, p.created_at AS "createdAt", p.updated_at AS "updatedAt"';
const OPTION_COLUMNS = 'o.id, o.product_id AS "productId", o.sku, o.name, o.price, o.status, o.max_per_user AS "maxPerUser"';
const STOCK_COLUMNS = 's.option_id AS "optionId", s.on_hand AS "onHand", s.reserved';

// Locks ------------------------------------------------------------------------------------------------------

const lockStockStatement = statement<Stock>('stock.lock', {
  whole: `SELECT ${STOCK_COLUMNS} FROM stock AS s WHERE s.option_id = ANY ($1::uuid[]) ORDER BY s.option_id FOR UPDATE`,
  sharded: `UPDATE stock AS s SET reserved = s.reserved WHERE s.option_id = ANY ($1::uuid[]) RETURNING ${STOCK_COLUMNS}`,
});

/** Locks the stock of options, by option id; options that do not exist are absent. */
export async function lockStock(tx: Transaction, optionIds: readonly string[]): Promise<Map<string, Stock>> {
  const rows = await tx.query(lockStockStatement, [optionIds]);
  return new Map(rows.map((row) => [row.optionId, row]));
}

const productsOfOptionsStatement = statement<{ productId: string }>(
  'product.ofOptions',
  'SELECT DISTINCT product_id AS "productId" FROM product_option WHERE id = ANY ($1::uuid[])',
);

const lockProductsStatement = statement<Product>('product.lock', {
  whole: `SELECT ${PRODUCT_COLUMNS} FROM product AS p WHERE p.id = ANY ($1::uuid[]) ORDER BY p.id FOR UPDATE`,
  // The first write locks the whole of a table that every node has, for readers alone go on. So the batches of staff come one after the other here,
  // those that lock no product as well: each would write some such table, and then another one.
  sharded: `UPDATE product AS p SET status = p.status WHERE p.id = ANY ($1::uuid[]) RETURNING ${PRODUCT_COLUMNS}`,
});

const lockStockOfProductsStatement = statement<Stock>('stock.lockOfProducts', {
  whole: `SELECT ${STOCK_COLUMNS} FROM stock AS s
    WHERE s.option_id IN (SELECT id FROM product_option WHERE product_id = ANY ($1::uuid[]))
    ORDER BY s.option_id FOR UPDATE`,
  sharded: `UPDATE stock AS s SET reserved = s.reserved
     FROM (SELECT id FROM product_option WHERE product_id = ANY ($1::uuid[]) ORDER BY id) AS o
    WHERE s.option_id = o.id
   RETURNING ${STOCK_COLUMNS}`,
});

const optionsOfProductsStatement = statement<Option>(
  'product.optionsOf',
  `SELECT ${OPTION_COLUMNS} FROM product_option AS o WHERE o.product_id = ANY ($1::uuid[]) ORDER BY o.id`,
);

const skuOwnersStatement = statement<{ sku: string; id: string }>(
  'product.skuOwners',
  'SELECT sku, id FROM product_option WHERE sku = ANY ($1::text[])',
);

/** Which options have the SKUs, by SKU. */
export async function findSkuOwners(db: Executor, skus: readonly string[]): Promise<Map<string, string>> {
  const rows = skus.length > 0 ? await db.query(skuOwnersStatement, [skus]) : [];
  return new Map(rows.map(({ sku, id }) => [sku, id]));
}

/** Locks products with the stock of all their options, so that no order reads an option that is being changed. */
export async function lockProducts(
  tx: Transaction,
  wanted: { readonly productIds: readonly string[]; readonly optionIds: readonly string[]; readonly skus: readonly string[] },
): Promise<ProductState> {
  const ofOptions = wanted.optionIds.length > 0 ? await tx.query(productsOfOptionsStatement, [wanted.optionIds]) : [];
  const productIds = [...new Set([...wanted.productIds, ...ofOptions.map((row) => row.productId)])];
  const known = productIds.length > 0;
  const [products, stock, options, owners] = await Promise.all([
    known || tx.layout === 'sharded' ? tx.query(lockProductsStatement, [productIds]) : [],
    known ? tx.query(lockStockOfProductsStatement, [productIds]) : [],
    known ? tx.query(optionsOfProductsStatement, [productIds]) : [],
    findSkuOwners(tx, wanted.skus),
  ]);
  return {
    products: new Map(products.map((row) => [row.id, row])),
    options: new Map(options.map((row) => [row.id, row])),
    stock: new Map(stock.map((row) => [row.optionId, row])),
    skuOwners: new Map([...options.map(({ sku, id }) => [sku, id] as const), ...owners]),
    created: { products: new Set(), options: new Set() },
    changed: { products: new Set(), options: new Set(), stock: new Set() },
    adjustments: [],
  };
}

const offersStatement = statement<Offer>(
  'product.offers',
  `SELECT ${OPTION_COLUMNS}, p.name AS "productName", p.status AS "productStatus"
     FROM product_option AS o JOIN product AS p ON p.id = o.product_id
    WHERE o.id = ANY ($1::uuid[])`,
);

/** What is offered under the option ids; read it after {@link lockStock}, which keeps it from changing. */
export async function loadOffers(tx: Transaction, optionIds: readonly string[]): Promise<Map<string, Offer>> {
  const rows = await tx.query(offersStatement, [optionIds]);
  return new Map(rows.map((row) => [row.id, row]));
}

// Writes -----------------------------------------------------------------------------------------------------

const insertProductsStatement = statement(
  'product.insert',
  `INSERT INTO product (id, name, description, status, name_folded, created_at, updated_at)
   SELECT id, name, description, status, name_folded, $6, $6
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS new (id, name, description, status, name_folded)`,
);

const updateProductsStatement = statement(
  'product.update',
  `UPDATE product AS p
      SET name = new.name, description = new.description, status = new.status, name_folded = new.name_folded, updated_at = $6
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS new (id, name, description, status, name_folded)
    WHERE p.id = new.id`,
);

// In the order of SKUs, so that two processes that insert the same ones do not wait for each other in a circle.
const insertOptionsStatement = statement(
  'product.insertOptions',
  `INSERT INTO product_option (id, product_id, sku, name, price, status, max_per_user, search_folded, created_at, updated_at)
   SELECT id, product_id, sku, name, price, status, max_per_user, search_folded, $9, $9
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::integer[], $8::text[])
       AS new (id, product_id, sku, name, price, status, max_per_user, search_folded)
    ORDER BY sku COLLATE "C"`,
);

const updateOptionsStatement = statement(
  'product.updateOptions',
  `UPDATE product_option AS o
      SET sku = new.sku, name = new.name, price = new.price, status = new.status, max_per_user = new.max_per_user,
          search_folded = new.search_folded, updated_at = $9
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::integer[], $8::text[])
       AS new (id, product_id, sku, name, price, status, max_per_user, search_folded)
    WHERE o.id = new.id`,
);

const listPricesStatement = statement(
  'product.listPrices',
  `UPDATE product AS p
      SET list_price = (SELECT min(o.price) FROM product_option AS o WHERE o.product_id = p.id AND o.status = 'active')
    WHERE p.id = ANY ($1::uuid[])`,
);

const insertStockStatement = statement(
  'stock.insert',
  `INSERT INTO stock (option_id, on_hand, reserved)
   SELECT option_id, on_hand, 0 FROM unnest($1::uuid[], $2::bigint[]) AS new (option_id, on_hand)`,
);

const updateStockStatement = statement(
  'stock.update',
  inShardsOf(
    's.option_id = ANY ($1::uuid[])',
    `UPDATE stock AS s SET on_hand = new.on_hand, reserved = new.reserved
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS new (option_id, on_hand, reserved)
    WHERE s.option_id = new.option_id`,
  ),
);

const insertAdjustmentsStatement = statement(
  'stock.insertAdjustments',
  `INSERT INTO stock_adjustment (option_id, id, delta, on_hand_after, reason, staff_id, created_at)
   SELECT option_id, id, delta, on_hand_after, reason, staff_id, $7
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
       AS new (option_id, id, delta, on_hand_after, reason, staff_id)`,
);

/** Writes the stock of options as it now is. */
export function saveStock(writes: Writes, stock: readonly Stock[]): void {
  if (stock.length === 0) return;
  writes.add(updateStockStatement, [stock.map((s) => s.optionId), stock.map((s) => s.onHand), stock.map((s) => s.reserved)]);
}

/** Writes everything that the decisions of a batch changed. */
export function saveProducts(writes: Writes, state: ProductState, now: Date): void {
  const { created, changed } = state;
  const without = (ids: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> => new Set([...ids].filter((id) => !others.has(id)));

  writeProducts(writes, insertProductsStatement, pick(state.products, created.products), now);
  writeProducts(writes, updateProductsStatement, pick(state.products, without(changed.products, created.products)), now);
  writeOptions(writes, insertOptionsStatement, pick(state.options, created.options), now);
  writeOptions(writes, updateOptionsStatement, pick(state.options, without(changed.options, created.options)), now);
  const priced = new Set(pick(state.options, new Set([...created.options, ...changed.options])).map((option) => option.productId));
  if (priced.size > 0) writes.add(listPricesStatement, [[...priced]]);
  const newStock = pick(state.stock, created.options);
  if (newStock.length > 0) writes.add(insertStockStatement, [newStock.map((s) => s.optionId), newStock.map((s) => s.onHand)]);
  saveStock(writes, pick(state.stock, without(changed.stock, created.options)));
  writeAdjustments(writes, state, now);
}

function writeProducts(writes: Writes, write: typeof insertProductsStatement, products: readonly Product[], now: Date): void {
  if (products.length === 0) return;
  writes.add(write, [
    products.map((p) => p.id),
    products.map((p) => p.name),
    products.map((p) => p.description),
    products.map((p) => p.status),
    products.map((p) => folded(p.name)),
    now,
  ]);
}

function writeOptions(writes: Writes, write: typeof insertOptionsStatement, options: readonly Option[], now: Date): void {
  if (options.length === 0) return;
  writes.add(write, [
    options.map((o) => o.id),
    options.map((o) => o.productId),
    options.map((o) => o.sku),
    options.map((o) => o.name),
    options.map((o) => o.price),
    options.map((o) => o.status),
    options.map((o) => o.maxPerUser),
    options.map((o) => folded(`${o.sku}\n${o.name}`)),
    now,
  ]);
}

function writeAdjustments(writes: Writes, { adjustments }: ProductState, now: Date): void {
  if (adjustments.length === 0) return;
  writes.add(insertAdjustmentsStatement, [
    adjustments.map((a) => a.optionId),
    adjustments.map((a) => a.id),
    adjustments.map((a) => a.delta),
    adjustments.map((a) => a.onHandAfter),
    adjustments.map((a) => a.reason),
    adjustments.map((a) => a.staffId),
    now,
  ]);
}

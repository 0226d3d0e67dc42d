/**
 * Decisions of the product flow: the staff's writes of products, options and stock. Pure; the state is what
 * `lock` loaded, and a decision changes it, so that the next command of the batch sees it.
 */
import type { DecisionContext } from '../commit/commit.types.ts';
import { present } from '../kernel/assert.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { productErrors } from './product.errors.ts';
import {
  type NewOption,
  type Option,
  type OptionPatch,
  PRODUCT_LIMITS,
  type Product,
  type ProductCommand,
  type ProductPatch,
  type ProductWithOptions,
  type Stock,
  type StockAdjustment,
  type StockedOption,
} from './product.types.ts';

type Code = keyof typeof productErrors | 'VALIDATION_FAILED';
type CommandOf<Kind extends ProductCommand['kind']> = Extract<ProductCommand, { kind: Kind }>;

/** Everything a batch of product commands may read and change. */
export interface ProductState {
  readonly products: Map<string, Product>;
  readonly options: Map<string, Option>;
  readonly stock: Map<string, Stock>;
  /** SKUs that commands of the batch name, by the option that has them. */
  readonly skuOwners: Map<string, string>;
  readonly created: { readonly products: Set<string>; readonly options: Set<string> };
  readonly changed: { readonly products: Set<string>; readonly options: Set<string>; readonly stock: Set<string> };
  readonly adjustments: StockAdjustment[];
}

/** On hand at most; keeps every sum of stock a safe integer. */
export const ON_HAND_MAX = 1_000_000_000_000;
const FIRST_STOCK = 'first stock';

/** The units that can be ordered now. */
export function available(stock: Stock): number {
  return stock.onHand - stock.reserved;
}

export function decideCreateProduct(
  state: ProductState,
  command: CommandOf<'createProduct'>,
  context: DecisionContext,
): ProductWithOptions | Refusal<Code> {
  const skus = command.options.map((option) => option.sku);
  if (skus.some((sku) => state.skuOwners.has(sku)) || new Set(skus).size < skus.length) return refuse('SKU_TAKEN');
  const product = createProduct(state, command, context);
  for (const option of command.options) createOption(state, product.id, option, command.staffId, context);
  return withOptions(state, product);
}

export function decideUpdateProduct(
  state: ProductState,
  { productId, patch }: { readonly productId: string; readonly patch: ProductPatch },
  { now }: DecisionContext,
): ProductWithOptions | Refusal<Code> {
  const product = state.products.get(productId);
  if (product === undefined) return refuse('PRODUCT_NOT_FOUND');
  const updated = { ...product, ...patch, updatedAt: now };
  state.products.set(productId, updated);
  state.changed.products.add(productId);
  return withOptions(state, updated);
}

export function decideAddOption(
  state: ProductState,
  command: CommandOf<'addOption'>,
  context: DecisionContext,
): StockedOption | Refusal<Code> {
  const product = state.products.get(command.productId);
  if (product === undefined) return refuse('PRODUCT_NOT_FOUND');
  if (state.skuOwners.has(command.option.sku)) return refuse('SKU_TAKEN');
  if (optionsOf(state, product.id).length >= PRODUCT_LIMITS.options) {
    return refuse('VALIDATION_FAILED', {
      errors: [{ path: '/productId', message: `a product has at most ${PRODUCT_LIMITS.options} options` }],
    });
  }
  touch(state, product, context.now);
  return createOption(state, product.id, command.option, command.staffId, context);
}

export function decideUpdateOption(
  state: ProductState,
  { optionId, patch }: { readonly optionId: string; readonly patch: OptionPatch },
  { now }: DecisionContext,
): StockedOption | Refusal<Code> {
  const option = state.options.get(optionId);
  if (option === undefined) return refuse('OPTION_NOT_FOUND');
  if (patch.sku !== undefined && patch.sku !== option.sku) {
    if (state.skuOwners.has(patch.sku)) return refuse('SKU_TAKEN');
    state.skuOwners.delete(option.sku);
    state.skuOwners.set(patch.sku, optionId);
  }
  const updated = { ...option, ...patch };
  state.options.set(optionId, updated);
  state.changed.options.add(optionId);
  touch(state, present(state.products.get(option.productId), 'the product of an option'), now);
  return withStock(state, updated);
}

export function decideAdjustStock(state: ProductState, command: CommandOf<'adjustStock'>, context: DecisionContext): Stock | Refusal<Code> {
  const stock = state.stock.get(command.optionId);
  if (stock === undefined) return refuse('OPTION_NOT_FOUND');
  const onHand = stock.onHand + command.delta;
  if (onHand < stock.reserved) return refuse('STOCK_BELOW_RESERVED');
  if (onHand > ON_HAND_MAX) {
    return refuse('VALIDATION_FAILED', { errors: [{ path: '/delta', message: `the stock on hand is at most ${ON_HAND_MAX}` }] });
  }
  adjust(state, stock, command.delta, command.reason, command.staffId, context);
  return stock;
}

export function createProduct(
  state: ProductState,
  { name, description, status }: Pick<Product, 'name' | 'description' | 'status'>,
  { now, newId }: DecisionContext,
): Product {
  const product: Product = { id: newId(), name, description, status, createdAt: now, updatedAt: now };
  state.products.set(product.id, product);
  state.created.products.add(product.id);
  return product;
}

export function createOption(
  state: ProductState,
  productId: string,
  wanted: NewOption,
  staffId: string,
  context: DecisionContext,
): StockedOption {
  const { sku, name, price, status = 'active', maxPerUser = null, stock: firstStock = 0 } = wanted;
  const option: Option = { id: context.newId(), productId, sku, name, price, status, maxPerUser };
  const stock: Stock = { optionId: option.id, onHand: 0, reserved: 0 };
  state.options.set(option.id, option);
  state.skuOwners.set(sku, option.id);
  state.stock.set(option.id, stock);
  state.created.options.add(option.id);
  if (firstStock > 0) adjust(state, stock, firstStock, FIRST_STOCK, staffId, context);
  return withStock(state, option);
}

function adjust(state: ProductState, stock: Stock, delta: number, reason: string, staffId: string, context: DecisionContext): void {
  stock.onHand += delta;
  state.changed.stock.add(stock.optionId);
  state.adjustments.push({ id: context.newId(), optionId: stock.optionId, delta, onHandAfter: stock.onHand, reason, staffId });
}

function touch(state: ProductState, product: Product, now: Date): void {
  state.products.set(product.id, { ...product, updatedAt: now });
  state.changed.products.add(product.id);
}

function optionsOf(state: ProductState, productId: string): Option[] {
  return [...state.options.values()].filter((option) => option.productId === productId);
}

function withStock(state: ProductState, option: Option): StockedOption {
  const { onHand, reserved } = present(state.stock.get(option.id), 'the stock of an option');
  return { ...option, onHand, reserved };
}

function withOptions(state: ProductState, product: Product): ProductWithOptions {
  return { ...product, options: optionsOf(state, product.id).map((option) => withStock(state, option)) };
}

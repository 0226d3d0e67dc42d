/** The model of products, options and stock. */
import { done, type Expected, refused } from './expected.ts';
import { Learned, SOME_TIME } from './learned.ts';
import { type Actor, byId, type Option, onHandOf, options, type Product, reservedOf, type Visibility, type World } from './world.ts';

export interface NewOption {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly status?: Visibility;
  readonly maxPerUser?: number | null;
  readonly stock?: number;
}

export interface NewProduct {
  readonly name: string;
  readonly description?: string;
  readonly status?: Visibility;
  readonly options: readonly NewOption[];
}

export type ProductPatch = Partial<Pick<NewProduct, 'name' | 'description' | 'status'>>;
export type OptionPatch = Partial<Omit<NewOption, 'stock'>>;

function shownOption(world: World, option: Option, isStaff: boolean): object {
  const onHand = onHandOf(world, option);
  const reserved = reservedOf(world, option);
  const { id, product, sku, name, price, status, maxPerUser } = option;
  const available = onHand - reserved;
  const shown = { id, productId: product.id, sku, name, price, status, maxPerUser, available, soldOut: available === 0 };
  return isStaff ? { ...shown, onHand, reserved } : shown;
}

/** A product in full for staff; for anyone else without what is hidden. */
export function shownProduct(world: World, product: Product, isStaff: boolean): object {
  const { id, name, description, status, createdAt } = product;
  const shown = product.options.filter((option) => isStaff || option.status === 'active');
  const inOptions = shown.map((option) => shownOption(world, option, isStaff));
  return { id, name, description, status, options: inOptions, createdAt, updatedAt: SOME_TIME };
}

export function getProduct(world: World, { role }: Actor, productId: string): Expected {
  const product = byId(world.products, productId);
  const isStaff = role === 'staff';
  if (product === undefined || (product.status === 'hidden' && !isStaff)) return refused('PRODUCT_NOT_FOUND');
  return done(200, shownProduct(world, product, isStaff));
}

const isTaken = (world: World, sku: string): boolean => options(world).some((option) => option.sku === sku);

function add(product: Product, wanted: NewOption): Option {
  const { sku, name, price, status = 'active', maxPerUser = null, stock = 0 } = wanted;
  const option = { id: new Learned('id'), product, sku, name, price, status, maxPerUser, adjustments: [stock] };
  product.options.push(option);
  return option;
}

export function createProduct(world: World, wanted: NewProduct): Expected {
  const skus = wanted.options.map((option) => option.sku);
  if (new Set(skus).size < skus.length || skus.some((sku) => isTaken(world, sku))) return refused('SKU_TAKEN');
  const { name, description = '', status = 'active' } = wanted;
  const product: Product = { id: new Learned('id'), createdAt: new Learned('now'), name, description, status, options: [] };
  for (const option of wanted.options) add(product, option);
  world.products.push(product);
  return done(201, shownProduct(world, product, true));
}

export function updateProduct(world: World, productId: string, patch: ProductPatch): Expected {
  const product = byId(world.products, productId);
  if (product === undefined) return refused('PRODUCT_NOT_FOUND');
  Object.assign(product, patch);
  return done(200, shownProduct(world, product, true));
}

export function addOption(world: World, productId: string, wanted: NewOption): Expected {
  const product = byId(world.products, productId);
  if (product === undefined) return refused('PRODUCT_NOT_FOUND');
  if (isTaken(world, wanted.sku)) return refused('SKU_TAKEN');
  return done(201, shownOption(world, add(product, wanted), true));
}

export function updateOption(world: World, optionId: string, patch: OptionPatch): Expected {
  const option = byId(options(world), optionId);
  if (option === undefined) return refused('OPTION_NOT_FOUND');
  if (patch.sku !== undefined && patch.sku !== option.sku && isTaken(world, patch.sku)) return refused('SKU_TAKEN');
  Object.assign(option, patch);
  return done(200, shownOption(world, option, true));
}

export function adjustStock(world: World, optionId: string, delta: number): Expected {
  const option = byId(options(world), optionId);
  if (option === undefined) return refused('OPTION_NOT_FOUND');
  const reserved = reservedOf(world, option);
  if (onHandOf(world, option) + delta < reserved) return refused('STOCK_BELOW_RESERVED');
  option.adjustments.push(delta);
  const onHand = onHandOf(world, option);
  return done(200, { optionId: option.id, onHand, reserved, available: onHand - reserved });
}

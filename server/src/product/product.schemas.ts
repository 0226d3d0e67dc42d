/** Wire types of the product flow. */
import { Type } from 'typebox';
import { id, money, nullable, page, pageQuery, strictObject, text, time } from '../http/schemas.ts';
import type { ListedProduct } from './product.queries.ts';
import { ON_HAND_MAX } from './product.rules.ts';
import { PRODUCT_LIMITS, type ProductWithOptions, SORTS, type Stock, type StockedOption } from './product.types.ts';

const visibility = Type.Union([Type.Literal('active'), Type.Literal('hidden')]);
const maxPerUser = nullable(
  Type.Integer({
    minimum: 1,
    maximum: PRODUCT_LIMITS.maxPerUser,
    description: 'Units one user may hold or have bought and not had refunded',
  }),
);
const sku = text(1, PRODUCT_LIMITS.skuCharacters);
const name = text(1, PRODUCT_LIMITS.nameCharacters);
const description = text(0, PRODUCT_LIMITS.descriptionCharacters);
const DELTA_MAX = PRODUCT_LIMITS.stockAtOnce;
const OPTIONS_IN_BODY_MAX = 100;

export const optionSchema = strictObject(
  {
    id: id(),
    productId: id(),
    sku,
    name,
    price: money(),
    status: visibility,
    maxPerUser,
    available: Type.Integer({ minimum: 0, maximum: ON_HAND_MAX }),
    soldOut: Type.Boolean(),
    onHand: Type.Optional(Type.Integer({ minimum: 0, description: 'Staff only' })),
    reserved: Type.Optional(Type.Integer({ minimum: 0, description: 'Staff only: units that open orders hold' })),
  },
  { title: 'Option' },
);

export const productSchema = strictObject(
  { id: id(), name, description, status: visibility, options: Type.Array(optionSchema), createdAt: time(), updatedAt: time() },
  { title: 'Product' },
);

export const productPageSchema = page(productSchema);

export const stockSchema = strictObject(
  {
    optionId: id(),
    onHand: Type.Integer({ minimum: 0 }),
    reserved: Type.Integer({ minimum: 0 }),
    available: Type.Integer({ minimum: 0 }),
  },
  { title: 'Stock' },
);

export const newOptionSchema = strictObject(
  {
    sku,
    name,
    price: money(),
    status: Type.Optional(visibility),
    maxPerUser: Type.Optional(maxPerUser),
    stock: Type.Optional(Type.Integer({ minimum: 0, maximum: DELTA_MAX, description: 'The first stock, journalled' })),
  },
  { title: 'NewOption' },
);

export const newProductSchema = strictObject(
  {
    name,
    description: Type.Optional(description),
    status: Type.Optional(visibility),
    options: Type.Array(newOptionSchema, { maxItems: OPTIONS_IN_BODY_MAX }),
  },
  { title: 'NewProduct' },
);

export const productPatchSchema = strictObject(
  { name: Type.Optional(name), description: Type.Optional(description), status: Type.Optional(visibility) },
  { title: 'ProductPatch' },
);

export const optionPatchSchema = strictObject(
  {
    sku: Type.Optional(sku),
    name: Type.Optional(name),
    price: Type.Optional(money()),
    status: Type.Optional(visibility),
    maxPerUser: Type.Optional(maxPerUser),
  },
  { title: 'OptionPatch' },
);

export const stockAdjustmentSchema = strictObject(
  {
    delta: Type.Integer({
      minimum: -DELTA_MAX,
      maximum: DELTA_MAX,
      not: { const: 0 },
      description: 'Units added, or taken away where negative',
    }),
    reason: text(1, 500),
  },
  { title: 'StockAdjustment' },
);

export const productListQuerySchema = Type.Object({
  ...pageQuery,
  search: Type.Optional(text(0, 200, 'A part of a name or SKU, taken literally, in any case')),
  sort: Type.Optional(
    Type.Union(
      SORTS.map((sort) => Type.Literal(sort)),
      { default: 'newest' },
    ),
  ),
  inStock: Type.Optional(Type.Boolean({ description: 'true: only products with an option to sell' })),
});

export const productParams = strictObject({ productId: id() });
export const optionParams = strictObject({ optionId: id() });

/** An option as `staff` or anyone else sees it. */
export function presentOption(option: StockedOption, staff: boolean) {
  const { id: optionId, productId, onHand, reserved } = option;
  const left = onHand - reserved;
  const shown = {
    id: optionId,
    productId,
    sku: option.sku,
    name: option.name,
    price: option.price,
    status: option.status,
    maxPerUser: option.maxPerUser,
    available: left,
    soldOut: left === 0,
  };
  return staff ? { ...shown, onHand, reserved } : shown;
}

/** A product as `staff` or anyone else sees it. */
export function presentProduct(product: ProductWithOptions | ListedProduct, staff: boolean) {
  return {
    id: product.id,
    name: product.name,
    description: product.description,
    status: product.status,
    options: product.options.map((option) => presentOption(option, staff)),
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
  };
}

export function presentStock({ optionId, onHand, reserved }: Stock) {
  return { optionId, onHand, reserved, available: onHand - reserved };
}

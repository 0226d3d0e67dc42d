/** What the product feature is about: products, their options, and the stock of each option. */

export type Visibility = 'active' | 'hidden';

export interface Option {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  /** Minor units. */
  readonly price: number;
  readonly status: Visibility;
  /** Units that one user may hold or have bought and not had refunded; null: as many as there are. */
  readonly maxPerUser: number | null;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: Visibility;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Units of one option; what can be ordered is onHand − reserved. */
export interface Stock {
  readonly optionId: string;
  onHand: number;
  reserved: number;
}

/** An option with its stock, as it is shown. */
export interface StockedOption extends Option {
  readonly onHand: number;
  readonly reserved: number;
}

export interface ProductWithOptions extends Product {
  readonly options: readonly StockedOption[];
}

/** What an order freezes of an option, and what decides whether it is for sale. */
export interface Offer extends Option {
  readonly productName: string;
  readonly productStatus: Visibility;
}

/** A line of the stock journal. */
export interface StockAdjustment {
  readonly id: string;
  readonly optionId: string;
  readonly delta: number;
  readonly onHandAfter: number;
  readonly reason: string;
  readonly staffId: string;
}

/** An adjustment as the journal shows it. */
export type RecordedAdjustment = Omit<StockAdjustment, 'optionId'> & { readonly createdAt: Date };

export interface NewOption {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly status?: Visibility;
  readonly maxPerUser?: number | null;
  /** Units of the first stock, journalled. */
  readonly stock?: number;
}

export type OptionPatch = Partial<Pick<Option, 'sku' | 'name' | 'price' | 'status' | 'maxPerUser'>>;
export type ProductPatch = Partial<Pick<Product, 'name' | 'description' | 'status'>>;

/** What staff may write, however they send it. */
export const PRODUCT_LIMITS = {
  nameCharacters: 200,
  descriptionCharacters: 10_000,
  skuCharacters: 100,
  /** Of one product. */
  options: 500,
  maxPerUser: 1_000_000,
  stockAtOnce: 1_000_000_000,
} as const;

export const IMPORT_COLUMNS = [
  'product',
  'description',
  'productStatus',
  'sku',
  'option',
  'price',
  'optionStatus',
  'maxPerUser',
  'stock',
] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

/** An option of an import, with the row that it is in. */
export interface ImportedOption extends Required<NewOption> {
  readonly row: number;
}

export interface ImportedProduct {
  readonly name: string;
  readonly description: string;
  readonly status: Visibility;
  readonly options: readonly ImportedOption[];
}

/** What is wrong with a row of an import; `column` null: with all of it. */
export interface RowError {
  readonly row: number;
  readonly column: string | null;
  readonly message: string;
}

/** A file as it was read. */
export interface ImportedRows {
  readonly rows: number;
  readonly products: readonly ImportedProduct[];
  readonly errors: readonly RowError[];
}

/** The writes of the product queue. */
export type ProductCommand =
  | {
      readonly kind: 'createProduct';
      readonly staffId: string;
      readonly name: string;
      readonly description: string;
      readonly status: Visibility;
      readonly options: readonly NewOption[];
    }
  | { readonly kind: 'importProducts'; readonly staffId: string; readonly products: readonly ImportedProduct[] }
  | { readonly kind: 'updateProduct'; readonly staffId: string; readonly productId: string; readonly patch: ProductPatch }
  | { readonly kind: 'addOption'; readonly staffId: string; readonly productId: string; readonly option: NewOption }
  | { readonly kind: 'updateOption'; readonly staffId: string; readonly optionId: string; readonly patch: OptionPatch }
  | {
      readonly kind: 'adjustStock';
      readonly staffId: string;
      readonly optionId: string;
      readonly delta: number;
      readonly reason: string;
    };

export const SORTS = ['newest', 'priceAsc', 'priceDesc', 'name'] as const;
export type Sort = (typeof SORTS)[number];

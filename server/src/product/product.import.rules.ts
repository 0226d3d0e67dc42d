/** Reads the rows of an import into products. Pure; everything that is wrong is found, not only the first of it. */
import type { DecisionContext } from '../commit/commit.types.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { createOption, createProduct, type ProductState } from './product.rules.ts';
import {
  IMPORT_COLUMNS,
  type ImportColumn,
  type ImportedOption,
  type ImportedProduct,
  type ImportedRows,
  PRODUCT_LIMITS,
  type ProductCommand,
  type ProductWithOptions,
  type RowError,
  type Visibility,
} from './product.types.ts';

const REQUIRED: readonly ImportColumn[] = ['product', 'sku', 'option', 'price'];
const ROWS_MAX = 10_000;
const ERRORS_SHOWN_MAX = 100;
const INTEGER = /^\d{1,16}$/;

type Fields = Readonly<Partial<Record<ImportColumn, string>>>;
/** Says what is wrong with a column of the row that is being read. */
type Complain = (column: ImportColumn, message: string) => void;

interface OpenProduct extends ImportedProduct {
  readonly options: ImportedOption[];
  readonly firstRow: number;
}

/** @param records the fields of each row, the header first; rows count from 1, as spreadsheets show them. */
export function readImport(records: readonly (readonly string[])[]): ImportedRows {
  const [header = [], ...rows] = records;
  const errors: RowError[] = [];
  const wrongHeader = checkHeader(header);
  if (wrongHeader.length > 0) return { rows: 0, products: [], errors: wrongHeader };
  const products = new Map<string, OpenProduct>();
  const skus = new Map<string, number>();
  let count = 0;
  for (const [index, record] of rows.entries()) {
    if (record.every((field) => field === '')) continue;
    count += 1;
    const row = index + 2;
    if (record.length !== header.length) {
      errors.push({ row, column: null, message: `has ${record.length} fields where the header has ${header.length}` });
      continue;
    }
    const fields: Fields = Object.fromEntries(header.map((column, place) => [column, record[place] ?? '']));
    readRow(fields, row, { products, skus, complain: (column, message) => errors.push({ row, column, message }) });
  }
  if (count === 0) errors.push({ row: 1, column: null, message: 'no row follows the header' });
  if (count > ROWS_MAX) errors.push({ row: ROWS_MAX + 2, column: null, message: `an import has at most ${ROWS_MAX} rows` });
  return { rows: count, products: [...products.values()], errors };
}

function checkHeader(header: readonly string[]): RowError[] {
  const wrong = (column: string | null, message: string): RowError => ({ row: 1, column, message });
  const known: readonly string[] = IMPORT_COLUMNS;
  return [
    ...header.filter((name) => !known.includes(name)).map((name) => wrong(name, `is not one of the columns ${IMPORT_COLUMNS.join(', ')}`)),
    ...header.filter((name, place) => header.indexOf(name) < place).map((name) => wrong(name, 'is there twice')),
    ...REQUIRED.filter((name) => !header.includes(name)).map((name) => wrong(name, 'is missing')),
  ];
}

function readRow(
  fields: Fields,
  row: number,
  {
    products,
    skus,
    complain,
  }: { readonly products: Map<string, OpenProduct>; readonly skus: Map<string, number>; readonly complain: Complain },
): void {
  const name = readText(fields, 'product', PRODUCT_LIMITS.nameCharacters, complain);
  const description = readText(fields, 'description', PRODUCT_LIMITS.descriptionCharacters, complain);
  const status = readVisibility(fields, 'productStatus', complain);
  const sku = readText(fields, 'sku', PRODUCT_LIMITS.skuCharacters, complain);
  const price = readInteger(fields, 'price', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, complain) ?? 0;
  const maxPerUser = readInteger(fields, 'maxPerUser', { minimum: 1, maximum: PRODUCT_LIMITS.maxPerUser }, complain);
  const stock = readInteger(fields, 'stock', { minimum: 0, maximum: PRODUCT_LIMITS.stockAtOnce }, complain) ?? 0;
  const optionName = readText(fields, 'option', PRODUCT_LIMITS.nameCharacters, complain);
  const optionStatus = readVisibility(fields, 'optionStatus', complain) ?? 'active';

  const twin = skus.get(sku);
  if (twin !== undefined && sku !== '') complain('sku', `is also in row ${twin}`);
  else skus.set(sku, row);
  const known = products.get(name);
  const product = known ?? { name, description, status: status ?? 'active', options: [], firstRow: row };
  products.set(name, product);
  if (known !== undefined) checkSame(known, { description, status }, complain);
  if (product.options.length >= PRODUCT_LIMITS.options) complain('product', `has more than ${PRODUCT_LIMITS.options} options`);
  product.options.push({ row, sku, name: optionName, price, status: optionStatus, maxPerUser, stock });
}

/** What is said of a product once holds for all its rows; they may leave it out or repeat it. */
function checkSame(
  known: OpenProduct,
  given: { readonly description: string; readonly status: Visibility | null },
  complain: Complain,
): void {
  const differs = `differs from row ${known.firstRow}, which begins the product`;
  if (given.description !== '' && given.description !== known.description) complain('description', differs);
  if (given.status !== null && given.status !== known.status) complain('productStatus', differs);
}

function readText(fields: Fields, column: ImportColumn, charactersMax: number, complain: Complain): string {
  const text = fields[column] ?? '';
  if (text === '' && REQUIRED.includes(column)) complain(column, 'is required');
  else if (Array.from(text).length > charactersMax) complain(column, `has more than ${charactersMax} characters`);
  else if (text.includes('\0')) complain(column, 'has a NUL');
  return text;
}

function readVisibility(fields: Fields, column: ImportColumn, complain: Complain): Visibility | null {
  const text = fields[column] ?? '';
  if (text === 'active' || text === 'hidden') return text;
  if (text !== '') complain(column, 'must be active or hidden');
  return null;
}

function readInteger(
  fields: Fields,
  column: ImportColumn,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
  complain: Complain,
): number | null {
  const text = fields[column] ?? '';
  if (text === '') {
    if (REQUIRED.includes(column)) complain(column, 'is required');
    return null;
  }
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  complain(column, `must be a whole number from ${minimum} to ${maximum}`);
  return null;
}

/** The rows whose SKUs are other options' already. */
export function takenRows(products: readonly ImportedProduct[], isTaken: (sku: string) => boolean): RowError[] {
  const taken = products.flatMap(({ options }) => options.filter(({ sku }) => isTaken(sku)));
  return taken.map(({ row }) => ({ row, column: 'sku', message: 'is the SKU of another option already' }));
}

/** What a client is told of the errors. */
export function shownErrors(errors: readonly RowError[]) {
  return { errorCount: errors.length, rowErrors: errors.slice(0, ERRORS_SHOWN_MAX) };
}

/** Makes all products of an import, or none. */
export function decideImport(
  state: ProductState,
  { products, staffId }: Extract<ProductCommand, { kind: 'importProducts' }>,
  context: DecisionContext,
): ProductWithOptions[] | Refusal<'IMPORT_INVALID'> {
  const taken = takenRows(products, (sku) => state.skuOwners.has(sku));
  if (taken.length > 0) return refuse('IMPORT_INVALID', shownErrors(taken));
  const made: ProductWithOptions[] = [];
  for (const { options, ...chosen } of products) {
    const product = createProduct(state, chosen, context);
    made.push({ ...product, options: options.map((option) => createOption(state, product.id, option, staffId, context)) });
  }
  return made;
}

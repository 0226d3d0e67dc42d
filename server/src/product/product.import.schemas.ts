/** Wire types of the import of products. */
import { Type } from 'typebox';
import { nullable, strictObject } from '../http/schemas.ts';
import { shownErrors } from './product.import.rules.ts';
import { newProductSchema } from './product.schemas.ts';
import { IMPORT_COLUMNS, type ImportedProduct, type ImportedRows } from './product.types.ts';

const SAMPLE_PRODUCTS = 20;
const SAMPLE_OPTIONS = 20;

const COLUMNS = `CSV (RFC 4180) in UTF-8, with a header and at most 10,000 rows, one an option; rows of one \`product\` make one product. Columns, in any order:
\`${IMPORT_COLUMNS.join('`, `')}\`. Required: \`product\` (its name), \`sku\`, \`option\` (its name) and \`price\` (minor units). \`productStatus\` and \`optionStatus\` are
\`active\` (where empty) or \`hidden\`; \`stock\` is the first stock. \`description\` and \`productStatus\` are said in the first row of a product; later ones leave them empty or repeat them.`;

export const importBodySchema = Type.String({ description: COLUMNS });
export const importQuerySchema = Type.Object({
  dryRun: Type.Optional(Type.Boolean({ description: 'true: nothing is made, and the answer is a preview with all errors' })),
});

const count = Type.Integer({ minimum: 0 });
const rowErrorSchema = strictObject({
  row: Type.Integer({ minimum: 1, description: 'As spreadsheets count: the header is row 1' }),
  column: nullable(Type.String()),
  message: Type.String(),
});

export const importPreviewSchema = strictObject(
  {
    rows: count,
    products: count,
    options: count,
    errorCount: count,
    rowErrors: Type.Array(rowErrorSchema, { description: 'The first 100' }),
    sample: Type.Array(newProductSchema, { description: 'The first 20 products, the first 20 options of each, where nothing is wrong' }),
  },
  { title: 'ImportPreview' },
);
export const importedSchema = strictObject({ products: count, options: count }, { title: 'Imported' });

export function presentPreview({ rows, products, errors }: ImportedRows) {
  const sample = errors.length > 0 ? [] : products.slice(0, SAMPLE_PRODUCTS);
  return {
    rows,
    ...presentImported(products),
    ...shownErrors(errors),
    sample: sample.map(({ name, description, status, options }) => ({
      name,
      description,
      status,
      options: options.slice(0, SAMPLE_OPTIONS).map(({ sku, name: option, price, status: optionStatus, maxPerUser, stock }) => ({
        sku,
        name: option,
        price,
        status: optionStatus,
        maxPerUser,
        stock,
      })),
    })),
  };
}

export function presentImported(products: readonly ImportedProduct[]) {
  return { products: products.length, options: products.reduce((sum, { options }) => sum + options.length, 0) };
}

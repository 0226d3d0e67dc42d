/** The use case of importing products: a preview of a file, or all of it at once. */
import type { Answer, WriteKey } from '../commit/commit.types.ts';
import type { Executor } from '../database/database.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { parseCsv } from './product.csv.ts';
import { readImport, shownErrors, takenRows } from './product.import.rules.ts';
import { presentPreview } from './product.import.schemas.ts';
import { findSkuOwners } from './product.repository.ts';
import type { ImportedRows, ProductCommand } from './product.types.ts';

export interface ProductImport {
  /** What an import of the file would do, and all that is wrong with it. */
  preview(csv: string): Promise<ReturnType<typeof presentPreview>>;
  /** Makes all products of the file, or none. */
  run(staffId: string, csv: string, key: WriteKey | null): Promise<Answer | Refusal>;
}

export function createProductImport(
  database: Executor,
  submit: (command: ProductCommand, key: WriteKey | null) => Promise<Answer | Refusal>,
): ProductImport {
  return {
    preview: async (csv) => {
      const read = await readCsv(csv);
      const skus = read.products.flatMap(({ options }) => options.map(({ sku }) => sku));
      const taken = await findSkuOwners(database, skus);
      return presentPreview({ ...read, errors: [...read.errors, ...takenRows(read.products, (sku) => taken.has(sku))] });
    },
    run: async (staffId, csv, key) => {
      const { products, errors } = await readCsv(csv);
      if (errors.length > 0) return refuse('IMPORT_INVALID', shownErrors(errors));
      return submit({ kind: 'importProducts', staffId, products }, key);
    },
  };
}

async function readCsv(csv: string): Promise<ImportedRows> {
  const records = await parseCsv(csv);
  return 'row' in records ? { rows: 0, products: [], errors: [records] } : readImport(records);
}

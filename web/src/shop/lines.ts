/** Lines of a basket with what the catalogue says of them now. */
import { Problem, type Product, type ProductOption } from '@openrun/client';
import { useQueries } from '@tanstack/react-query';
import { productQuery } from '../api/queries.ts';
import type { BasketLine } from './basket.ts';

const REFRESH_MS = 3000;

export interface KnownLine extends BasketLine {
  readonly product: Product;
  readonly option: ProductOption;
}

export interface Lines {
  readonly isLoading: boolean;
  /** Why they could not be loaded. */
  readonly error: Error | null;
  readonly known: readonly KnownLine[];
  /** Lines whose product or option is not for sale any more. */
  readonly gone: readonly BasketLine[];
  readonly subtotal: number;
  /** Whether every line can be ordered as it is. */
  readonly isOrderable: boolean;
  readonly retry: () => void;
}

export function useLines(lines: readonly BasketLine[]): Lines {
  const productIds = [...new Set(lines.map(({ productId }) => productId))];
  const results = useQueries({ queries: productIds.map((id) => ({ ...productQuery(id), refetchInterval: REFRESH_MS })) });
  const products = new Map(results.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data] as const])));
  const missing = new Set(productIds.filter((_id, index) => isNotFound(results[index]?.error ?? null)));
  const known = lines.flatMap((line) => {
    const product = products.get(line.productId);
    const option = product?.options.find(({ id }) => id === line.optionId);
    return product === undefined || option === undefined ? [] : [{ ...line, product, option }];
  });
  const gone = lines.filter(
    (line) => missing.has(line.productId) || (products.has(line.productId) && !known.some(({ optionId }) => optionId === line.optionId)),
  );
  const failed = results.find(({ data, error }) => data === undefined && error !== null && !isNotFound(error));
  return {
    isLoading: results.some(({ isPending }) => isPending),
    error: failed?.error ?? null,
    known,
    gone,
    subtotal: known.reduce((sum, { option, quantity }) => sum + option.price * quantity, 0),
    isOrderable: lines.length > 0 && known.length === lines.length && known.every(hasEnough),
    retry: () => {
      for (const { refetch } of results) void refetch();
    },
  };
}

/** Whether the line's units can be had now. */
export function hasEnough({ option, quantity }: KnownLine): boolean {
  return option.status === 'active' && option.available >= quantity;
}

function isNotFound(error: Error | null): boolean {
  return error instanceof Problem && error.status === 404;
}

/** What the addresses of the shop's pages say after the question mark. */
import type { ProductSort } from '@openrun/client';

export const SORTS = ['newest', 'priceAsc', 'priceDesc', 'name'] as const satisfies readonly ProductSort[];
const SEARCH_MAX = 200;

/** What the list of products is asked for, as it stands in the address. */
export interface HomeSearch {
  readonly search?: string;
  readonly sort?: ProductSort;
  readonly inStock?: true;
}

/** One line that is ordered at once, past the basket. */
export interface CheckoutSearch {
  readonly product?: string;
  readonly option?: string;
  readonly quantity?: number;
}

/** Where to go after signing in: a path of this shop. */
export interface SignInSearch {
  readonly next?: string;
}

type Raw = Readonly<Record<string, unknown>>;

export function homeSearch({ search, sort, inStock }: Raw): HomeSearch {
  const known = SORTS.find((name) => name === sort);
  const text = typeof search === 'string' || typeof search === 'number' ? String(search).slice(0, SEARCH_MAX) : '';
  return {
    ...(text === '' ? {} : { search: text }),
    ...(known === undefined || known === 'newest' ? {} : { sort: known }),
    ...(inStock === true ? { inStock } : {}),
  };
}

export function checkoutSearch({ product, option, quantity }: Raw): CheckoutSearch {
  if (typeof product !== 'string' || typeof option !== 'string') return {};
  return { product, option, quantity: typeof quantity === 'number' && Number.isInteger(quantity) && quantity > 0 ? quantity : 1 };
}

export function signInSearch({ next }: Raw): SignInSearch {
  return typeof next === 'string' && /^\/(?!\/)/.test(next) ? { next } : {};
}

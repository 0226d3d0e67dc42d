/**
 * Counts the changes that public reads must show: of all products, and of each by itself, so that a run on one product does not end
 * what is kept of the others.
 */

export interface ProductEpochs {
  /** Changes with anything that any public read shows. */
  readonly all: () => number;
  /** Changes with what the product's own page shows. */
  readonly of: (productId: string) => number;
  /** Remembers whose options they are; an option never changes its product. */
  learn(options: readonly { readonly id: string; readonly productId: string }[]): void;
  /** The stock of options has changed. */
  stockChanged(optionIds: Iterable<string>): void;
  /** Anything may have changed. */
  allChanged(): void;
}

const OPTIONS_MAX = 50_000;
const PRODUCTS_MAX = 10_000;

export function createProductEpochs(): ProductEpochs {
  let all = 0;
  /** The epoch since which {@link own} knows every change. */
  let known = 0;
  const own = new Map<string, number>();
  const products = new Map<string, string>();

  const allChanged = (): void => {
    all += 1;
    known = all;
    own.clear();
  };

  return {
    all: () => all,
    of: (productId) => own.get(productId) ?? known,
    learn: (options) => {
      if (products.size + options.length > OPTIONS_MAX) products.clear();
      for (const { id, productId } of options) products.set(id, productId);
    },
    stockChanged: (optionIds) => {
      const changed = [...optionIds].map((id) => products.get(id));
      // Nobody knows whose option it is: it may be of any product, unless the page of its product was never loaded.
      if (changed.includes(undefined) || own.size + changed.length > PRODUCTS_MAX) return allChanged();
      all += 1;
      for (const productId of changed) if (productId !== undefined) own.set(productId, all);
    },
    allChanged,
  };
}

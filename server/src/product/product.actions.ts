/** What the trail of staff keeps of the writes of products, options and stock. */
import type { StaffAction } from '../commit/commit.types.ts';
import { actionBy } from '../staff/staff.service.ts';
import type { ProductState } from './product.rules.ts';
import type { Option, Product, ProductCommand, ProductWithOptions, StockedOption } from './product.types.ts';

/** What staff choose of a product. */
export function chosenOfProduct({ name, description, status }: Product): object {
  return { name, description, status };
}

/** What staff choose of an option. */
export function chosenOfOption({ sku, name, price, status, maxPerUser }: Option): object {
  return { sku, name, price, status, maxPerUser };
}

/** An option as it is made, with its first stock. */
export function createdOption(option: StockedOption): object {
  return { ...chosenOfOption(option), productId: option.productId, onHand: option.onHand };
}

export function createdBy(staffId: string, product: ProductWithOptions): readonly StaffAction[] {
  const options = product.options.map((option) => ({ id: option.id, ...chosenOfOption(option), onHand: option.onHand }));
  return actionBy(staffId, 'product.create', { objectId: product.id, before: null, after: { ...chosenOfProduct(product), options } });
}

/** What a command may change, as it was before the command is decided; null where it makes something, or will be refused. */
export function chosenBefore(state: ProductState, command: ProductCommand): object | null {
  switch (command.kind) {
    case 'createProduct':
    case 'importProducts':
    case 'addOption':
      return null;
    case 'updateProduct': {
      const product = state.products.get(command.productId);
      return product === undefined ? null : chosenOfProduct(product);
    }
    case 'updateOption': {
      const option = state.options.get(command.optionId);
      return option === undefined ? null : chosenOfOption(option);
    }
    case 'adjustStock': {
      const stock = state.stock.get(command.optionId);
      return stock === undefined ? null : { onHand: stock.onHand };
    }
  }
}

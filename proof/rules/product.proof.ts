/** The rules of the catalogue: a SKU names one option, and stock is the sum of its journal. */
import fc from 'fast-check';
import {
  decideAddOption,
  decideAdjustStock,
  decideCreateProduct,
  decideUpdateOption,
  type ProductState,
} from '../../server/src/product/product.rules.ts';
import { context, outcome } from '../../server/test/support/rules.ts';
import { prove } from '../support/proof.ts';
import { hold, LONG_CASES, SHORT_CASES, sumOf, tryCases } from './cases.ts';

const sku = fc.nat(5).map((n) => `sku ${n}`);
const newOption = fc.record({ sku, stock: fc.nat(4) });
const command = fc.oneof(
  fc.record({ do: fc.constant('create' as const), options: fc.array(newOption, { maxLength: 2 }) }),
  fc.record({ do: fc.constant('add' as const), which: fc.nat(5), option: newOption }),
  fc.record({ do: fc.constant('rename' as const), which: fc.nat(5), sku }),
  fc.record({ do: fc.constant('adjust' as const), which: fc.nat(5), delta: fc.integer({ min: -5, max: 5 }) }),
  fc.record({ do: fc.constant('reserve' as const), which: fc.nat(5) }),
);
const batch = fc.array(command, { minLength: 1, maxLength: 10 });

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const staffId = 'staff';

function emptyState(): ProductState {
  return {
    products: new Map(),
    options: new Map(),
    stock: new Map(),
    skuOwners: new Map(),
    created: { products: new Set(), options: new Set() },
    changed: { products: new Set(), options: new Set(), stock: new Set() },
    adjustments: [],
  };
}

const optionOf = ({ sku: name, stock }: { readonly sku: string; readonly stock: number }) => ({ sku: name, name, price: 1, stock });
const at = (all: ReadonlyMap<string, unknown>, which: number): string => [...all.keys()][which] ?? 'unknown';

/** Runs the command; gives what it said and what it should have said. */
function decide(state: ProductState, drawn: Command): [said: string, expected: string] {
  const isTaken = (name: string): boolean => [...state.options.values()].some((option) => option.sku === name);
  switch (drawn.do) {
    case 'create': {
      const names = drawn.options.map((option) => option.sku);
      const expected = names.some(isTaken) || new Set(names).size < names.length ? 'SKU_TAKEN' : 'ok';
      const options = drawn.options.map(optionOf);
      const fields = { kind: 'createProduct', staffId, name: 'x', description: '', status: 'active', options } as const;
      return [outcome(decideCreateProduct(state, fields, context())), expected];
    }
    case 'add': {
      const productId = at(state.products, drawn.which);
      const expected = isTaken(drawn.option.sku) ? 'SKU_TAKEN' : 'ok';
      const decided = decideAddOption(state, { kind: 'addOption', staffId, productId, option: optionOf(drawn.option) }, context());
      return [outcome(decided), productId === 'unknown' ? 'PRODUCT_NOT_FOUND' : expected];
    }
    case 'rename': {
      const optionId = at(state.options, drawn.which);
      const expected = isTaken(drawn.sku) && state.options.get(optionId)?.sku !== drawn.sku ? 'SKU_TAKEN' : 'ok';
      const decided = decideUpdateOption(state, { optionId, patch: { sku: drawn.sku } }, context());
      return [outcome(decided), optionId === 'unknown' ? 'OPTION_NOT_FOUND' : expected];
    }
    case 'adjust': {
      const optionId = at(state.options, drawn.which);
      const { onHand = 0, reserved = 0 } = state.stock.get(optionId) ?? {};
      const expected = onHand + drawn.delta < reserved ? 'STOCK_BELOW_RESERVED' : 'ok';
      const decided = decideAdjustStock(state, { kind: 'adjustStock', staffId, optionId, delta: drawn.delta, reason: 'x' }, context());
      return [outcome(decided), optionId === 'unknown' ? 'OPTION_NOT_FOUND' : expected];
    }
    case 'reserve': {
      // An order of another batch holds a unit, where there is one.
      const stock = state.stock.get(at(state.options, drawn.which));
      if (stock !== undefined && stock.reserved < stock.onHand) stock.reserved += 1;
      return ['ok', 'ok'];
    }
  }
}

function holdTogether(state: ProductState): void {
  const skus = [...state.options.values()].map((option) => option.sku);
  hold(new Set(skus).size === skus.length, 'a SKU names one option');
  hold(state.skuOwners.size === skus.length, 'each SKU has its owner');
  for (const { id, sku: name, productId } of state.options.values()) {
    hold(state.skuOwners.get(name) === id && state.products.has(productId), 'an owner has the SKU, and a product');
    const stock = state.stock.get(id);
    const journal = state.adjustments.filter(({ optionId }) => optionId === id);
    hold(stock !== undefined && stock.onHand === sumOf(journal.map(({ delta }) => delta)), 'stock is the sum of its journal');
    hold(stock !== undefined && stock.reserved >= 0 && stock.reserved <= stock.onHand, 'what is reserved is there');
    hold(journal.length === 0 || journal.at(-1)?.onHandAfter === stock?.onHand, 'a journal ends with what there is');
  }
}

prove(
  'the catalogue',
  {
    promise: 'A SKU names one option, and stock is the sum of its journal and never less than what is reserved',
    how: 'random batches of the writes of staff on the rules alone; every answer predicted',
    unit: 'batches',
    short: SHORT_CASES,
    long: LONG_CASES,
  },
  async (trial) =>
    tryCases(trial, batch, (commands) => {
      const state = emptyState();
      for (const drawn of commands) {
        const sizes = [state.products.size, state.options.size, state.adjustments.length];
        const [said, expected] = decide(state, drawn);
        hold(said === expected, () => `${said} instead of ${expected}`);
        const isSame = [state.products.size, state.options.size, state.adjustments.length].every((size, index) => size === sizes[index]);
        hold(said === 'ok' || isSame, 'a refusal changes nothing');
        holdTogether(state);
      }
    }),
);

import { describe, expect, test } from 'vitest';
import { decideAdjustStock, decideUpdateOption, ON_HAND_MAX, type ProductState } from '../../src/product/product.rules.ts';
import { context, NOW, offerWith, outcome, stockMap } from '../support/rules.ts';

function batch(onHand: number, reserved: number): ProductState {
  const option = offerWith('a');
  const product = { id: option.productId, name: 'x', description: '', status: 'active', createdAt: NOW, updatedAt: NOW } as const;
  return {
    products: new Map([[product.id, product]]),
    options: new Map([['a', option]]),
    stock: stockMap([{ optionId: 'a', onHand, reserved }]),
    skuOwners: new Map([
      ['a', 'a'],
      ['taken', 'b'],
    ]),
    created: { products: new Set(), options: new Set() },
    changed: { products: new Set(), options: new Set(), stock: new Set() },
    adjustments: [],
  };
}

describe('adjusting stock', () => {
  test.each([
    [5, 3, -2, 'ok'],
    [5, 3, -3, 'STOCK_BELOW_RESERVED'],
    [5, 0, -5, 'ok'],
    [ON_HAND_MAX - 1, 0, 1, 'ok'],
    [ON_HAND_MAX, 0, 1, 'VALIDATION_FAILED'],
  ])('%i on hand, %i reserved, %i more', (onHand, reserved, delta, expected) => {
    const state = batch(onHand, reserved);
    const decided = decideAdjustStock(state, { kind: 'adjustStock', staffId: 'staff', optionId: 'a', delta, reason: 'x' }, context());
    expect(outcome(decided).split(' ')[0]).toBe(expected);
    const isDone = expected === 'ok';
    expect(state.stock.get('a')).toEqual({ optionId: 'a', onHand: onHand + (isDone ? delta : 0), reserved });
    expect(state.adjustments.map((each) => each.onHandAfter)).toEqual(isDone ? [onHand + delta] : []);
  });
});

describe('SKUs', () => {
  const rename = (state: ProductState, sku: string) => outcome(decideUpdateOption(state, { optionId: 'a', patch: { sku } }, context()));

  test('one that is given up may be taken in the same batch, one that is taken may not', () => {
    const state = batch(0, 0);
    expect(rename(state, 'taken')).toBe('SKU_TAKEN');
    expect([rename(state, 'a'), rename(state, 'new'), state.skuOwners.has('a'), rename(state, 'a')]).toEqual(['ok', 'ok', false, 'ok']);
  });
});

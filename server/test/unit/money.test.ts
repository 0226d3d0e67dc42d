import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_MONEY, mulDivFloor, sumOfLines } from '../../src/kernel/money.ts';

const amount = fc.oneof(fc.nat(), fc.maxSafeNat());

describe('mulDivFloor', () => {
  test.each([
    [0, 0, 1, 0],
    [7, 1, 2, 3],
    [1, 1, 3, 0],
    [999, 15, 100, 149],
    [MAX_MONEY, 1, 1, MAX_MONEY],
    [MAX_MONEY, MAX_MONEY, MAX_MONEY, MAX_MONEY],
    [MAX_MONEY, 99, 100, 8_917_127_262_193_581],
    [MAX_MONEY - 1, MAX_MONEY - 1, MAX_MONEY, MAX_MONEY - 2],
  ])('%i × %i ÷ %i is %i', (a, b, c, expected) => {
    expect(mulDivFloor(a, b, c)).toBe(expected);
  });

  test('is the floor that integers of any size give', () => {
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 1, max: MAX_MONEY }), (a, b, c) => {
        const exact = (BigInt(a) * BigInt(b)) / BigInt(c);
        fc.pre(exact <= BigInt(MAX_MONEY));
        expect(BigInt(mulDivFloor(a, b, c))).toBe(exact);
      }),
    );
  });

  test.each([
    [-1, 1, 1],
    [1, -1, 1],
    [1, 1, 0],
    [1, 1, -1],
    [0.5, 1, 1],
    [1, Number.NaN, 1],
    [MAX_MONEY + 1, 1, 1],
    [MAX_MONEY, 2, 1],
  ])('%d × %d ÷ %d is no amount of money', (a, b, c) => {
    expect(() => mulDivFloor(a, b, c)).toThrow(/^mulDivFloor (takes|must give)/);
  });
});

describe('sumOfLines', () => {
  test.each([
    [[], 0],
    [[[1000, 2]], 2000],
    [[[MAX_MONEY, 1]], MAX_MONEY],
    [
      [
        [MAX_MONEY, 1],
        [0, 999],
      ],
      MAX_MONEY,
    ],
    [
      [
        [MAX_MONEY, 1],
        [1, 1],
      ],
      null,
    ],
    [[[MAX_MONEY, 999]], null],
    [[[9_007_199_254_740, 999]], 8_998_192_055_485_260],
  ])('%j is %d', (lines, expected) => {
    const sum = sumOfLines(lines.map(([unitPrice = 0, quantity = 0]) => ({ unitPrice, quantity })));
    expect(sum).toBe(expected);
  });

  test('is what integers of any size give, or null past the largest amount', () => {
    const line = fc.record({ unitPrice: amount, quantity: fc.integer({ min: 1, max: 999 }) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 100 }), (lines) => {
        const exact = lines.reduce((sum, { unitPrice, quantity }) => sum + BigInt(unitPrice) * BigInt(quantity), 0n);
        expect(sumOfLines(lines)).toBe(exact > BigInt(MAX_MONEY) ? null : Number(exact));
      }),
    );
  });
});

/** Wire types of the ranking flow. */
import { Type } from 'typebox';
import { id, money, strictObject, time } from '../http/schemas.ts';
import type { Ranking } from './ranking.types.ts';

const SHOWN = 5;

export const rankingSchema = strictObject(
  {
    asOf: time(),
    from: time('Included'),
    to: time('Excluded'),
    items: Type.Array(
      strictObject({
        rank: Type.Integer({ minimum: 1, maximum: SHOWN }),
        productId: id(),
        name: Type.String(),
        quantity: Type.Integer({ minimum: 1, description: 'Units paid, less refunds' }),
        revenue: money('What was paid for those units, net of discounts'),
      }),
      { maxItems: SHOWN },
    ),
  },
  { title: 'Ranking' },
);

/** The best five that are not hidden. */
export function presentRanking({ asOf, from, to, items }: Omit<Ranking, 'id'>, hidden: ReadonlySet<string>) {
  const shown = items.filter(({ productId }) => !hidden.has(productId)).slice(0, SHOWN);
  return {
    asOf,
    from,
    to,
    items: shown.map(({ productId, name, quantity, revenue }, index) => ({ rank: index + 1, productId, name, quantity, revenue })),
  };
}

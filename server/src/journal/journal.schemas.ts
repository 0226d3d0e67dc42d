/** Wire types of the journal feature. */
import { type TSchema, Type } from 'typebox';
import { id, nullable, page, pageQuery, strictObject, time, timeQuery } from '../http/schemas.ts';
import type { Movement } from './journal.types.ts';

const units = Type.Integer({ minimum: 1 });

const movement = <T extends Record<string, TSchema>>(kind: Movement['kind'], ofId: string, fields: T, description: string) =>
  strictObject({ id: id(ofId), at: time(), kind: Type.Literal(kind), ...fields }, { description });

const movementSchema = Type.Union(
  [
    movement(
      'adjustment',
      'Of the adjustment',
      {
        delta: Type.Integer(),
        onHandAfter: Type.Integer({ minimum: 0 }),
        reason: Type.String(),
        staffId: Type.String(),
      },
      'What staff did to the stock on hand',
    ),
    movement(
      'order',
      'Of the order',
      {
        quantity: units,
        outcome: Type.Union(
          (['held', 'sold', 'givenBack'] as const).map((outcome) => Type.Literal(outcome)),
          { description: 'As it is now: an order holds units until it is paid, or gives them back where it ends unpaid' },
        ),
        settledAt: nullable(time('When it was paid, or gave them back; null while it holds them')),
        userId: Type.String(),
      },
      'What an order took, at the time it took it',
    ),
    movement(
      'restock',
      'Of the refund',
      { quantity: units, orderId: id(), paymentId: id(), userId: Type.String(), reason: Type.String(), staffId: Type.String() },
      'What a refund put back on sale',
    ),
  ],
  { title: 'StockMovement', description: 'Told apart by `kind`' },
);

export const journalPageSchema = page(movementSchema);
export const journalQuerySchema = Type.Object({ ...pageQuery, ...timeQuery });

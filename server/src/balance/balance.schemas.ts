/** Wire types of the balance flow. */
import { Type } from 'typebox';
import { id, money, nullable, page, pageQuery, strictObject, text, time, userIdQuery } from '../http/schemas.ts';
import { MAX_MONEY } from '../kernel/money.ts';
import type { Entry } from './balance.types.ts';

const currency = Type.String({ description: 'ISO 4217' });

export const balanceSchema = strictObject({ userId: Type.String(), amount: money(), currency }, { title: 'Balance' });

export const chargeSchema = strictObject(
  {
    // Zero and less are a refusal of the flow, INVALID_CHARGE_AMOUNT, and not of the schema.
    amount: Type.Integer({ minimum: -MAX_MONEY, maximum: MAX_MONEY }),
    reference: Type.Optional(text(1, 200, 'Unique per user for ever, such as the id of a payment gateway')),
    userId: Type.Optional(text(1, 255, 'Staff only: the user to charge')),
  },
  { title: 'Charge' },
);

export const chargedSchema = strictObject(
  { userId: Type.String(), amount: money('The new balance'), charged: money(), currency, entryId: id() },
  { title: 'Charged' },
);

const entrySchema = strictObject(
  {
    id: id(),
    kind: Type.Union((['charge', 'payment', 'refund'] as const).map((kind) => Type.Literal(kind))),
    delta: Type.Integer(),
    balanceAfter: money(),
    reference: nullable(Type.String({ description: "A charge's reference, a payment's order, a refund's payment" })),
    createdAt: time(),
  },
  { title: 'BalanceEntry' },
);
export const entryPageSchema = page(entrySchema);

export const balanceQuerySchema = Type.Object(userIdQuery);
export const historyQuerySchema = Type.Object({ ...pageQuery, ...userIdQuery });

export function presentEntry({ id: entryId, kind, delta, balanceAfter, reference, createdAt }: Entry) {
  return { id: entryId, kind, delta, balanceAfter, reference, createdAt };
}

export function presentCharged({ userId, balanceAfter, delta, id: entryId }: Entry, currencyCode: string) {
  return { userId, amount: balanceAfter, charged: delta, currency: currencyCode, entryId };
}

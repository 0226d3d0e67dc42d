/** Wire types of the customer feature. */
import { Type } from 'typebox';
import { money, nullable, page, pageQuery, strictObject, text } from '../http/schemas.ts';
import { orderSchema } from '../order/order.schemas.ts';

const customer = {
  userId: Type.String(),
  account: nullable(
    strictObject(
      { name: Type.String(), email: Type.String(), role: Type.Union([Type.Literal('customer'), Type.Literal('staff')]) },
      { description: 'null: the user comes from an identity provider' },
    ),
  ),
};
export const customerPageSchema = page(strictObject(customer, { title: 'Customer' }));

const count = (description?: string) => Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });

export const customerDetailSchema = strictObject(
  {
    ...customer,
    balance: money(),
    currency: Type.String({ description: 'ISO 4217' }),
    counts: strictObject({
      orders: count(),
      pendingOrders: count('Unpaid, and not past their time'),
      payments: count(),
      paid: money('Of all payments, before refunds'),
      refunded: money(),
      coupons: count(),
      usedCoupons: count(),
      ledgerEntries: count('Charges, payments and refunds'),
    }),
    orders: Type.Array(orderSchema, { description: 'The last five, newest first' }),
  },
  { title: 'CustomerDetail' },
);

export const customerListQuerySchema = Type.Object({
  ...pageQuery,
  search: Type.Optional(text(0, 255, 'How the user id begins, or, in any case, the email address or the name of the built-in account')),
});
export const customerParams = strictObject({ userId: text(1, 255) });

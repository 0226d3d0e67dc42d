/** The parts of the server's answers that a replay reads; everything else in them is ignored. */
import { Type } from 'typebox';

export const ProductAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  options: Type.Array(
    Type.Object({
      id: Type.String(),
      sku: Type.String(),
      price: Type.Integer(),
      onHand: Type.Optional(Type.Integer()),
      reserved: Type.Optional(Type.Integer()),
    }),
  ),
});

export const OptionAnswer = Type.Object({ id: Type.String(), sku: Type.String() });

export const BalanceAnswer = Type.Object({ userId: Type.String(), amount: Type.Integer(), currency: Type.String() });

export const ChargeAnswer = Type.Object({ userId: Type.String(), charged: Type.Integer() });

export const OrderAnswer = Type.Object({
  id: Type.String(),
  userId: Type.String(),
  status: Type.String(),
  lines: Type.Array(Type.Object({ optionId: Type.String(), unitPrice: Type.Integer(), quantity: Type.Integer() })),
  total: Type.Integer(),
  paymentId: Type.Union([Type.String(), Type.Null()]),
});

export const PaymentAnswer = Type.Object({
  id: Type.String(),
  orderId: Type.String(),
  amount: Type.Integer(),
  refunded: Type.Integer(),
  paidAt: Type.String(),
});

export const PaymentPage = Type.Object({
  items: Type.Array(PaymentAnswer),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export const RefundAnswer = Type.Object({
  id: Type.String(),
  amount: Type.Integer(),
  lines: Type.Array(Type.Object({ optionId: Type.String(), quantity: Type.Integer() })),
  restocked: Type.Boolean(),
});

export const RefundPage = Type.Object({
  items: Type.Array(RefundAnswer),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export const RankingAnswer = Type.Object({
  from: Type.String(),
  items: Type.Array(
    Type.Object({
      rank: Type.Integer(),
      productId: Type.String(),
      name: Type.String(),
      quantity: Type.Integer(),
      revenue: Type.Integer(),
    }),
  ),
});

export const ProblemAnswer = Type.Object({ code: Type.String(), detail: Type.Optional(Type.String()) });

/** Wire types of events: the data of each type, version 1, and the envelope around it (CloudEvents 1.0). */
import { type TSchema, Type } from 'typebox';
import { id, money, nullable, strictObject, time } from '../http/schemas.ts';
import { dataSchemaOf } from './cloud-event.ts';
import type { EventType } from './event.types.ts';

const line = strictObject({
  optionId: id(),
  productId: id(),
  sku: Type.String(),
  name: Type.String(),
  unitPrice: money(),
  quantity: Type.Integer({ minimum: 1 }),
});

const sequence = Type.Integer({
  minimum: 1,
  description: 'The place among the events of the order; events of types that are not wanted leave gaps',
});

const order = {
  orderId: id(),
  userId: Type.String(),
  sequence,
  lines: Type.Array(line),
  subtotal: money(),
  discount: money(),
  total: money(),
  userCouponId: nullable(id()),
};

const { total: _total, ...orderPaid } = order;

const discount = Type.Union([
  strictObject({ type: Type.Literal('fixed'), amount: money() }),
  strictObject({ type: Type.Literal('percent'), percent: Type.Integer(), maxAmount: Type.Optional(money()) }),
]);

const rankedProduct = strictObject({
  rank: Type.Integer(),
  productId: id(),
  name: Type.String(),
  quantity: Type.Integer(),
  revenue: money(),
});

/** What `data` is, by type. */
export const EVENT_DATA = {
  'order.placed': strictObject({ ...order, placedAt: time(), expiresAt: time('Until then it holds its stock') }),
  'order.paid': strictObject({ ...orderPaid, paymentId: id(), amount: money('What was paid'), paidAt: time() }),
  'order.cancelled': strictObject({ ...order, endedAt: time() }),
  'order.expired': strictObject({ ...order, endedAt: time() }),
  'payment.refunded': strictObject({
    refundId: id(),
    paymentId: id(),
    orderId: id(),
    userId: Type.String(),
    sequence,
    amount: money('Of this refund'),
    lines: Type.Array(strictObject({ optionId: id(), quantity: Type.Integer({ minimum: 1 }) })),
    restocked: Type.Boolean(),
    reason: Type.String(),
    refunded: money('Of the payment, this refund included'),
    orderStatus: Type.Union([Type.Literal('partiallyRefunded'), Type.Literal('refunded')]),
    refundedAt: time(),
  }),
  'coupon.issued': strictObject({
    userCouponId: id(),
    couponId: id(),
    userId: Type.String(),
    name: Type.String(),
    discount,
    minOrderAmount: money(),
    couponSequence: Type.Integer({ minimum: 1, description: 'As the how manieth of its coupon it was issued' }),
    issuedAt: time(),
    expiresAt: time(),
  }),
  'ranking.updated': strictObject({ rankingId: id(), asOf: time(), from: time(), to: time(), items: Type.Array(rankedProduct) }),
} as const satisfies Record<EventType, TSchema>;

const SUMMARIES: Record<EventType, string> = {
  'order.placed': 'An order was placed; it holds its stock until it is paid or ends',
  'order.paid': 'An order was paid',
  'order.cancelled': 'An unpaid order was cancelled',
  'order.expired': 'An unpaid order has expired',
  'payment.refunded': 'A payment was refunded, in full or in part',
  'coupon.issued': 'A user got a coupon',
  'ranking.updated': 'There is a new ranking',
};

/** The schema of the whole event of a type, as a destination gets it. */
function eventSchema(type: EventType): TSchema {
  const isOfOrder = type.startsWith('order.') || type === 'payment.refunded';
  return strictObject(
    {
      specversion: Type.Literal('1.0'),
      id: id('The same in every attempt and replay'),
      source: Type.String(),
      type: Type.Literal(type),
      subject: id(isOfOrder ? 'The order' : undefined),
      time: time(),
      datacontenttype: Type.Literal('application/json'),
      dataschema: Type.Literal(dataSchemaOf(type)),
      ...(isOfOrder ? { sequence: Type.String({ pattern: '^[0-9]+$' }), sequencetype: Type.Literal('Integer') } : {}),
      data: EVENT_DATA[type],
    },
    { title: `${type}.v1` },
  );
}

const SIGNATURE_HEADERS = (
  [
    ['webhook-id', 'The id of the event'],
    ['webhook-timestamp', 'When this attempt was made, in seconds since 1970'],
    ['webhook-signature', '`v1,` and the signature in base64; several with blanks between them while a secret is rotated'],
  ] as const
).map(([name, description]) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } }));

/** The `webhooks` of the OpenAPI document. */
export function webhooksDocument(): Record<string, object> {
  const types = Object.keys(EVENT_DATA).filter((type): type is EventType => type in EVENT_DATA);
  return Object.fromEntries(types.map((type) => [type, { post: webhookOperation(type) }]));
}

function webhookOperation(type: EventType): object {
  return {
    operationId: `on${type.replaceAll(/(?:^|\.)(\w)/g, (_match, letter: string) => letter.toUpperCase())}`,
    tags: ['delivery'],
    summary: SUMMARIES[type],
    description: 'At least once, signed after Standard Webhooks 1.0. Any 2xx is a success; 410 turns the destination off.',
    parameters: SIGNATURE_HEADERS,
    requestBody: { required: true, content: { 'application/cloudevents+json': { schema: eventSchema(type) } } },
    responses: { '2XX': { description: 'Taken' } },
  };
}

/**
 * Every route of the server with what it answers to whom, by the wire contract. Everything that is asked for is the owner's, where it is
 * anybody's: another customer is refused as if it were not there.
 */
import { randomUUID } from 'node:crypto';
import type { Caller } from './caller.ts';
import { couponOf, expectStatus, issued, later, paid, placed, product, tag } from './goods.ts';
import type { Shop } from './shop.ts';

/** What one request asks for: JSON, or a text of another type. */
export interface Ask {
  readonly path: string;
  readonly body?: object;
  readonly csv?: string;
}

/** The objects of the owner, and those of the shop that a request may name. */
export interface Things {
  readonly shop: Shop;
  readonly ownerId: string;
  /** An account that nobody's objects belong to. */
  readonly visitor: { readonly email: string; readonly password: string };
  readonly productId: string;
  readonly optionId: string;
  readonly couponId: string;
  readonly newCouponId: string;
  readonly userCouponId: string;
  /** Unpaid. */
  readonly orderId: string;
  readonly paidOrderId: string;
  readonly paymentId: string;
  readonly deliveryId: string;
}

export interface Door {
  readonly ask: (things: Things) => Ask | Promise<Ask>;
  /** `200`, or the status and code of a problem. */
  readonly nobody: string;
  readonly other: string;
  readonly owner: string;
  readonly staff: string;
  /** Of owner and staff, where their session cookie gets another answer than their token. */
  readonly cookie?: string;
  /** Probes look at no credentials. */
  readonly probe?: true;
}

type Asking = Door['ask'];
const UNAUTHENTICATED = '401 UNAUTHENTICATED';
const FORBIDDEN = '403 FORBIDDEN';

const at =
  (path: string): Asking =>
  () => ({ path });
const open = (ask: Asking, answer = '200'): Door => ({ ask, nobody: answer, other: answer, owner: answer, staff: answer });
const probe = (path: string): Door => ({ ...open(at(path)), probe: true });
const staffOnly = (ask: Asking, answer = '200'): Door => ({
  ask,
  nobody: UNAUTHENTICATED,
  other: FORBIDDEN,
  owner: FORBIDDEN,
  staff: answer,
});
/** Everyone has their own. */
const each = (ask: Asking, answer = '200'): Door => ({ ask, nobody: UNAUTHENTICATED, other: answer, owner: answer, staff: answer });
/** The owner's: `refusal` is what another customer gets; staff get it, too, unless they may do as the owner does. */
const owned = (ask: Asking, refusal: string, answer = '200', staff = answer): Door => ({
  ask,
  nobody: UNAUTHENTICATED,
  other: refusal,
  owner: answer,
  staff,
});

const csvOf = (): string => `product,sku,option,price\nx,${tag()},y,5\n`;
const newCoupon = () => ({ name: tag(), discount: { type: 'fixed', amount: 1 }, quantity: 10, expiresAt: later(1e6) });

/** A destination of its own, turned off so that its place is free for the next. */
async function destination({ shop }: Things): Promise<string> {
  const body = { name: `to-${tag()}`, kind: 'webhook', url: 'https://example.com', eventTypes: ['order.expired'] };
  const { name } = expectStatus(await shop.staff.post('/destinations', body), 201).body;
  expectStatus(await shop.staff.patch(`/destinations/${name}`, { enabled: false }), 200);
  return name;
}

/** A file that the shop's page loads. */
async function asset({ shop }: Things): Promise<Ask> {
  const { text } = (await shop.anyone.get('/shop')).body;
  return { path: /"(\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? '/assets/missing' };
}

/** By method and route, as the router has them; a route may have several doors. */
export const DOORS: Readonly<Record<string, readonly Door[]>> = {
  'GET /products': [open(at('/products'))],
  'GET /products/:productId': [open(({ productId }) => ({ path: `/products/${productId}` }))],
  'GET /products/rank': [open(at('/products/rank'))],
  'POST /products': [
    staffOnly(() => ({ path: '/products', body: { name: tag(), options: [{ sku: tag(), name: 'x', price: 1, stock: 1 }] } }), '201'),
  ],
  'PATCH /products/:productId': [staffOnly(({ productId }) => ({ path: `/products/${productId}`, body: { name: tag() } }))],
  'POST /products/:productId/options': [
    staffOnly(({ productId }) => ({ path: `/products/${productId}/options`, body: { sku: tag(), name: 'x', price: 1 } }), '201'),
  ],
  'POST /products/import': [
    staffOnly(() => ({ path: '/products/import', csv: csvOf() }), '201'),
    staffOnly(() => ({ path: '/products/import?dryRun=true', csv: csvOf() })),
  ],
  'PATCH /options/:optionId': [staffOnly(({ optionId }) => ({ path: `/options/${optionId}`, body: { price: 2 } }))],
  'POST /options/:optionId/stock': [staffOnly(({ optionId }) => ({ path: `/options/${optionId}/stock`, body: { delta: 1, reason: 'x' } }))],
  'GET /options/:optionId/stock-journal': [staffOnly(({ optionId }) => ({ path: `/options/${optionId}/stock-journal` }))],
  'GET /balance': [each(at('/balance')), owned(({ ownerId }) => ({ path: `/balance?userId=${ownerId}` }), FORBIDDEN)],
  'GET /balance/history': [
    each(at('/balance/history')),
    owned(({ ownerId }) => ({ path: `/balance/history?userId=${ownerId}` }), FORBIDDEN),
  ],
  'POST /balance/charge': [
    each(() => ({ path: '/balance/charge', body: { amount: 5, reference: tag() } })),
    owned(({ ownerId }) => ({ path: '/balance/charge', body: { amount: 5, userId: ownerId, reference: tag() } }), FORBIDDEN),
  ],
  'GET /coupons': [open(at('/coupons'))],
  'GET /coupons/:couponId': [open(({ couponId }) => ({ path: `/coupons/${couponId}` }))],
  'POST /coupons': [staffOnly(() => ({ path: '/coupons', body: newCoupon() }), '201')],
  'PATCH /coupons/:couponId': [staffOnly(({ couponId }) => ({ path: `/coupons/${couponId}`, body: { quantity: 200 } }))],
  'POST /coupons/:couponId/issue': [each(({ newCouponId }) => ({ path: `/coupons/${newCouponId}/issue` }), '201')],
  'GET /me/coupons': [each(at('/me/coupons')), owned(({ ownerId }) => ({ path: `/me/coupons?userId=${ownerId}` }), FORBIDDEN)],
  'POST /orders': [
    each(({ optionId }) => ({ path: '/orders', body: { lines: [{ optionId, quantity: 1 }] } }), '201'),
    owned(
      ({ optionId, userCouponId }) => ({ path: '/orders', body: { lines: [{ optionId, quantity: 1 }], userCouponId } }),
      '409 COUPON_INVALID',
      '201',
      '409 COUPON_INVALID',
    ),
  ],
  'GET /orders': [each(at('/orders')), owned(({ ownerId }) => ({ path: `/orders?userId=${ownerId}` }), FORBIDDEN)],
  'GET /orders/:orderId': [owned(({ orderId }) => ({ path: `/orders/${orderId}` }), '404 ORDER_NOT_FOUND')],
  'GET /orders/:orderId/timeline': [staffOnly(({ orderId }) => ({ path: `/orders/${orderId}/timeline` }))],
  'POST /orders/:orderId/cancel': [owned(({ orderId }) => ({ path: `/orders/${orderId}/cancel` }), '404 ORDER_NOT_FOUND')],
  'POST /payments': [
    owned(({ orderId }) => ({ path: '/payments', body: { orderId } }), '404 ORDER_NOT_FOUND', '201', '404 ORDER_NOT_FOUND'),
  ],
  'GET /payments': [each(at('/payments')), owned(({ ownerId }) => ({ path: `/payments?userId=${ownerId}` }), FORBIDDEN)],
  'GET /payments/:paymentId': [owned(({ paymentId }) => ({ path: `/payments/${paymentId}` }), '404 PAYMENT_NOT_FOUND')],
  'GET /payments/:paymentId/refunds': [owned(({ paymentId }) => ({ path: `/payments/${paymentId}/refunds` }), '404 PAYMENT_NOT_FOUND')],
  'POST /payments/:paymentId/refunds': [
    staffOnly(({ paymentId }) => ({ path: `/payments/${paymentId}/refunds`, body: { restock: true, reason: 'x' } }), '201'),
  ],
  'GET /exports/orders.csv': [staffOnly(at('/exports/orders.csv'))],
  'GET /exports/payments.csv': [staffOnly(at('/exports/payments.csv'))],
  'GET /exports/coupons.csv': [staffOnly(at('/exports/coupons.csv'))],
  'GET /deliveries': [staffOnly(at('/deliveries'))],
  'GET /deliveries/:deliveryId': [staffOnly(({ deliveryId }) => ({ path: `/deliveries/${deliveryId}` }))],
  'POST /deliveries/replay': [staffOnly(() => ({ path: '/deliveries/replay', body: { destination: 'log', status: 'failed' } }), '202')],
  'POST /deliveries/:deliveryId/replay': [staffOnly(({ deliveryId }) => ({ path: `/deliveries/${deliveryId}/replay` }), '202')],
  'GET /destinations': [staffOnly(at('/destinations'))],
  'GET /destinations/:name': [staffOnly(at('/destinations/log'))],
  'POST /destinations': [
    staffOnly(() => ({ path: '/destinations', body: { name: `to-${tag()}`, kind: 'log', eventTypes: ['order.expired'] } }), '201'),
  ],
  'PATCH /destinations/:name': [
    staffOnly(async (things) => ({ path: `/destinations/${await destination(things)}`, body: { eventTypes: ['order.cancelled'] } })),
  ],
  'POST /destinations/:name/secret': [
    staffOnly(async (things) => ({ path: `/destinations/${await destination(things)}/secret`, body: { overlapSeconds: 0 } })),
  ],
  'POST /rankings/refresh': [staffOnly(at('/rankings/refresh'))],
  'GET /staff-actions': [staffOnly(at('/staff-actions'))],
  'GET /customers': [staffOnly(at('/customers'))],
  'GET /customers/:userId': [staffOnly(({ ownerId }) => ({ path: `/customers/${ownerId}` }))],
  'GET /dashboard': [staffOnly(at('/dashboard'))],
  'GET /dashboard/stream': [staffOnly(at('/dashboard/stream'))],
  'POST /audit': [staffOnly(at('/audit'))],
  'GET /healthz': [probe('/healthz')],
  'GET /readyz': [probe('/readyz')],
  'GET /metrics': [probe('/metrics')],
  'GET /openapi.json': [open(at('/openapi.json'))],
  'GET /docs': [open(at('/docs'))],
  'GET /docs/scalar.js': [open(at('/docs/scalar.js'))],
  'GET /problems': [open(at('/problems'))],
  'GET /problems/:code': [open(at('/problems/OUT_OF_STOCK'))],
  'GET /pages/reference.js': [open(at('/pages/reference.js'))],
  'GET /pages/pages.css': [open(at('/pages/pages.css'))],
  'GET /pages/icon.svg': [open(at('/pages/icon.svg'))],
  'GET /assets/*': [open(asset), open(at('/assets/..%2findex.html'), '404 ROUTE_NOT_FOUND')],
  'GET /': [open(at('/'), '302')],
  'GET /shop': [open(at('/shop'))],
  'GET /shop/*': [open(at('/shop/orders'))],
  'GET /admin': [open(at('/admin'))],
  'GET /admin/*': [open(at('/admin/orders'))],
  'GET /auth/session': [open(at('/auth/session'))],
  'POST /auth/token': [{ ...open(at('/auth/token'), UNAUTHENTICATED), cookie: '200' }],
  'POST /auth/sign-in': [open(({ visitor }) => ({ path: '/auth/sign-in', body: visitor }))],
  'POST /auth/sign-up': [
    open(() => ({ path: '/auth/sign-up', body: { name: 'x', email: `${randomUUID()}@example.com`, password: 'correct horse' } }), '201'),
  ],
  // The last one, for it ends the sessions that the others are called with.
  'POST /auth/sign-out': [open(at('/auth/sign-out'), '204')],
};

/** Makes the owner's objects anew. */
export async function makeThings(shop: Shop, owner: Caller, visitor: Things['visitor']): Promise<Things> {
  const made = await product(shop, [{ price: 1, stock: 100 }]);
  const optionId = made.options[0]?.id ?? '';
  const [couponId, newCouponId] = await Promise.all([couponOf(shop, {}), couponOf(shop, {})]);
  const userCouponId = await issued(owner, couponId);
  const [orderId, paidOrderId] = await Promise.all([placed(owner, optionId), placed(owner, optionId, 2)]);
  const paymentId = await paid(owner, paidOrderId);
  const deliveries = await shop.staff.get('/deliveries?limit=1');
  return {
    shop,
    ownerId: owner.userId,
    visitor,
    productId: made.id,
    optionId,
    couponId,
    newCouponId,
    userCouponId,
    orderId,
    paidOrderId,
    paymentId,
    deliveryId: deliveries.body.items[0]?.id ?? '',
  };
}

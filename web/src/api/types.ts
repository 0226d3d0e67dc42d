/** Names for the shapes of the wire. */
import type { paths } from './schema.gen.ts';

type Json<Operation> = Operation extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;
type Created<Operation> = Operation extends { responses: { 201: { content: { 'application/json': infer Body } } } } ? Body : never;

export type Product = Json<paths['/products/{productId}']['get']>;
export type ProductOption = Product['options'][number];
export type ProductQuery = NonNullable<paths['/products']['get']['parameters']['query']>;
export type ProductSort = NonNullable<ProductQuery['sort']>;
export type Coupon = Json<paths['/coupons/{couponId}']['get']>;
export type UserCoupon = Created<paths['/coupons/{couponId}/issue']['post']>;
export type Discount = Coupon['discount'];
export type Order = Json<paths['/orders/{orderId}']['get']>;
export type OrderStatus = Order['status'];
export type NewOrder = paths['/orders']['post']['requestBody']['content']['application/json'];
export type Payment = Created<paths['/payments']['post']>;
export type AccountUser = NonNullable<Json<paths['/auth/session']['get']>['user']>;

/** Names for the shapes of the wire. */
import type { paths } from './schema.gen.ts';

type Json<Operation> = Operation extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;
type Created<Operation> = Operation extends { responses: { 201: { content: { 'application/json': infer Body } } } } ? Body : never;
type Sent<Operation> = Operation extends { requestBody: { content: { 'application/json': infer Body } } } ? Body : never;
type Asked<Operation> = Operation extends { parameters: { query?: infer Query } } ? NonNullable<Query> : never;

export type Product = Json<paths['/products/{productId}']['get']>;
export type ProductOption = Product['options'][number];
export type ProductQuery = Asked<paths['/products']['get']>;
export type ProductSort = NonNullable<ProductQuery['sort']>;
export type Coupon = Json<paths['/coupons/{couponId}']['get']>;
export type UserCoupon = Created<paths['/coupons/{couponId}/issue']['post']>;
export type Discount = Coupon['discount'];
export type Order = Json<paths['/orders/{orderId}']['get']>;
export type OrderStatus = Order['status'];
export type NewOrder = Sent<paths['/orders']['post']>;
export type Payment = Created<paths['/payments']['post']>;
export type AccountUser = NonNullable<Json<paths['/auth/session']['get']>['user']>;

// What only staff see.
export type Dashboard = Json<paths['/dashboard']['get']>;
export type Flow = Dashboard['flows']['orders'];
export type NewProduct = Sent<paths['/products']['post']>;
export type ProductChange = Sent<paths['/products/{productId}']['patch']>;
export type NewOption = Sent<paths['/products/{productId}/options']['post']>;
export type OptionChange = Sent<paths['/options/{optionId}']['patch']>;
export type StockChange = Sent<paths['/options/{optionId}/stock']['post']>;
export type NewCoupon = Sent<paths['/coupons']['post']>;
export type CouponChange = Sent<paths['/coupons/{couponId}']['patch']>;
export type StockMovement = Json<paths['/options/{optionId}/stock-journal']['get']>['items'][number];
/** What the list of coupons is narrowed to. */
export type CouponStatus = NonNullable<Asked<paths['/coupons']['get']>['status']>;
export type OrderQuery = Asked<paths['/orders']['get']>;
export type Timeline = Json<paths['/orders/{orderId}/timeline']['get']>;
export type TimelineEntry = Timeline['entries'][number];
export type NewRefund = Sent<paths['/payments/{paymentId}/refunds']['post']>;
export type Refund = Created<paths['/payments/{paymentId}/refunds']['post']>;
export type Charge = Sent<paths['/balance/charge']['post']>;
export type DeliveryQuery = Asked<paths['/deliveries']['get']>;
export type Delivery = Json<paths['/deliveries']['get']>['items'][number];
export type DeliveryWithLog = Json<paths['/deliveries/{deliveryId}']['get']>;
export type ReplayRequest = Sent<paths['/deliveries/replay']['post']>;
export type Destination = Json<paths['/destinations/{name}']['get']>;
export type NewDestination = Sent<paths['/destinations']['post']>;
export type DestinationChange = Sent<paths['/destinations/{name}']['patch']>;
export type DestinationWithSecret = Created<paths['/destinations']['post']>;
export type EventType = NewDestination['eventTypes'][number];
export type StaffAction = Json<paths['/staff-actions']['get']>['items'][number];
export type StaffActionQuery = Asked<paths['/staff-actions']['get']>;
export type ImportPreview = Json<paths['/products/import']['post']>;
export type AuditResult = Json<paths['/audit']['post']>;
export type Customer = Json<paths['/customers']['get']>['items'][number];
export type CustomerDetail = Json<paths['/customers/{userId}']['get']>;
export type Ranking = Json<paths['/products/rank']['get']>;

/** What staff do. Each carries the key of its intent, so that a second press or a retry never does it twice. */
import type {
  AuditResult,
  Charge,
  Coupon,
  CouponChange,
  Delivery,
  Destination,
  DestinationChange,
  DestinationWithSecret,
  ImportPreview,
  NewCoupon,
  NewDestination,
  NewOption,
  NewProduct,
  NewRefund,
  OptionChange,
  Order,
  Product,
  ProductChange,
  ProductOption,
  Ranking,
  Refund,
  ReplayRequest,
  StockChange,
} from '@openrun/client';
import { api } from '../../api/client.ts';
import { write } from '../../api/write.ts';

const keyed = (key: string) => ({ 'Idempotency-Key': key });

export function createProduct(body: NewProduct): Promise<Product> {
  return write('staff', { does: 'createProduct', body }, (key) => api.post('/products', { params: { header: keyed(key) }, body }));
}

export function changeProduct({ productId, body }: { productId: string; body: ProductChange }): Promise<Product> {
  return write('staff', { does: 'changeProduct', productId, body }, (key) =>
    api.patch('/products/{productId}', { params: { path: { productId }, header: keyed(key) }, body }),
  );
}

export function createOption({ productId, body }: { productId: string; body: NewOption }): Promise<ProductOption> {
  return write('staff', { does: 'createOption', productId, body }, (key) =>
    api.post('/products/{productId}/options', { params: { path: { productId }, header: keyed(key) }, body }),
  );
}

export function changeOption({ optionId, body }: { optionId: string; body: OptionChange }): Promise<ProductOption> {
  return write('staff', { does: 'changeOption', optionId, body }, (key) =>
    api.patch('/options/{optionId}', { params: { path: { optionId }, header: keyed(key) }, body }),
  );
}

export function adjustStock({ optionId, body }: { optionId: string; body: StockChange }): Promise<{ available: number }> {
  return write('staff', { does: 'adjustStock', optionId, body }, (key) =>
    api.post('/options/{optionId}/stock', { params: { path: { optionId }, header: keyed(key) }, body }),
  );
}

const asItIs = (csv: string): string => csv;
const CSV = { 'content-type': 'text/csv' } as const;

/** Has a file looked through; nothing is made of it. */
export async function previewImport(csv: string): Promise<ImportPreview> {
  const answer = await api.post('/products/import', {
    params: { query: { dryRun: true } },
    body: csv,
    bodySerializer: asItIs,
    headers: CSV,
  });
  if (!('rowErrors' in answer)) throw new Error('a preview makes nothing');
  return answer;
}

/** Makes what is in a file, all of it or nothing. */
export function importProducts({ file, csv }: { file: File; csv: string }): Promise<{ products: number; options: number }> {
  const { name, size, lastModified } = file;
  return write('staff', { does: 'importProducts', name, size, lastModified }, (key) =>
    api.post('/products/import', { params: { query: {}, header: keyed(key) }, body: csv, bodySerializer: asItIs, headers: CSV }),
  );
}

export function createCoupon(body: NewCoupon): Promise<Coupon> {
  return write('staff', { does: 'createCoupon', body }, (key) => api.post('/coupons', { params: { header: keyed(key) }, body }));
}

export function changeCoupon({ couponId, body }: { couponId: string; body: CouponChange }): Promise<Coupon> {
  return write('staff', { does: 'changeCoupon', couponId, body }, (key) =>
    api.patch('/coupons/{couponId}', { params: { path: { couponId }, header: keyed(key) }, body }),
  );
}

export function cancelOrderOf(orderId: string): Promise<Order> {
  return write('staff', { does: 'cancelOrder', orderId }, (key) =>
    api.post('/orders/{orderId}/cancel', { params: { path: { orderId }, header: keyed(key) } }),
  );
}

export function refundPayment({ paymentId, body }: { paymentId: string; body: NewRefund }): Promise<Refund> {
  return write('staff', { does: 'refundPayment', paymentId, body }, (key) =>
    api.post('/payments/{paymentId}/refunds', { params: { path: { paymentId }, header: keyed(key) }, body }),
  );
}

export function chargeCustomer(body: Charge): Promise<{ charged: number; amount: number }> {
  return write('staff', { does: 'chargeCustomer', body }, (key) => api.post('/balance/charge', { params: { header: keyed(key) }, body }));
}

/** Has one delivery made again; answered with 202, which the types of the client count as an answer, too. */
export function replayDelivery(deliveryId: string): Promise<Delivery> {
  return write('staff', { does: 'replayDelivery', deliveryId }, (key) =>
    api.post('/deliveries/{deliveryId}/replay', { params: { path: { deliveryId }, header: keyed(key) } }),
  );
}

/** Has what matches delivered again, at most 5,000 a call; `nextAfter` is where the next call goes on. */
export function replayDeliveries(body: ReplayRequest): Promise<{ replayed: number; nextAfter: string | null }> {
  return write('staff', { does: 'replayDeliveries', body }, (key) =>
    api.post('/deliveries/replay', { params: { header: keyed(key) }, body }),
  );
}

/** The secret is in the answer this once. */
export function createDestination(body: NewDestination): Promise<DestinationWithSecret> {
  return write('staff', { does: 'createDestination', body }, (key) => api.post('/destinations', { params: { header: keyed(key) }, body }));
}

export function changeDestination({ name, body }: { name: string; body: DestinationChange }): Promise<Destination> {
  return write('staff', { does: 'changeDestination', name, body }, (key) =>
    api.patch('/destinations/{name}', { params: { path: { name }, header: keyed(key) }, body }),
  );
}

export function rotateSecret({ name, overlapSeconds }: { name: string; overlapSeconds: number }): Promise<DestinationWithSecret> {
  return write('staff', { does: 'rotateSecret', name, overlapSeconds }, (key) =>
    api.post('/destinations/{name}/secret', { params: { path: { name }, header: keyed(key) }, body: { overlapSeconds } }),
  );
}

export function refreshRanking(): Promise<Ranking> {
  return write('staff', { does: 'refreshRanking' }, (key) => api.post('/rankings/refresh', { params: { header: keyed(key) } }));
}

/** Recomputes every invariant; it changes nothing, so that it needs no key. */
export function runAudit(): Promise<AuditResult> {
  return api.post('/audit', { params: {} });
}

/** What the back office reads. Everything under `staff` is asked for anew after each change. */
import type { CouponStatus, DeliveryQuery, OrderQuery, ProductQuery, StaffActionQuery } from '@openrun/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

const PAGE = 50;
const LIST_MS = 10_000;
const WATCH_MS = 1000;
const fresh = { cache: 'no-store' } as const;
const firstPage: string | undefined = undefined;
const nextOf = ({ nextCursor }: { readonly nextCursor: string | null }) => nextCursor ?? undefined;
const paged = (cursor: string | undefined) => ({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
const pages = { initialPageParam: firstPage, getNextPageParam: nextOf } as const;

export function productListQuery(query: ProductQuery) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'products', query],
    queryFn: ({ pageParam, signal }) => api.get('/products', { params: { query: { ...query, ...paged(pageParam) } }, signal, ...fresh }),
    ...pages,
    placeholderData: (previous) => previous,
  });
}

export function staffProductQuery(productId: string) {
  return queryOptions({
    queryKey: ['staff', 'product', productId],
    queryFn: ({ signal }) => api.get('/products/{productId}', { params: { path: { productId } }, signal, ...fresh }),
    refetchInterval: LIST_MS,
  });
}

export function stockJournalQuery(optionId: string) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'option', optionId, 'stock-journal'],
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { optionId }, query: paged(pageParam) };
      return api.get('/options/{optionId}/stock-journal', { params, signal, ...fresh });
    },
    ...pages,
  });
}

export function couponListQuery(status: CouponStatus) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'coupons', status],
    queryFn: ({ pageParam, signal }) => api.get('/coupons', { params: { query: { status, ...paged(pageParam) } }, signal, ...fresh }),
    ...pages,
    placeholderData: (previous) => previous,
    refetchInterval: LIST_MS,
  });
}

export function couponQuery(couponId: string) {
  return queryOptions({
    queryKey: ['staff', 'coupon', couponId],
    queryFn: ({ signal }) => api.get('/coupons/{couponId}', { params: { path: { couponId } }, signal, ...fresh }),
    refetchInterval: WATCH_MS,
  });
}

/** What was issued of all coupons since then, as the export's rows. */
export function readIssues(from: string, signal: AbortSignal): Promise<string> {
  return api.get('/exports/coupons.csv', { params: { query: { from } }, parseAs: 'text', signal, ...fresh });
}

export function orderListQuery(query: OrderQuery) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'orders', query],
    queryFn: ({ pageParam, signal }) => api.get('/orders', { params: { query: { ...query, ...paged(pageParam) } }, signal, ...fresh }),
    ...pages,
    placeholderData: (previous) => previous,
  });
}

export function staffOrderQuery(orderId: string) {
  return queryOptions({
    queryKey: ['staff', 'order', orderId],
    queryFn: ({ signal }) => api.get('/orders/{orderId}', { params: { path: { orderId } }, signal, ...fresh }),
  });
}

export function timelineQuery(orderId: string) {
  return queryOptions({
    queryKey: ['staff', 'order', orderId, 'timeline'],
    queryFn: ({ signal }) => api.get('/orders/{orderId}/timeline', { params: { path: { orderId } }, signal, ...fresh }),
  });
}

export function paymentQuery(paymentId: string) {
  return queryOptions({
    queryKey: ['staff', 'payment', paymentId],
    queryFn: ({ signal }) => api.get('/payments/{paymentId}', { params: { path: { paymentId } }, signal, ...fresh }),
  });
}

export function refundsQuery(paymentId: string) {
  return queryOptions({
    queryKey: ['staff', 'payment', paymentId, 'refunds'],
    queryFn: async ({ signal }) => {
      const params = { path: { paymentId }, query: { limit: 100 } };
      return (await api.get('/payments/{paymentId}/refunds', { params, signal, ...fresh })).items;
    },
  });
}

export function customerListQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'customers', search],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...paged(pageParam), ...(search === '' ? {} : { search }) };
      return api.get('/customers', { params: { query }, signal, ...fresh });
    },
    ...pages,
    placeholderData: (previous) => previous,
  });
}

export function customerQuery(userId: string) {
  return queryOptions({
    queryKey: ['staff', 'customer', userId],
    queryFn: ({ signal }) => api.get('/customers/{userId}', { params: { path: { userId } }, signal, ...fresh }),
  });
}

export function customerHistoryQuery(userId: string) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'customer', userId, 'history'],
    queryFn: ({ pageParam, signal }) =>
      api.get('/balance/history', { params: { query: { userId, ...paged(pageParam) } }, signal, ...fresh }),
    ...pages,
  });
}

export function customerCouponsQuery(userId: string) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'customer', userId, 'coupons'],
    queryFn: ({ pageParam, signal }) => api.get('/me/coupons', { params: { query: { userId, ...paged(pageParam) } }, signal, ...fresh }),
    ...pages,
  });
}

export function deliveryListQuery(query: DeliveryQuery) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'deliveries', query],
    queryFn: ({ pageParam, signal }) => api.get('/deliveries', { params: { query: { ...query, ...paged(pageParam) } }, signal, ...fresh }),
    ...pages,
    placeholderData: (previous) => previous,
    refetchInterval: LIST_MS,
  });
}

export function deliveryQuery(deliveryId: string) {
  return queryOptions({
    queryKey: ['staff', 'delivery', deliveryId],
    queryFn: ({ signal }) => api.get('/deliveries/{deliveryId}', { params: { path: { deliveryId } }, signal, ...fresh }),
  });
}

export const destinationsQuery = queryOptions({
  queryKey: ['staff', 'destinations'],
  queryFn: async ({ signal }) => (await api.get('/destinations', { signal, ...fresh })).items,
});

export function trailQuery(query: StaffActionQuery) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'trail', query],
    queryFn: ({ pageParam, signal }) =>
      api.get('/staff-actions', { params: { query: { ...query, ...paged(pageParam) } }, signal, ...fresh }),
    ...pages,
    placeholderData: (previous) => previous,
  });
}

export const staffRankingQuery = queryOptions({
  queryKey: ['staff', 'ranking'],
  queryFn: ({ signal }) => api.get('/products/rank', { signal, ...fresh }),
});

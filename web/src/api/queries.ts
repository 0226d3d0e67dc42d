/** What the pages read, and how fresh each of it is kept while somebody looks. */
import { type AccountUser, Problem, type ProductQuery } from '@openrun/client';
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

const PAGE = 24;
const LIVE_MS = 1000;
const COUPONS_MS = 2000;
const LIST_MS = 10_000;
const RANKING_MS = 60_000;

/** Straight from the server: nobody else's to keep, and its `Date` is now. */
const fresh = { cache: 'no-store' } as const;
const firstPage: string | undefined = undefined;
const nextOf = ({ nextCursor }: { readonly nextCursor: string | null }) => nextCursor ?? undefined;

export function productsQuery(query: ProductQuery) {
  return infiniteQueryOptions({
    queryKey: ['products', query],
    queryFn: ({ pageParam: cursor, signal }) =>
      api.get('/products', { params: { query: { ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } }, signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    refetchInterval: LIST_MS,
    placeholderData: (previous) => previous,
  });
}

/** One product with its stock, once a second while the page is looked at. */
export function productQuery(productId: string) {
  return queryOptions({
    queryKey: ['product', productId],
    queryFn: ({ signal }) => api.get('/products/{productId}', { params: { path: { productId } }, signal }),
    refetchInterval: LIVE_MS,
  });
}

export const rankingQuery = queryOptions({
  queryKey: ['ranking'],
  queryFn: ({ signal }) => api.get('/products/rank', { signal }),
  refetchInterval: RANKING_MS,
});

export const couponsQuery = queryOptions({
  queryKey: ['coupons'],
  queryFn: async ({ signal }) => (await api.get('/coupons', { params: { query: { limit: 100 } }, signal, ...fresh })).items,
  refetchInterval: COUPONS_MS,
});

/** Who is signed in; `hasEnded`: who was, until the session ended by itself. */
export interface SessionState {
  readonly user: AccountUser | null;
  readonly hasEnded: boolean;
}

const SESSION_KEY = ['session'] as const;

/** A session that ended by itself leaves its user's page, and what was typed there, until they sign in again or leave. */
export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: async ({ client, signal }): Promise<SessionState> => {
    const { user } = await api.get('/auth/session', { signal, ...fresh });
    const known = client.getQueryData<SessionState>(SESSION_KEY)?.user ?? null;
    return user === null && known !== null ? { user: known, hasEnded: true } : { user, hasEnded: false };
  },
  staleTime: 60_000,
});

/** An answer said that nobody is signed in: ask, and the pages say the rest. */
export function noticeEnd(client: QueryClient, error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 401) return;
  if (client.getQueryData(sessionQuery.queryKey)?.hasEnded !== true) void client.invalidateQueries({ queryKey: SESSION_KEY });
}

/** Everything under `mine` belongs to whoever is signed in. */
export const myCouponsQuery = queryOptions({
  queryKey: ['mine', 'coupons'],
  queryFn: async ({ signal }) => (await api.get('/me/coupons', { params: { query: { limit: 100 } }, signal, ...fresh })).items,
});

export const balanceQuery = queryOptions({
  queryKey: ['mine', 'balance'],
  queryFn: ({ signal }) => api.get('/balance', { params: { query: {} }, signal, ...fresh }),
});

export const balanceHistoryQuery = infiniteQueryOptions({
  queryKey: ['mine', 'balance', 'history'],
  queryFn: ({ pageParam: cursor, signal }) =>
    api.get('/balance/history', { params: { query: cursor === undefined ? {} : { cursor } }, signal, ...fresh }),
  initialPageParam: firstPage,
  getNextPageParam: nextOf,
});

/** Of this customer alone: staff would see everyone's. */
export function ordersQuery(userId: string) {
  return infiniteQueryOptions({
    queryKey: ['mine', 'orders', userId],
    queryFn: ({ pageParam: cursor, signal }) =>
      api.get('/orders', { params: { query: { userId, ...(cursor === undefined ? {} : { cursor }) } }, signal, ...fresh }),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
  });
}

export function orderQuery(orderId: string) {
  return queryOptions({
    queryKey: ['mine', 'order', orderId],
    queryFn: ({ signal }) => api.get('/orders/{orderId}', { params: { path: { orderId } }, signal, ...fresh }),
  });
}

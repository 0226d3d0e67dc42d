/** What a customer does. Everything that must happen once carries the key of its intent. */
import { type AccountUser, type NewOrder, type Order, type Payment, Problem, type UserCoupon } from '@openrun/client';
import { api } from './client.ts';
import { forgetAll } from './intents.ts';
import { write } from './write.ts';

const keyed = (key: string) => ({ 'Idempotency-Key': key });

/** How far this page's idea of the server's clock may be ahead of it: a header names whole seconds only. */
const CLOCK_AHEAD_MS = 1500;
const ASK_AGAIN_MS = 100;

/** Claims a coupon. A tap in the very moment of the opening may be early by the server's clock, and is then asked for again until it is not. */
export async function claimCoupon(couponId: string): Promise<UserCoupon> {
  const givesUpAt = performance.now() + CLOCK_AHEAD_MS;
  for (;;) {
    try {
      return await write('claim', { couponId }, (key) =>
        api.post('/coupons/{couponId}/issue', { params: { path: { couponId }, header: keyed(key) } }),
      );
    } catch (error) {
      const isEarly = error instanceof Problem && error.code === 'COUPON_NOT_STARTED';
      if (!isEarly || performance.now() >= givesUpAt) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, ASK_AGAIN_MS);
      });
    }
  }
}

export function placeOrder(body: NewOrder): Promise<Order> {
  return write('order', body, (key) => api.post('/orders', { params: { header: keyed(key) }, body }));
}

export function payOrder(orderId: string): Promise<Payment> {
  return write('pay', { orderId }, (key) => api.post('/payments', { params: { header: keyed(key) }, body: { orderId } }));
}

export function cancelOrder(orderId: string): Promise<Order> {
  return write('cancel', { orderId }, (key) => api.post('/orders/{orderId}/cancel', { params: { path: { orderId }, header: keyed(key) } }));
}

/** Gives what was charged and the new balance. */
export function chargeBalance(amount: number): Promise<{ amount: number; charged: number }> {
  return write('charge', { amount }, (key) => api.post('/balance/charge', { params: { header: keyed(key) }, body: { amount } }));
}

export async function signIn(body: { email: string; password: string }): Promise<AccountUser> {
  return (await api.post('/auth/sign-in', { body })).user;
}

export async function signUp(body: { name: string; email: string; password: string }): Promise<AccountUser> {
  return (await api.post('/auth/sign-up', { body })).user;
}

export async function signOut(): Promise<void> {
  await api.post('/auth/sign-out');
  forgetAll();
}

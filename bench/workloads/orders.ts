/** Orders: of one hot option, of options all over the shop, and paid for at once. */
import type { Answer } from '../load/connection.ts';
import { postRequest, type User } from '../load/requests.ts';
import type { Client, Traffic } from '../load/traffic.ts';
import { emptyPost } from './references.ts';
import type { Shop } from './shop.ts';
import { at, counter, stream, type Workload } from './workload.ts';

const UNIFORM_PRODUCTS = 1_000;
const SAMPLE_ID = '01980000-0000-7000-8000-000000000000';
const ID_AT = '{"id":"'.length;
const ID_LENGTH = 36;

export function orderBody(lines: readonly { readonly optionId: string; readonly quantity: number }[], userCouponId?: string): string {
  return JSON.stringify({ lines, ...(userCouponId === undefined ? {} : { userCouponId }) });
}

/** The id that an answer's body begins with. */
export function idOfAnswer({ body }: { readonly body: Buffer }): string {
  return body.toString('latin1', ID_AT, ID_AT + ID_LENGTH);
}

const oneLine = orderBody([{ optionId: SAMPLE_ID, quantity: 1 }]);

async function hotOrders(shop: Shop): Promise<Traffic> {
  const { optionIds } = await shop.products(`hot-${Date.now()}`, 1);
  const body = orderBody([{ optionId: at(optionIds, 0), quantity: 1 }]);
  const turn = counter();
  return stream(() => postRequest(at(shop.users, turn()), '/orders', body));
}

async function uniformOrders(shop: Shop): Promise<Traffic> {
  const { optionIds } = await shop.products(`uniform-${Date.now()}`, UNIFORM_PRODUCTS);
  const turn = counter();
  return stream(() => {
    const optionId = at(optionIds, Math.floor(Math.random() * optionIds.length));
    return postRequest(at(shop.users, turn()), '/orders', orderBody([{ optionId, quantity: 1 }]));
  });
}

/** A customer who orders, then pays for that order, then the next customer. */
export function payingClient(nextUser: () => User, bodyOf: (user: User) => string): Client {
  let user = nextUser();
  let unpaid: string | null = null;
  return {
    next: () => {
      if (unpaid === null) return postRequest(user, '/orders', bodyOf(user));
      return postRequest(user, '/payments', `{"orderId":"${unpaid}"}`);
    },
    answered: (answer: Answer) => {
      unpaid = unpaid === null && answer.status === 201 ? idOfAnswer(answer) : null;
      if (unpaid === null) user = nextUser();
    },
  };
}

async function orderAndPay(shop: Shop): Promise<Traffic> {
  await shop.charge();
  const { optionIds } = await shop.products(`paid-${Date.now()}`, 1);
  const body = orderBody([{ optionId: at(optionIds, 0), quantity: 1 }]);
  const turn = counter();
  const nextUser = (): User => at(shop.users, turn());
  return { client: () => payingClient(nextUser, () => body) };
}

const common = { reference: 'post', counted: [201], referenceTraffic: (shop: Shop) => emptyPost(shop, oneLine) } as const;

export const hotOrder: Workload = { ...common, name: 'hot-order', title: 'hot product: order', open: hotOrders };

export const uniformOrder: Workload = {
  ...common,
  name: 'uniform-order',
  title: 'order, keys spread over 2,000 options',
  open: uniformOrders,
};

export const orderAndPayment: Workload = {
  ...common,
  name: 'order-payment',
  title: 'order and payment, as two requests',
  open: orderAndPay,
};

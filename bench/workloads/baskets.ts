/** Baskets of one to five lines, each with a coupon of its customer's. */
import { sendAll } from '../load/batch.ts';
import { postRequest, type User } from '../load/requests.ts';
import type { Traffic } from '../load/traffic.ts';
import { idOfAnswer, orderBody } from './orders.ts';
import { emptyPost } from './references.ts';
import type { Shop } from './shop.ts';
import { at, counter, stream, type Workload } from './workload.ts';

const PRODUCTS = 200;
const LINES_MAX = 5;
const PLENTY = 1_000_000_000;
const SAMPLE_ID = '01980000-0000-7000-8000-000000000000';

function lines(optionIds: readonly string[], index: number) {
  const first = Math.floor(Math.random() * optionIds.length);
  return Array.from({ length: 1 + (index % LINES_MAX) }, (_, line) => ({ optionId: at(optionIds, first + line * 7), quantity: 1 }));
}

async function baskets(shop: Shop): Promise<Traffic> {
  const { optionIds } = await shop.products(`basket-${Date.now()}`, PRODUCTS);
  const claimed: { user: User; userCouponId: string }[] = [];
  const turn = counter();
  const claim = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= shop.users.length) {
      const couponId = await shop.coupon('basket', PLENTY);
      const claimants = shop.users.slice(0, left);
      const byId = new Map(claimants.map((user) => [user.id, user]));
      await sendAll(
        shop.arm.port,
        claimants.map((user) => () => postRequest(user, `/coupons/${couponId}/issue`, '')),
        201,
        (body) => {
          const userId = /"userId":"([^"]+)"/.exec(body.toString('latin1'))?.[1] ?? '';
          const user = byId.get(userId);
          if (user !== undefined) claimed.push({ user, userCouponId: idOfAnswer({ body }) });
        },
      );
    }
  };
  return {
    ...stream(() => {
      const coupon = claimed.pop();
      if (coupon === undefined) throw new Error('the prepared coupons are used up');
      return postRequest(coupon.user, '/orders', orderBody(lines(optionIds, turn()), coupon.userCouponId));
    }),
    prepare: (requests) => claim(Math.max(0, requests - claimed.length)),
  };
}

export const basket: Workload = {
  name: 'basket',
  title: 'basket of 1–5 lines with a coupon',
  reference: 'post',
  counted: [201],
  referenceTraffic: (shop) =>
    emptyPost(
      shop,
      orderBody(
        Array.from({ length: 3 }, () => ({ optionId: SAMPLE_ID, quantity: 1 })),
        SAMPLE_ID,
      ),
    ),
  open: baskets,
};

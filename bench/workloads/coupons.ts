/** The run on one coupon: while there is some left, over its end, and after it. */
import { postRequest } from '../load/requests.ts';
import type { Traffic } from '../load/traffic.ts';
import { emptyPost } from './references.ts';
import type { Shop } from './shop.ts';
import { at, counter, stream, type Workload } from './workload.ts';

const PLENTY = 1_000_000_000;

/** Claims of one coupon by customer after customer; after `claimsEach` of them the next coupon opens. */
async function claims(shop: Shop, name: string, quantity: number, claimsEach: number): Promise<Traffic> {
  const turn = counter();
  let couponId = await shop.coupon(name, quantity);
  let upcoming = await shop.coupon(name, quantity);
  const open = async (): Promise<void> => {
    upcoming = await shop.coupon(name, quantity);
  };
  return stream(() => {
    const index = turn();
    if (index > 0 && index % claimsEach === 0) {
      couponId = upcoming;
      void open();
    }
    return postRequest(at(shop.users, index), `/coupons/${couponId}/issue`, '');
  });
}

/** Of those who come for a coupon that ends, half are too late. */
function endingClaims(shop: Shop): Promise<Traffic> {
  const quantity = Math.floor(shop.users.length / 8);
  return claims(shop, 'ending', quantity, 2 * quantity);
}

async function soldOutClaims(shop: Shop, withKey: boolean): Promise<Traffic> {
  const couponId = await shop.coupon('gone', 1);
  const [winner, ...others] = shop.users;
  if (winner === undefined) throw new Error('nobody to win');
  const response = await fetch(`http://127.0.0.1:${shop.arm.port}/coupons/${couponId}/issue`, {
    method: 'POST',
    headers: { authorization: `Bearer ${winner.token}` },
  });
  if (response.status !== 201) throw new Error(`the coupon cannot be claimed: ${response.status}`);
  const turn = counter();
  return stream(() => postRequest(at(others, turn()), `/coupons/${couponId}/issue`, '', withKey));
}

const common = { reference: 'post' } as const;

export const hotCoupon: Workload = {
  ...common,
  name: 'hot-coupon',
  title: 'hot coupon: issue',
  counted: [201],
  referenceTraffic: (shop) => emptyPost(shop, ''),
  open: (shop) => claims(shop, 'hot', PLENTY, shop.users.length),
};

export const endingCoupon: Workload = {
  ...common,
  name: 'ending-coupon',
  title: 'coupon that sells out on the way: all answers',
  counted: [201, 409],
  referenceTraffic: (shop) => emptyPost(shop, ''),
  open: endingClaims,
};

export const soldOutCoupon: Workload = {
  ...common,
  name: 'sold-out-coupon',
  title: 'sold-out coupon, without a key',
  counted: [409],
  referenceTraffic: (shop) => emptyPost(shop, '', false),
  open: (shop) => soldOutClaims(shop, false),
};

export const soldOutCouponWithKey: Workload = {
  ...common,
  name: 'sold-out-coupon-key',
  title: 'sold-out coupon, with a key',
  counted: [409],
  referenceTraffic: (shop) => emptyPost(shop, ''),
  open: (shop) => soldOutClaims(shop, true),
};

/** All workloads, in the order of the table. */
import { charges, hotBalance } from './balances.ts';
import { basket } from './baskets.ts';
import { endingCoupon, hotCoupon, soldOutCoupon, soldOutCouponWithKey } from './coupons.ts';
import { day } from './day.ts';
import { hotOrder, orderAndPayment, uniformOrder } from './orders.ts';
import { productDetail, productList, ranking } from './reads.ts';
import { emptyGet, emptyPost } from './references.ts';
import type { Workload } from './workload.ts';

/** The reference against itself: how far two measurements of the same thing lie apart. */
const emptyAgain: Workload = {
  name: 'empty-post',
  title: 'empty POST again (A/A: the noise)',
  reference: 'post',
  counted: [201],
  referenceTraffic: (shop) => emptyPost(shop, ''),
  open: async (shop) => emptyPost(shop, ''),
};

const emptyGetAgain: Workload = {
  name: 'empty-get',
  title: 'empty GET again (A/A: the noise)',
  reference: 'get',
  counted: [200],
  referenceTraffic: emptyGet,
  open: async () => emptyGet(),
};

export const WORKLOADS: readonly Workload[] = [
  emptyAgain,
  hotCoupon,
  endingCoupon,
  soldOutCoupon,
  soldOutCouponWithKey,
  hotOrder,
  orderAndPayment,
  uniformOrder,
  basket,
  charges,
  hotBalance,
  emptyGetAgain,
  productList,
  productDetail,
  ranking,
  day,
];

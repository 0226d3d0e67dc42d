/** The mixed day of a shop: most look, some sign up for coupons, few buy, and all at the same time. */
import { getRequest, getRequestOf, postRequest, type User } from '../load/requests.ts';
import type { Client, Traffic } from '../load/traffic.ts';
import { orderBody, payingClient } from './orders.ts';
import { emptyPost } from './references.ts';
import type { Shop } from './shop.ts';
import { at, counter, type Workload } from './workload.ts';

const PRODUCTS = 200;
const CHARGE = '{"amount":1000}';
const SAMPLE = orderBody([{ optionId: '01980000-0000-7000-8000-000000000000', quantity: 1 }]);

/** Of 100 steps of a client: what visitors of a shop do. A purchase is two of them, order and payment. */
const STEPS: readonly (readonly [until: number, step: 'list' | 'detail' | 'ranking' | 'own' | 'charge' | 'purchase'])[] = [
  [25, 'list'],
  [65, 'detail'],
  [70, 'ranking'],
  [80, 'own'],
  [82, 'charge'],
  [100, 'purchase'],
];

function drawStep() {
  const drawn = Math.random() * 100;
  return STEPS.find(([until]) => drawn < until)?.[1] ?? 'list';
}

async function mixedDay(shop: Shop): Promise<Traffic> {
  await shop.charge();
  const { productIds, optionIds } = await shop.products(`day-${Date.now()}`, PRODUCTS);
  await shop.staff('POST', '/rankings/refresh', {});
  const turn = counter();
  const nextUser = (): User => at(shop.users, turn());
  // Half of all sales are of the ten options that everybody wants.
  const anyOption = (): string => at(optionIds, Math.floor(Math.random() * (Math.random() < 0.5 ? 10 : optionIds.length)));
  const client = (): Client => {
    const buyer = payingClient(nextUser, () => orderBody([{ optionId: anyOption(), quantity: 1 }]));
    let buying = 0;
    return {
      next: () => {
        const step = buying > 0 ? 'purchase' : drawStep();
        if (step === 'purchase') {
          buying = buying === 0 ? 2 : buying;
          return buyer.next();
        }
        switch (step) {
          case 'list':
            return getRequest('/products?limit=20');
          case 'detail':
            return getRequest(`/products/${at(productIds, Math.floor(Math.random() * productIds.length))}`);
          case 'ranking':
            return getRequest('/products/rank');
          case 'own':
            return getRequestOf(nextUser(), '/balance');
          case 'charge':
            return postRequest(nextUser(), '/balance/charge', CHARGE);
        }
      },
      answered: (answer) => {
        if (buying === 0) return;
        buying -= 1;
        buyer.answered?.(answer);
        if (answer.status !== 201) buying = 0;
      },
    };
  };
  return { client };
}

export const day: Workload = {
  name: 'day',
  title: 'the mixed day of a shop (30 % writes)',
  reference: 'post',
  counted: [200, 201],
  referenceTraffic: (shop) => emptyPost(shop, SAMPLE),
  open: mixedDay,
};

/** Charges: of everybody's balance, and of one alone. */
import { postRequest } from '../load/requests.ts';
import { emptyPost } from './references.ts';
import { at, counter, stream, type Workload } from './workload.ts';

const BODY = '{"amount":1000}';

export const charges: Workload = {
  name: 'charge',
  title: 'charge, everybody’s balance',
  reference: 'post',
  counted: [200],
  referenceTraffic: (shop) => emptyPost(shop, BODY),
  open: async (shop) => {
    const turn = counter();
    return stream(() => postRequest(at(shop.users, turn()), '/balance/charge', BODY));
  },
};

export const hotBalance: Workload = {
  ...charges,
  name: 'hot-balance',
  title: 'charge, one hot balance',
  open: async (shop) => {
    const user = at(shop.users, 0);
    return stream(() => postRequest(user, '/balance/charge', BODY));
  },
};

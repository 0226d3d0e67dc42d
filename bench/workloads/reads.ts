/** What visitors look at. */
import { getRequest } from '../load/requests.ts';
import { emptyGet } from './references.ts';
import { at, counter, stream, type Workload } from './workload.ts';

const PRODUCTS = 200;

const common = { reference: 'get', counted: [200], referenceTraffic: emptyGet } as const;

export const productList: Workload = {
  ...common,
  name: 'product-list',
  title: 'product list of 20',
  open: async (shop) => {
    await shop.products(`list-${Date.now()}`, PRODUCTS);
    const request = getRequest('/products?limit=20');
    return stream(() => request);
  },
};

export const productDetail: Workload = {
  ...common,
  name: 'product-detail',
  title: 'product detail, 100 of them',
  open: async (shop) => {
    const { productIds } = await shop.products(`detail-${Date.now()}`, 100);
    const requests = productIds.map((id) => getRequest(`/products/${id}`));
    const turn = counter();
    return stream(() => at(requests, turn()));
  },
};

export const ranking: Workload = {
  ...common,
  name: 'ranking',
  title: 'ranking',
  open: async (shop) => {
    await shop.staff('POST', '/rankings/refresh', {});
    const request = getRequest('/products/rank');
    return stream(() => request);
  },
};

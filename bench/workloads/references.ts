/** The empty requests that workloads are compared with. */
import { getRequest, postRequest } from '../load/requests.ts';
import type { Traffic } from '../load/traffic.ts';
import type { Shop } from './shop.ts';
import { at, counter, stream } from './workload.ts';

/** `POST` by customer after customer; `body` is what the workload sends, `withKey` whether it has an idempotency key. */
export function emptyPost(shop: Shop, body: string, withKey = true): Traffic {
  const turn = counter();
  return stream(() => postRequest(at(shop.users, turn()), '/bench/empty', body, withKey));
}

export function emptyGet(): Traffic {
  const request = getRequest('/bench/empty');
  return stream(() => request);
}

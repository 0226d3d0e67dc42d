/** Every write route that takes a key, from the router, with a request for it of the table of doors. */
import type { Caller } from '../../server/test/support/caller.ts';
import { type Ask, DOORS, makeThings } from '../../server/test/support/doors.ts';
import { expectStatus } from '../../server/test/support/goods.ts';
import type { Shop } from '../../server/test/support/shop.ts';

/** A request that has an effect, once. */
export interface Write {
  readonly caller: Caller;
  readonly method: string;
  readonly ask: Ask;
}

/** What has no key: the audit only reads, and of the accounts' routes each call makes or ends a session of its own. */
const WITHOUT_KEY = new Set(['POST /audit', 'POST /auth/sign-in', 'POST /auth/sign-out', 'POST /auth/sign-up', 'POST /auth/token']);

const VISITOR = { email: 'nobody@example.com', password: 'no account has it' };
const RICH = 1000;

/** The write routes of the server, as its router has them. */
export function writeRoutesOf(shop: Shop): string[] {
  const writes = shop.app.http.knownRoutes.flatMap(({ url, methods }) =>
    methods.filter((method) => method !== 'GET' && method !== 'HEAD').map((method) => `${method} ${url}`),
  );
  return writes.filter((route) => !WITHOUT_KEY.has(route)).toSorted();
}

/** A request for the route, of objects that nothing else uses. Throws where the table has none for it. */
export async function writeOf(shop: Shop, route: string): Promise<Write> {
  const door = DOORS[route]?.[0];
  if (door === undefined) throw new Error(`${route} is not in the table of doors`);
  const owner = await shop.customer();
  expectStatus(await owner.post('/balance/charge', { amount: RICH }), 200);
  const ask = await door.ask(await makeThings(shop, owner, VISITOR));
  const [method = ''] = route.split(' ', 1);
  return { caller: door.owner.startsWith('2') ? owner : shop.staff, method, ask };
}

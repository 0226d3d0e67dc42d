/** The clock of a server jumps under load. */

import { expect } from 'vitest';
import { audit } from '../../server/src/audit/audit.ts';
import { eventually } from '../../server/test/support/eventually.ts';
import { expectExactly, isAcknowledged, type Load, repeatAll, startLoad, stockUp } from '../../server/test/support/fault-load.ts';
import { times } from '../../server/test/support/fault-servers.ts';
import { HOUR_MS } from '../../server/test/support/goods.ts';
import { openShop, type Shop } from '../../server/test/support/shop.ts';
import { prove } from '../support/proof.ts';

const STOCK = 1_000_000;
const USERS = 8;
const ACKNOWLEDGED = 60;
const DAY_MS = 24 * HOUR_MS;
const KEYS_KEPT_MS = 2 * DAY_MS;
const JUMPS = [40 * DAY_MS, -HOUR_MS] as const;

async function reserved({ staff }: Shop): Promise<number> {
  const { body } = await staff.get('/products');
  return body.items.flatMap(({ options }) => options).reduce((sum, option) => sum + option.reserved, 0);
}

async function jumpUnderLoad(jumpMs: number): Promise<void> {
  const shop = await openShop({ maxPendingOrders: 1_000_000 });
  const wares = await stockUp(shop.staff, STOCK);
  const open = async (): Promise<Load> => startLoad(await Promise.all(times(USERS, () => shop.customer())), wares);
  const through = await open();
  await through.acknowledgedMore(ACKNOWLEDGED);
  shop.moveClock(jumpMs);
  await through.acknowledgedMore(ACKNOWLEDGED);
  const asked = await through.stop();
  // By the new time, keys from before a jump of days are too old to be remembered.
  const effects = jumpMs > KEYS_KEPT_MS ? asked.filter(isAcknowledged) : await repeatAll(asked);
  const afterwards = await open();
  await afterwards.acknowledgedMore(ACKNOWLEDGED);
  effects.push(...(await repeatAll(await afterwards.stop())));
  // Nobody pays the rest: in the end everything that is held is for sale again.
  shop.moveClock(2 * HOUR_MS);
  await eventually(() => reserved(shop)).toBe(0);
  await expectExactly(effects, shop.staff, STOCK, 'expired');
  expect(await audit(shop.database)).toEqual([]);
  await shop.close();
}

prove(
  'jumps of the clock',
  {
    promise:
      'A clock that jumps ahead by forty days, or back by an hour, costs no acknowledged effect and doubles none; orders expire by the new time, and the audit finds nothing',
    how: 'the clock of a server jumps under load; what is not older than keys are kept is repeated with its keys afterwards',
    unit: 'jumps',
    short: 0,
    long: 20,
  },
  async ({ tries }) => {
    for (let index = 0; index < tries; index += 1) await jumpUnderLoad(JUMPS[index % JUMPS.length] ?? 0);
    return { tries };
  },
);

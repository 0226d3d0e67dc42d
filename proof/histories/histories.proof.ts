/** Histories of concurrent clients against two servers on one database, each held against the promises of the shop ({@link check}). */
import { expect } from 'vitest';
import { prove } from '../support/proof.ts';
import { check } from './checker.ts';
import type { Manner } from './clients.ts';
import { openTwoServers, record } from './record.ts';
import { tallyOf } from './tally.ts';

const MANNER: Manner = { clients: 16, operations: 400, keyed: 0.7, cut: 0 };
/** Histories that share a database. */
const SHOP_LASTS = 25;

prove(
  'histories of two servers',
  {
    promise:
      'What concurrent clients are told is true: every acknowledgement is kept once, in the order of real time, and no refusal or read is false',
    how: '16 clients write and read at two servers on one database, 400 operations a history; a checker replays what each was told',
    unit: 'histories',
    short: 6,
    long: 500,
    timeoutSeconds: 3600,
  },
  async ({ tries, seed }) => {
    const tally = tallyOf();
    for (let first = 0; first < tries; first += SHOP_LASTS) {
      const servers = await openTwoServers(first / SHOP_LASTS);
      for (let index = first; index < Math.min(tries, first + SHOP_LASTS); index += 1) {
        const history = await record(servers, MANNER, seed + index);
        expect(check(history), `history ${index}`).toEqual([]);
        tally.add(history);
      }
      await servers.shop.close();
    }
    return { tries, note: tally.note() };
  },
);

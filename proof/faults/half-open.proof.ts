/** Connections that say nothing any more and stay open, which only time tells from a slow database. */
import { expect } from 'vitest';
import { prove } from '../support/proof.ts';
import { countsOf } from './counts.ts';
import { behindWire, ONE_EFFECT, openUndisturbed, tryCase, undisturbed } from './scene.ts';

const ALL = 1_000_000;

prove(
  'a connection half open at every call',
  {
    promise: `Where the database stops answering in the middle of a write, and the connection stays open, ${ONE_EFFECT}`,
    how: 'a charge, each call of it; the server and PostgreSQL give up by their time-outs',
    unit: 'half-open connections',
    short: 0,
    long: ALL,
  },
  async () => {
    const shop = await openUndisturbed();
    const behind = await behindWire(shop);
    const counts = countsOf(['halfOpen']);
    const route = 'POST /balance/charge';
    const usual = await undisturbed(shop, behind, route);
    for (let call = 1; call <= usual.calls.length; call += 1) {
      if (await tryCase(shop, behind, { route, call, fault: 'halfOpen' }, usual)) counts.add('halfOpen');
    }
    expect(counts.never()).toEqual([]);
    return { tries: counts.sum() };
  },
);

/** The processes of a server are replaced under load, one after the other. */
import { expect } from 'vitest';
import { isFailed } from '../../server/test/support/fault-load.ts';
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { timesNote } from '../support/times.ts';
import { KEPT, openScene, someMoment } from './scene.ts';

const WORKERS = 2;

prove(
  'rolling restart',
  {
    promise: `While the processes of a server are replaced one after the other under load, no request fails, and ${KEPT}`,
    how: `a server of ${WORKERS} processes is sent SIGUSR2 under the same load, until all of them are new`,
    unit: 'rolling restarts',
    short: 0,
    long: 20,
  },
  async ({ tries, seed }) => {
    const random = randomOf(seed);
    const scene = await openScene({ settings: { WORKERS: String(WORKERS) } });
    const { server } = scene;
    const load = await scene.startLoad();
    const tookMs: number[] = [];
    for (let count = 0; count < tries; count += 1) {
      await someMoment(load, random);
      expect(await server.workers()).toHaveLength(WORKERS);
      const startedAt = performance.now();
      await server.replaceWorkers();
      tookMs.push(performance.now() - startedAt);
    }
    await someMoment(load, random);
    const asked = await load.stop();
    expect(asked.filter(isFailed), 'requests that failed').toEqual([]);
    await scene.expectKept(load);
    await scene.close();
    return {
      tries,
      note: `0 of ${asked.length.toLocaleString('en-US')} writes failed; all processes new after ${timesNote(tookMs)}`,
    };
  },
);

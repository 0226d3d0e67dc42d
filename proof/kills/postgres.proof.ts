/** The embedded PostgreSQL dies under a server under load. */
import { expect } from 'vitest';
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { inScenes, KEPT, recoveryMs, recoveryNote, someMoment } from './scene.ts';

/** PostgreSQL may end five times in five minutes; then the server gives up, as it should. */
const DEATHS_A_SCENE = 4;

prove(
  'kill -9 of PostgreSQL',
  {
    promise: `After kill -9 of the embedded PostgreSQL under load the server goes on by itself: ${KEPT}, and no request is left without an answer`,
    how: 'the same load; the server brings its PostgreSQL up again',
    unit: 'kills of PostgreSQL',
    short: 1,
    long: 30,
  },
  async ({ tries, seed }) => {
    const random = randomOf(seed);
    const recoveries: number[] = [];
    await inScenes(tries, DEATHS_A_SCENE, async (scene) => {
      const load = await scene.startLoad();
      await someMoment(load, random);
      recoveries.push(await recoveryMs(load, () => scene.server.killDatabase()));
      const { told } = await scene.expectKept(load);
      expect(told).not.toContain('lost');
    });
    return { tries, note: recoveryNote(recoveries) };
  },
);

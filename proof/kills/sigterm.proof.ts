/** A server under load is asked to end. */
import { expect } from 'vitest';
import { eventually } from '../../server/test/support/eventually.ts';
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { inScenes, KEPT, recoveryMs, recoveryNote, STRIKES_A_SCENE, someMoment } from './scene.ts';

prove(
  'SIGTERM',
  {
    promise: `A server that is asked to end under load answers everything that it has begun, ends with 0, and leaves no process; ${KEPT}`,
    how: 'the same load; nothing that was done may have gone without an answer',
    unit: 'signals',
    short: 1,
    long: 20,
  },
  async ({ tries, seed }) => {
    const random = randomOf(seed);
    const recoveries: number[] = [];
    await inScenes(tries, STRIKES_A_SCENE, async (scene) => {
      const { server } = scene;
      const load = await scene.startLoad();
      await someMoment(load, random);
      recoveries.push(
        await recoveryMs(load, async () => {
          expect(await server.terminate()).toBe(0);
          await eventually(() => server.left()).toEqual([]);
          await server.start();
        }),
      );
      const { doneUnheard } = await scene.expectKept(load);
      expect(doneUnheard, 'effects whose answer was lost').toBe(0);
    });
    return { tries, note: `ended and started again: ${recoveryNote(recoveries)}` };
  },
);

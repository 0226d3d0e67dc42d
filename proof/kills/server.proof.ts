/** The server dies under load, every other time with its PostgreSQL in the same moment. */
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { inScenes, KEPT, recoveryMs, recoveryNote, STRIKES_A_SCENE, someMoment } from './scene.ts';

prove(
  'kill -9 of the server',
  {
    promise: `After kill -9 of the server under load, ${KEPT}`,
    how: 'eight users charge, claim, order, pay and cancel; every other time PostgreSQL is killed in the same moment',
    unit: 'kills of the server',
    short: 3,
    long: 100,
  },
  async ({ tries, seed }) => {
    const random = randomOf(seed);
    const recoveries: number[] = [];
    let lost = 0;
    await inScenes(tries, STRIKES_A_SCENE, async (scene, index) => {
      const { server } = scene;
      const load = await scene.startLoad();
      await someMoment(load, random);
      recoveries.push(
        await recoveryMs(load, async () => {
          await server.kill(index % 2 === 1);
          await server.start();
        }),
      );
      const { told } = await scene.expectKept(load);
      lost += told.filter((word) => word === 'lost').length;
    });
    return { tries, note: `${recoveryNote(recoveries)}; ${lost} requests lost their answer` };
  },
);

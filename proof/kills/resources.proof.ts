/** What a server needs is taken from it under load: disk, connections, descriptors. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { cutConnections, hoardConnections } from '../../server/test/support/fault-connections.ts';
import { prove } from '../support/proof.ts';
import { randomOf } from '../support/random.ts';
import { KEPT, openScene, recoveryNote, reliefMs, type Scene, someMoment } from './scene.ts';
import { canMount, type Disk, isRunning, mountDisk, moveWal, takeDescriptors } from './strikes.ts';

const DATA_MIB = 600;
const WAL_MIB = 100;
/** How long something is missing after the first request has felt it. */
const MISSING_MS = 2000;

/** A server whose data, or whose write-ahead log, is on a disk of its own. */
async function openOnDisk(what: 'data' | 'write-ahead log'): Promise<{ scene: Scene; disk: Disk }> {
  const mount = async (directory: string, mebibytes: number): Promise<Disk> => {
    const disk = await mountDisk(directory, mebibytes);
    onTestFinished(() => disk.unmount());
    return disk;
  };
  if (what === 'data') {
    let disk: Disk | undefined;
    const scene = await openScene({
      prepare: async ({ dataDir }) => {
        disk = await mount(dataDir, DATA_MIB);
      },
    });
    if (disk === undefined) throw new Error('the disk is mounted before the server starts');
    return { scene, disk };
  }
  const scene = await openScene();
  const directory = join(scene.server.dataDir, 'wal');
  const disk = await mount(directory, WAL_MIB);
  await scene.server.terminate();
  await moveWal(scene.server, directory);
  await scene.server.start();
  return { scene, disk };
}

/** Where nothing can be mounted, full disks are skipped. */
const isMountable = await canMount();
for (const what of ['data', 'write-ahead log'] as const) {
  prove(
    `a full disk for the ${what}`,
    {
      promise: `A full disk for the ${what} costs no acknowledged effect; where the server ends by it, it starts again once there is room: ${KEPT}`,
      how: 'a small file system is filled under load until requests are turned away, and two seconds longer',
      unit: 'full disks',
      short: 0,
      long: isMountable ? 3 : 0,
    },
    async ({ tries, seed }) => {
      const random = randomOf(seed);
      const recoveries: number[] = [];
      for (let count = 0; count < tries; count += 1) {
        const { scene, disk } = await openOnDisk(what);
        const load = await scene.startLoad();
        await someMoment(load, random);
        const failing = load.failed();
        await disk.fill();
        await failing;
        await delay(MISSING_MS);
        recoveries.push(
          await reliefMs(load, async () => {
            await disk.free();
            if (!isRunning(scene.server.pid())) await scene.server.start();
          }),
        );
        await scene.expectKept(load);
        await scene.server.terminate();
        disk.unmount();
        await scene.close();
      }
      return { tries, note: recoveryNote(recoveries) };
    },
  );
}

const TAKEN = {
  connections: {
    how: 'strangers take every connection that PostgreSQL has, those of the server as well',
    take: hoardConnections,
  },
  descriptors: {
    how: 'the process may open nothing any more, its connections are cut, and a hundred clients connect',
    take: async (server: Scene['server']) => {
      const giveBack = await takeDescriptors(server);
      await cutConnections(server);
      return giveBack;
    },
  },
} as const;

for (const [what, { how, take }] of Object.entries(TAKEN)) {
  prove(
    `out of ${what}`,
    {
      promise: `A server that is out of ${what} turns requests away and goes on by itself when it has them again: ${KEPT}`,
      how: `${how}, until requests are turned away, and two seconds longer`,
      unit: 'times out of them',
      short: 0,
      long: 10,
    },
    async ({ tries, seed }) => {
      const random = randomOf(seed);
      const recoveries: number[] = [];
      const scene = await openScene();
      for (let count = 0; count < tries; count += 1) {
        const load = await scene.startLoad();
        await someMoment(load, random);
        const failing = load.failed();
        const giveBack = await take(scene.server);
        await failing;
        await delay(MISSING_MS);
        recoveries.push(await reliefMs(load, giveBack));
        await scene.expectKept(load);
      }
      await scene.close();
      return { tries, note: recoveryNote(recoveries) };
    },
  );
}

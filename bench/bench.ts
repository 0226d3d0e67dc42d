/** `npm run bench`: measures, audits, prints tables and writes results. See `bench/README.md`. */
import { Command } from 'commander';
import { openArm } from './arms/arm.ts';
import { openCluster } from './arms/cluster.ts';
import { measureRatio, ratioTable } from './suites/ratios.ts';
import { openShop } from './workloads/shop.ts';
import { WORKLOADS } from './workloads/workloads.ts';

const program = new Command('bench');
program
  .command('ratios')
  .option('--rounds <n>', '', '5')
  .option('--seconds <n>', '', '1.5')
  .option('--connections <n>', '', '256')
  .option('--only <names>')
  .action(async (options: { rounds: string; seconds: string; connections: string; only?: string }) => {
    const cluster = await openCluster();
    try {
      const arm = await openArm(cluster, { name: 'group', groupCommitMax: null, writers: null });
      const shop = await openShop(arm);
      const results = [];
      for (const workload of WORKLOADS) {
        if (options.only !== undefined && !options.only.split(',').includes(workload.name)) continue;
        results.push(
          await measureRatio(workload, shop, {
            rounds: Number(options.rounds),
            seconds: Number(options.seconds),
            connections: Number(options.connections),
          }),
        );
        console.log(workload.name, ratioTable(results.slice(-1)).split('\n').at(-1), (await arm.usage()).rssBytes / 1e6);
      }
      console.log(ratioTable(results));
      await arm.close();
    } finally {
      await cluster.close();
    }
  });
await program.parseAsync();

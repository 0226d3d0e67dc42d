/** A Citus cluster that runs already, to put arms on: each database is made on its coordinator and on every worker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDistributed, dropEverywhere, findNodes } from '../../server/test/support/citus.ts';
import type { Cluster } from './cluster.ts';

export interface CitusCluster extends Cluster {
  /** The maintenance databases of the servers, the coordinator's first. */
  readonly nodes: readonly string[];
}

/** @param url of a database of the coordinator that knows its workers. */
export async function openCitus(url: string): Promise<CitusCluster> {
  const nodes = await findNodes(url);
  const dataDir = mkdtempSync(join(tmpdir(), 'openrun-bench-'));
  const created: string[] = [];
  return {
    nodes,
    dataDir,
    createDatabase: async (name) => {
      created.push(name);
      return { url: await createDistributed(nodes, name) };
    },
    close: async () => {
      for (const name of created) await dropEverywhere(nodes, name);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

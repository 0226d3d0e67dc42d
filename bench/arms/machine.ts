/** On what and of what a figure was measured. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { statement } from '../../server/src/database/database.ts';
import type { Arm } from './arm.ts';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly postgresql: string;
  readonly commit: string;
  readonly measuredAt: string;
}

const versionStatement = statement<{ version: string }>('bench.version', "SELECT current_setting('server_version') AS version");

export async function describeMachine(arm: Arm): Promise<Machine> {
  const [row] = await arm.database.query(versionStatement);
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    postgresql: row?.version ?? 'unknown',
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    measuredAt: new Date().toISOString(),
  };
}

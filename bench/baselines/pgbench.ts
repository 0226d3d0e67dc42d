/** The hot coupon as a shop would write it by hand, in the database alone: no HTTP, no authentication, no answer to build. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Spread, spreadOf } from '../report/statistics.ts';
import { spreadText, table } from '../report/table.ts';
import type { Shop } from '../workloads/shop.ts';

const PLACES = ['/usr/lib/postgresql', '/usr/local/pgsql'];
const CLIENTS = [4, 8, 16, 32];
const PLENTY = 1_000_000_000;

export interface Baseline {
  readonly flow: 'for-update' | 'conditional-update';
  readonly clients: number;
  readonly perSecond: Spread;
}

/** The newest pgbench of the machine; null without one. */
export function findPgbench(): string | null {
  const found = PLACES.filter((place) => existsSync(place))
    .flatMap((place) => readdirSync(place).map((version) => join(place, version, 'bin', 'pgbench')))
    .filter((file) => existsSync(file));
  return found.toSorted().at(-1) ?? null;
}

/** Runs both flows with several numbers of clients; audited like every arm. */
export async function measureBaselines(
  pgbench: string,
  shop: Shop,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Baseline[]> {
  const { connection } = shop.arm;
  if ('url' in connection) return [];
  const results: Baseline[] = [];
  for (const flow of ['for-update', 'conditional-update'] as const) {
    const coupon = await shop.coupon(flow, PLENTY);
    for (const clients of CLIENTS) {
      const rates: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const { stdout } = await promisify(execFile)(pgbench, [
          '--no-vacuum',
          '--protocol=prepared',
          `--host=${connection.host}`,
          `--port=${connection.port}`,
          `--username=${connection.user}`,
          `--client=${clients}`,
          '--jobs=2',
          `--time=${Math.ceil(seconds)}`,
          `--define=coupon=${coupon}`,
          `--file=${fileURLToPath(new URL(`${flow}.sql`, import.meta.url))}`,
          connection.database,
        ]);
        rates.push(Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN));
      }
      results.push({ flow, clients, perSecond: spreadOf(rates) });
    }
  }
  await shop.arm.audit();
  return results;
}

export function baselineTable(results: readonly Baseline[]): string {
  return table([
    ['SQL by hand, in the database alone', 'clients', 'per second'],
    ...results.map(({ flow, clients, perSecond }) => [
      flow === 'for-update' ? 'SELECT … FOR UPDATE' : 'one conditional UPDATE',
      String(clients),
      spreadText(perSecond, 0),
    ]),
  ]);
}

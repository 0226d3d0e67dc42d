/**
 * `npm run prove`: tries every promise of the product and ends with one table of what was tried, how often, with what result.
 *
 * The long form, without `--short`, takes hours and writes its rows into docs/proof.md; the short one is part of CI and writes nothing.
 */
import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { startVitest } from 'vitest/node';
import { createRowReporter } from './report/reporter.ts';
import { machinesOf, merged, readRows, tableOf } from './report/rows.ts';

const ROOT = import.meta.dirname;
const ROWS = join(ROOT, 'results.json');
const DOCUMENT = join(ROOT, '../docs/proof.md');
const TABLE = /(<!-- rows -->\n)[\s\S]*(\n<!-- end of rows -->)/;
const SEED_MAX = 2 ** 31;

interface Given {
  readonly short?: boolean;
  readonly seed?: string;
  readonly citusUrl?: string;
}

async function run(filters: string[], given: Given): Promise<boolean> {
  const isShort = given.short === true;
  const seed = given.seed === undefined ? randomInt(SEED_MAX) : Number(given.seed);
  if (!Number.isSafeInteger(seed)) throw new Error('--seed is a whole number');
  const reporter = createRowReporter(ROOT, seed);
  const vitest = await startVitest('test', filters, {
    root: ROOT,
    config: join(ROOT, 'vitest.config.ts'),
    watch: false,
    provide: { prove: { isShort, seed, citusUrl: given.citusUrl ?? null } },
    reporters: ['default', reporter],
  });
  await vitest.close();
  const broken = reporter.rows.filter((row) => !row.isKept).length;
  const errors = vitest.state.getUnhandledErrors().length + vitest.state.getFailedFilepaths().length;
  if (!isShort) publish(reporter.rows);
  console.log(`\n${reporter.rows.length - broken} of ${reporter.rows.length} promises kept`);
  return broken === 0 && errors === 0 && reporter.rows.length > 0;
}

function publish(rows: Parameters<typeof tableOf>[0]): void {
  const all = merged(readRows(ROWS), rows);
  writeFileSync(ROWS, `${JSON.stringify(all, null, 2)}\n`);
  const document = readFileSync(DOCUMENT, 'utf8');
  if (!TABLE.test(document)) throw new Error(`${DOCUMENT} has no place for the rows`);
  writeFileSync(
    DOCUMENT,
    document.replace(TABLE, (_all, before: string, after: string) => `${before}\n${tableOf(all)}\n\n${machinesOf(all)}\n${after}`),
  );
}

const program = new Command('prove')
  .argument('[names...]', 'parts of the names of the proofs to run; by default all')
  .option('--short', 'the short form, as in CI')
  .option('--seed <n>', 'repeats the run with this seed')
  .option('--citus-url <url>', 'a database of the coordinator of a Citus cluster on this machine, for what needs one')
  .action(async (names: string[], given: Given) => {
    process.exitCode = (await run(names, given)) ? 0 : 1;
  });
await program.parseAsync();
